import { describe, expect, it } from 'vitest'
import { ask, bash, flags, given, lines, ran, remarks, startUnit, upgrade } from './charm.ts'

describe('@only_once', () => {
  it('alone runs in the hooks phase of its first dispatch, and never again', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@only_once
function once() { set_flag once; }
@when once
function afterwards() { echo afterwards >>seen; }`),
      'reactive/b.mjs': "import { onlyOnce } from 'charms.reactive'\nonlyOnce(function onceToo() {})\n",
    })
    expect(ran(await unit.run({ name: 'start' }))).toEqual([
      'reactive/app.sh:once',
      'reactive/b.mjs:onceToo',
      'reactive/app.sh:afterwards',
    ])
    expect(ran(await unit.run({ name: 'install' }))).toEqual(['reactive/app.sh:afterwards'])
  })

  it('with flags waits for them, survives an edit of the file, and can be forgotten', async () => {
    const text = '@when ready\n@only_once\nfunction once() { echo once >>seen; }'
    const unit = await startUnit({ 'reactive/app.sh': bash(text) })
    expect(ran(await unit.run({ name: 'install' }))).toEqual([])
    given(unit, 'ready')
    expect(ran(await unit.run({ name: 'start' }))).toEqual(['reactive/app.sh:once'])
    upgrade(unit, { 'reactive/app.sh': bash(`# a comment\n\n: ; :\n${text}\n# the end`) })
    expect(ran(await unit.run({ name: 'upgrade-charm' }))).toEqual([])
    await ask(unit, 'forget', 'reactive/app.sh:once')
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:once'])
  })

  it('runs again when it failed, or the hook did', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@only_once
function once() { echo once >>seen; [[ ! -e fail ]] || exit 1; }
@hook stop
function stops() { exit 1; }`),
      fail: '',
    })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(1)
    await unit.command(['rm', 'fail'])
    expect((await unit.run({ name: 'stop' })).exitStatus).toBe(1)
    await unit.run({ name: 'start' })
    await unit.run({ name: 'start' })
    expect(lines(unit, 'seen')).toEqual(['once', 'once', 'once'])
  })
})

describe('@not_unless', () => {
  it('triggers nothing; called without its flags the function is named in a warning, and runs', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@not_unless db.ready 'cache ready'
function configure() { echo "configure $1 $#" >>seen; return 3; }

@hook install start
function calls() { configure 'an argument' two; echo "status $?" >>seen; }

@hook start
@not_unless db.ready
function both() { echo both >>seen; }`),
      'reactive/b.mjs': `import { hook, notUnless } from 'charms.reactive'
const guarded = notUnless('db.ready', function guarded(word) { return word })
hook('install', function callsJs() { if (guarded('back') !== 'back') throw new Error('lost') })
`,
    })
    const first = await unit.run({ name: 'install' })
    expect(ran(first)).toEqual(['reactive/app.sh:calls', 'reactive/b.mjs:callsJs'])
    expect(remarks(first)).toEqual([
      'WARNING reactive/app.sh:configure called before its flags are set: db.ready, cache ready',
      expect.stringMatching(/^WARNING .*guarded called before its flags are set: db\.ready$/),
    ])
    expect(lines(unit, 'seen')).toEqual(['configure an argument 2', 'status 3'])
    given(unit, 'db.ready')
    const second = await unit.run({ name: 'start' })
    expect(remarks(second)).toEqual([
      'WARNING reactive/app.sh:configure called before its flags are set: cache ready',
    ])
    expect(ran(second)).toEqual(['reactive/app.sh:calls', 'reactive/app.sh:both'])
    given(unit, 'cache ready')
    expect(remarks(await unit.run({ name: 'install' }))).toEqual([])
  })
})

describe('@when_any, @when_not_all and their likes', () => {
  it('run by the flags that are set', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@when_all a b
function all() { :; }
@when a b
function when() { :; }
@when a
@when b
function two() { :; }
@when_any a b
function any() { :; }
@when_none a b
function none() { :; }
@when_not a b
function not() { :; }
@when_not_all a b
function not_all() { :; }
@when a
@when_not_all a b
@when_any a b
function mixed() { :; }`),
      'reactive/b.mjs': `import { when, whenAll, whenAny, whenNone, whenNot, whenNotAll } from 'charms.reactive'
whenAll('a', 'b', function all() {})
export const w = when('a', 'b')(function when() {})
when('a', when('b', function two() {}))
whenAny('a', 'b', function any() {})
whenNone('a', 'b', function none() {})
whenNot('a', 'b', function not() {})
whenNotAll('a', 'b', async function not_all() {})
when('a')(whenNotAll('a', 'b')(whenAny('a', 'b')(function mixed() {})))
`,
    })
    const expected: [string[], string[]][] = [
      [[], ['none', 'not', 'not_all']],
      [['a'], ['any', 'not_all', 'mixed']],
      [['b'], ['any', 'not_all']],
      [
        ['a', 'b'],
        ['all', 'when', 'two', 'any'],
      ],
    ]
    for (const [set, names] of expected) {
      unit.state.flags = set
      expect(ran(await unit.run({ name: 'update-status' })), set.join()).toEqual([
        ...names.map((name) => `reactive/app.sh:${name}`),
        ...names.map((name) => `reactive/b.mjs:${name}`),
      ])
    }
  })
})

describe('a trigger on a flag that is cleared', () => {
  it('acts at once, cascades, and stops where it comes back to a change that it made', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
register_trigger --when_not a --set_flag b --clear_flag c
register_trigger --when b --set_flag d
register_trigger --when d --clear_flag b
register_trigger --when_not b --set_flag b

@hook stop
function clears() {
  clear_flag a
  get_flags | tr '\\n' ' ' >>seen
  clear_flag a
}
@when a
function never() { echo never >>seen; }`),
    })
    given(unit, 'a', 'c')
    const result = await unit.run({ name: 'stop' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(await ask(unit, 'get_flags')).toBe('b\nd\n')
    expect(ran(result)).toEqual(['reactive/app.sh:clears'])
  })
})

describe('a restricted hook', () => {
  const charm = {
    'metadata.yaml': 'name: app\n',
    'metrics.yaml': 'metrics: {users: {type: gauge, description: x}}\n',
    'config.yaml': 'options: {o: {type: string, default: x, description: x}}\n',
    'reactive/app.sh': bash(`
@collect_metrics
function collects() { echo "metrics <$JUJU_HOOK_NAME>" >>seen; set_flag collected; get_flags >flags; }
@meter_status_changed
function meter() { echo "meter $JUJU_METER_STATUS" >>seen; }
@hook collect-metrics meter-status-changed
function hooked() { echo hooked >>seen; }
@when_not never
function flagged() { echo flagged >>seen; }
@only_once
function once() { echo once >>seen; }
@when_file_changed metadata.yaml
function watches() { echo watches >>seen; }`),
    'reactive/foreign': '#!/bin/sh\necho "foreign $1" >>seen\nexit 1\n',
    'reactive/b.mjs':
      "import { collectMetrics } from 'charms.reactive'\ncollectMetrics(function collectsToo() {})\n",
  }

  it.each([
    ['collect-metrics', ['collects'], ['metrics <collect-metrics>'], ['collectsToo']],
    ['meter-status-changed', ['meter'], ['meter AMBER'], []],
  ])(
    '%s runs only what is made for it, and calls no hook tool but juju-log',
    async (name, bashRan, seen, jsRan) => {
      const unit = await startUnit(charm)
      const result = await unit.run({ name })
      expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(ran(result)).toEqual([
        ...bashRan.map((id) => `reactive/app.sh:${id}`),
        ...jsRan.map((id) => `reactive/b.mjs:${id}`),
      ])
      expect(lines(unit, 'seen')).toEqual(seen)
      expect(new Set(result.hookToolCalls.map(({ tool }) => tool))).toEqual(new Set(['juju-log']))
      expect(lines(unit, 'flags').filter((flag) => flag.startsWith('config'))).toEqual([])
      expect(flags(unit)).toEqual(name === 'collect-metrics' ? ['collected'] : [])
    },
  )

  it('leaves the very first hook to the next one, and may add metrics', async () => {
    const unit = await startUnit({
      ...charm,
      'reactive/app.sh': bash(`
@collect_metrics
function collects() { add_metric users=3; }
@when config.changed.o
function changed() { :; }`),
    })
    const metrics = await unit.run({ name: 'collect-metrics' })
    expect(metrics).toMatchObject({ exitStatus: 0, metrics: { users: '3' } })
    expect(ran(await unit.run({ name: 'install' }))).toEqual(['reactive/app.sh:changed'])
  })
})

describe('checkpoint', () => {
  it('keeps what has changed so far, whatever comes of the hook', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function before() { set_flag before; charms.reactive kv set key '{"a": 1}'; }
@only_once
function once() { :; }
@hook install
function reboots() {
  set_flag rebooting
  charms.reactive checkpoint
  set_flag lost
  exit 1
}`),
    })
    const failed = await unit.run({ name: 'install' })
    expect(failed.exitStatus).toBe(1)
    expect(flags(unit)).toEqual(['before', 'rebooting'])
    expect(JSON.parse(await ask(unit, 'kv', 'get', 'key'))).toEqual({ a: 1 })
    // What ran to its end before the checkpoint has run.
    expect(ran(await unit.run({ name: 'start' }))).toEqual([])
  })

  it('is made by juju_reboot before the machine goes down', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@when_not rebooted
function reboots() { echo boot >>seen; set_flag rebooted; juju_reboot --now; sleep 20; }
@when rebooted
function goes_on() { echo up >>seen; }`),
      dispatch: '#!/bin/sh\nPATH=$CHARM_DIR/override:$PATH exec charms.reactive main\n',
      // Juju kills the hook.
      'override/juju-reboot':
        '#!/bin/bash\necho "reboot $*" >>seen\nkill -KILL $(ps -o ppid= -p $(ps -o ppid= -p $PPID)) $PPID\n',
    })
    const killed = await unit.run({ name: 'install' })
    expect(killed.exitStatus).not.toBe(0)
    expect(lines(unit, 'seen')).toEqual(['boot', 'reboot --now'])
    expect(flags(unit)).toEqual(['rebooted'])
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen').slice(2)).toEqual(['up'])
  })
})
