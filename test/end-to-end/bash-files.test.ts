import { describe, expect, it } from 'vitest'
import { bash, flags, given, lines, ran, remarks, startUnit } from './charm.ts'

describe('a bash handler file', () => {
  it('may choose its bash and its options in the first line', async () => {
    const unit = await startUnit({
      'reactive/a.sh': `#!/usr/bin/env bash\nsource charms.reactive.sh\n@hook install\nfunction env_bash() { set_flag a; }\nreactive_handler_main\n`,
      'reactive/b': `#!/bin/bash -eu\nsource charms.reactive.sh\n@hook install\nfunction strict() { set_flag b; false; set_flag c; }\nreactive_handler_main\n`,
    })
    const result = await unit.run({ name: 'install' })
    expect(ran(result)).toEqual(['reactive/a.sh:env_bash', 'reactive/b:strict'])
    expect(remarks(result)).toEqual([
      'ERROR handler reactive/b:strict failed with status 1 at reactive/b:4: false',
    ])
    expect(flags(unit)).toEqual([])
  })

  it('shows only its own lines with xtrace', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
set -x
@hook install
function traced() {
  set_flag a
  : done
}
: top`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    const shown = result.stderr.split('\n').filter((line) => line !== '')
    for (const line of shown) {
      expect(line).toMatch(/^\++ (@hook install|: top|reactive_handler_main|traced|set_flag a|: done)$/)
    }
    expect(shown.filter((line) => line.endsWith(': done'))).toHaveLength(1)
    expect(flags(unit)).toEqual(['a'])
  })

  it('may set EXIT traps: of a handler, they fire at its end, and its status stays', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function one() { trap 'echo "one $?" >>seen; true' EXIT; }
@hook install
function two() { trap 'echo "two $?" >>seen; true' EXIT; return 3; }
@hook install
function three() { trap 'echo "three $?" >>seen; true' EXIT; exit 4; }
@hook install
function four() { echo never >>seen; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(4)
    expect(lines(unit, 'seen')).toEqual(['one 0', 'two 0', 'three 4'])
    expect(remarks(result)).toEqual([
      'WARNING reactive/app.sh:two returned 3 at reactive/app.sh:7: return 3',
      expect.stringMatching(
        /^ERROR handler reactive\/app\.sh:three failed with status 4 at reactive\/app\.sh:9/,
      ),
    ])
  })

  it('may set an EXIT trap at its top level, and still exit there or fail there', async () => {
    const top = "trap 'echo cleaned >>seen' EXIT"
    const run = async (text: string) => {
      const unit = await startUnit({ 'reactive/app.sh': text })
      const result = await unit.run({ name: 'install' })
      return { unit, result, said: remarks(result) }
    }
    const exits = await run(bash(`${top}\nexit 1`))
    expect(exits.said).toEqual(['WARNING reactive/app.sh does not apply here: it ended with status 1'])
    expect(exits.result.exitStatus).toBe(0)
    expect(lines(exits.unit, 'seen')).toEqual(['cleaned'])
    const fails = await run(bash(`set -e\n${top}\nfalse`))
    expect(fails.said).toEqual([
      'ERROR the file does not register, it ended with status 1 at reactive/app.sh:5: false',
    ])
    const unset = await run(bash(`set -u\n${top}\necho "$nothing"`))
    expect(unset.said).toEqual([
      expect.stringMatching(/^ERROR .*reactive\/app\.sh:5: nothing: unbound variable$/),
    ])
    const dies = await run(bash(`${top}\nkill -KILL $$`))
    expect(dies.said).toEqual([
      expect.stringMatching(/^ERROR the file does not register, it ended with status 137/),
    ])
    const registers = await run(bash(`${top}\n@hook install\nf() { :; }`))
    expect(ran(registers.result)).toEqual(['reactive/app.sh:f'])
  })

  it('may exit above the line that sources the library, but not fail there', async () => {
    const rest = `source charms.reactive.sh\n@hook install\nf() { :; }\nreactive_handler_main\n`
    const exits = await startUnit({ 'reactive/app.sh': `#!/bin/bash\n[[ -e /nowhere ]] || exit 1\n${rest}` })
    const no = await exits.run({ name: 'install' })
    expect([no.exitStatus, ran(no)]).toEqual([0, []])
    const fails = await startUnit({ 'reactive/app.sh': `#!/bin/bash\nset -e\nfalse\n${rest}` })
    expect((await fails.run({ name: 'install' })).exitStatus).toBe(3)
  })

  it('may fail to source what it does not need', async () => {
    const unit = await startUnit({
      'lib/last-fails.sh': 'true\ntrue\ntrue\n[[ -e /nowhere ]]\n',
      'lib/nested.sh': 'if ! . lib/missing-too.sh; then :; fi 2>/dev/null\n',
      'reactive/app.sh': bash(`
source lib/missing.sh 2>/dev/null || true
source lib/last-fails.sh
if source lib/missing.sh 2>/dev/null; then :; fi
. lib/nested.sh
die() { echo "$*" >&2; exit 3; }
[[ -e metadata.yaml ]] || die 'not here'
@hook install
function f() { :; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(remarks(result)).toEqual([])
    expect(ran(result)).toEqual(['reactive/app.sh:f'])
  })

  it('is not taken for one that cannot be sourced because a sourced file complains', async () => {
    const unit = await startUnit({
      // The same line number as that of the source command.
      'lib/complains.sh': 'true\ntrue\nno-such-command\n',
      'reactive/app.sh': bash('source lib/complains.sh\n@hook install\nfunction f() { :; }'),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(ran(result)).toEqual(['reactive/app.sh:f'])
  })

  it('says no through a function that exits', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(
        'die() { echo "$*" >&2; exit 3; }\n[[ -e /nowhere ]] || die \'not supported\'\n@hook install\nf() { :; }',
      ),
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: 'not supported\n' })
    expect(ran(result)).toEqual([])
  })

  it('gives its decorators in a function of its own, and takes several on one line', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
both() { @when "$1.a" "$1.b"; }
both x
function decorated() { :; }
@when x.a; @when_not y; one_line() { :; }
@when x.a

# a comment
@when x.b

function spaced () # comment
{
  :
}`),
    })
    given(unit, 'x.a', 'x.b')
    expect(ran(await unit.run({ name: 'start' }))).toEqual([
      'reactive/app.sh:decorated',
      'reactive/app.sh:one_line',
      'reactive/app.sh:spaced',
    ])
  })
})
