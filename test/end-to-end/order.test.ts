import { describe, expect, it } from 'vitest'
import { bash, flags, given, lines, ran, remarks, startUnit, traces } from './charm.ts'

const hookHandler = (name: string) => bash(`@hook install\nfunction ${name}() { :; }`)

describe('the order of handlers', () => {
  it('is that of the paths in C order, then of the lines, whatever the language', async () => {
    const unit = await startUnit({
      'reactive/b.sh': bash(
        '@hook install\nfunction z() { :; }\n@hook install\na() { :; }\n@hook install\nfunction m { :; }',
      ),
      'reactive/Z.sh': hookHandler('upper'),
      'reactive/a-b.sh': hookHandler('dash'),
      'reactive/a.mjs': "import { hook } from 'charms.reactive'\nhook('install', function js() {})\n",
      'reactive/a/deep.sh': hookHandler('deep'),
      'reactive/é.sh': hookHandler('accent'),
      'reactive/b.ext':
        '#!/bin/sh\n[ "$1" != --test ] || [ ! -e done ] || exit 1\ntouch -c done\n[ "$1" = --test ] || touch done\n',
      'hooks/relations/http/provides.sh': hookHandler('relation'),
      'hooks/reactive/old.sh': hookHandler('old'),
      dispatch: '#!/bin/sh\nexec charms.reactive main\n',
    })
    const result = await unit.run({ name: 'install' })
    expect(ran(result)).toEqual([
      'hooks/reactive/old.sh:old',
      'hooks/relations/http/provides.sh:relation',
      'reactive/Z.sh:upper',
      'reactive/a-b.sh:dash',
      'reactive/a.mjs:js',
      'reactive/a/deep.sh:deep',
      'reactive/b.ext',
      'reactive/b.sh:z',
      'reactive/b.sh:a',
      'reactive/b.sh:m',
      'reactive/é.sh:accent',
    ])
  })

  it('begins with the layers of .build.manifest, in their order', async () => {
    const signature = (layer: string) => [layer, 'static', '00']
    const unit = await startUnit({
      'reactive/a.sh': hookHandler('top'),
      'reactive/b.sh': hookHandler('middle'),
      'reactive/c.sh': hookHandler('base'),
      'reactive/d.sh': hookHandler('middle_too'),
      'reactive/0.sh': hookHandler('unknown'),
      '.build.manifest': JSON.stringify({
        layers: [
          { url: 'layer:basic', rev: 'x' },
          { url: 'layer:apt', rev: 'x' },
          { url: 'app', rev: 'x' },
        ],
        signatures: {
          'reactive/a.sh': signature('app'),
          'reactive/b.sh': signature('layer:apt'),
          'reactive/c.sh': signature('layer:basic'),
          'reactive/d.sh': signature('layer:apt'),
        },
      }),
    })
    expect(ran(await unit.run({ name: 'install' }))).toEqual([
      'reactive/c.sh:base',
      'reactive/b.sh:middle',
      'reactive/d.sh:middle_too',
      'reactive/a.sh:top',
      'reactive/0.sh:unknown',
    ])
  })
})

describe('the iterations of a dispatch', () => {
  it('test all handlers before the first one runs: a set flag brings new ones in the next iteration', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@when begin
function first() { set_flag new; }

@when new
function second() { set_flag newer; }

@when_not new
function waits_for_no_flag() { :; }

@when newer
function third() { :; }`),
    })
    given(unit, 'begin')
    const result = await unit.run({ name: 'start' })
    // The third was tested before the flag was set: setting a flag re-tests nothing.
    expect(ran(result).map((id) => id.split(':')[1])).toEqual([
      'first',
      'waits_for_no_flag',
      'second',
      'third',
    ])
    const [record] = await traces(unit)
    expect(
      record?.iterations.map(({ phase, iteration, ran: runs }) => [phase, iteration, runs.length]),
    ).toEqual([
      ['hooks', 0, 0],
      ['other', 0, 2],
      ['other', 1, 1],
      ['other', 2, 1],
      ['other', 3, 0],
    ])
    expect(record?.iterations[1]?.tested).toEqual([
      {
        handler: 'reactive/app.sh:first',
        matches: true,
        answers: [{ condition: '@when begin', holds: true }],
      },
      {
        handler: 'reactive/app.sh:second',
        matches: false,
        answers: [{ condition: '@when new', holds: false, unset: ['new'] }],
      },
      {
        handler: 'reactive/app.sh:waits_for_no_flag',
        matches: true,
        answers: [{ condition: '@when_not new', holds: true }],
      },
      {
        handler: 'reactive/app.sh:third',
        matches: false,
        answers: [{ condition: '@when newer', holds: false, unset: ['newer'] }],
      },
    ])
    expect(record?.iterations[1]?.ran[0]).toMatchObject({
      handler: 'reactive/app.sh:first',
      changes: [{ flag: 'new', set: true }],
    })
  })

  it('re-test those that wait when a flag is cleared, in one bash file and across files', async () => {
    const unit = await startUnit({
      'reactive/a.sh': bash(`
@when go
function clears() { clear_flag go; }

@when go
function waits() { echo waits >>seen; }

@when_not stop
function stays() { echo stays >>seen; }`),
      'reactive/b.mjs': "import { when } from 'charms.reactive'\nwhen('go', function script() {})\n",
      'reactive/c': '#!/bin/sh\necho "$1" >>asked\n[ "$1" != --test ] || is_flag_set go\n',
    })
    given(unit, 'go')
    const result = await unit.run({ name: 'start' })
    // The executable was asked in the hooks phase, and ran there.
    expect(ran(result)).toEqual(['reactive/c', 'reactive/a.sh:clears', 'reactive/a.sh:stays'])
    expect(lines(unit, 'seen')).toEqual(['stays'])
    expect(lines(unit, 'asked')).toEqual(['--test', '--invoke', '--test'])
  })

  it('run a handler again only when one of its flags has changed since', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@when_any a b
function any() { echo any >>seen; }

@when a
@when_not c
function both() { echo both >>seen; }

@when step.1
function again() { clear_flag step.1; clear_flag a; set_flag a; set_flag unrelated; }

@when_not step.1
@when_not done
function begin() { set_flag step.1; set_flag done; }`),
    })
    given(unit, 'a')
    const result = await unit.run({ name: 'start' })
    expect(ran(result).map((id) => id.split(':')[1])).toEqual([
      'any',
      'both',
      'begin',
      'again',
      'any',
      'both',
    ])
    expect(lines(unit, 'seen')).toEqual(['any', 'both', 'any', 'both'])
    // A flag that is set and set already is no change.
    expect(flags(unit)).toEqual(['a', 'done', 'unrelated'])
  })

  it('run @hook with flags in the hooks phase if the flags hold then, and only then', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook start
@when there
function flagged() { :; }

@when_not there
@hook start
function not_yet() { set_flag there; }

@hook start
function plain() { set_flag by-plain; }

@when by-plain
function afterwards() { :; }`),
    })
    expect(ran(await unit.run({ name: 'start' })).map((id) => id.split(':')[1])).toEqual([
      'not_yet',
      'plain',
      'afterwards',
    ])
    expect(ran(await unit.run({ name: 'start' })).map((id) => id.split(':')[1])).toEqual([
      'flagged',
      'plain',
      'afterwards',
    ])
    expect(ran(await unit.run({ name: 'stop' })).map((id) => id.split(':')[1])).toEqual(['afterwards'])
  })

  it('match hooks by patterns, also by role and interface', async () => {
    const unit = await startUnit({
      'metadata.yaml':
        'name: app\nprovides: {web: http, admin: {interface: http}}\nrequires: {db: pgsql}\npeers: {cluster: ring}\n',
      'reactive/app.sh': bash(`
@hook '{provides:http}-relation-{joined,changed}'
function http() { echo "http $JUJU_HOOK_NAME" >>seen; }

@hook 'db-relation-{joined,changed}' stop
function db() { echo "db $JUJU_HOOK_NAME" >>seen; }

@hook '{peer:ring}-relation-joined' '{peers:ring}-relation-changed'
function ring() { echo "ring $JUJU_HOOK_NAME" >>seen; }
`),
    })
    await unit.run({ name: 'stop' })
    for (const name of ['web', 'cluster']) {
      unit.joinRelation(name, { remoteUnits: { [name === 'cluster' ? 'app/1' : 'other/0']: {} } })
      await unit.run({ name: `${name}-relation-changed` })
    }
    expect(lines(unit, 'seen')).toEqual([
      'db stop',
      'http web-relation-changed',
      'ring cluster-relation-changed',
    ])
  })
})

describe('a foreign executable', () => {
  const counting = (verdict: string) =>
    `#!/usr/bin/env python3\nimport os, subprocess, sys\nopen(sys.argv[0] + '.calls', 'a').write(sys.argv[1] + '\\n')\nif sys.argv[1] == '--test': sys.exit(not (${verdict}))\n`

  it('is asked twice in a hook without changes, and once when it ran', async () => {
    const unit = await startUnit({ 'reactive/no': counting('False'), 'reactive/yes': counting('True') })
    expect(ran(await unit.run({ name: 'start' }))).toEqual(['reactive/yes'])
    expect(lines(unit, 'reactive/no.calls')).toEqual(['--test', '--test'])
    expect(lines(unit, 'reactive/yes.calls')).toEqual(['--test', '--invoke'])
  })

  it('is asked again only when some flag has changed since it was asked', async () => {
    const unit = await startUnit({
      'reactive/always': counting('True'),
      'reactive/never': counting('False'),
      'reactive/z.sh': bash(`
@when_not one
function one() { set_flag one; }

@when one
@when_not two
function two() { set_flag two; }

@when two
function same() { set_flag two; }`),
    })
    expect(ran(await unit.run({ name: 'start' }))).toEqual([
      'reactive/always',
      'reactive/z.sh:one',
      'reactive/always',
      'reactive/z.sh:two',
      'reactive/always',
      'reactive/z.sh:same',
    ])
    expect(lines(unit, 'reactive/always.calls')).toEqual([
      '--test',
      '--invoke',
      '--test',
      '--invoke',
      '--test',
      '--invoke',
    ])
    expect(lines(unit, 'reactive/never.calls')).toEqual(Array(4).fill('--test'))
  })

  it('may use the decorators as predicates', async () => {
    const unit = await startUnit({
      'reactive/perl': `#!/usr/bin/perl
sub holds { return system('charms.reactive', @_) == 0 }
if ($ARGV[0] eq '--test') {
  exit(holds('hook', 'install', 'start') || holds('when_not', 'seen') && holds('when_any', 'a', 'b') ? 0 : 1)
}
open(my $log, '>>', 'seen'); print $log "ran\\n"; close $log;
system('set_flag', 'seen');
`,
    })
    given(unit, 'b')
    const result = await unit.run({ name: 'stop' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(remarks(result)).toEqual([])
    expect(lines(unit, 'seen')).toEqual(['ran'])
    // In the hooks phase its hook condition holds, in the other it does not any more.
    await unit.run({ name: 'start' })
    expect(lines(unit, 'seen')).toEqual(['ran', 'ran'])
  })
})
