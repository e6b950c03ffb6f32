import { describe, expect, it } from 'vitest'
import { ask, bash, errors, flags, lines, logged, ran, startUnit, traces } from './charm.ts'

const LAYERS = {
  'reactive/a.sh': bash(`
@at_start
function opens() { echo "a opens $(get_flags | grep -c '^config.changed')" >>seen; set_flag opened; }
@at_exit
function closes() { echo "a closes $(get_flags | grep -c '^config.changed')" >>seen; clear_flag opened; }
`),
  'reactive/b.mjs': `import fs from 'node:fs'
import { atExit, atStart, when, whenNot } from 'charms.reactive'
const say = (text) => fs.appendFileSync('seen', text + '\\n')
atStart(async function opens() { say('b opens') })
when('opened', function works() { say('works') })
whenNot('opened', function lacks() { say('lacks') })
atExit(() => say('b closes'))
`,
  'reactive/c.sh': bash(`
@at_start
@when nothing
function never() { echo never >>seen; }
@at_start
@hook start
function only() { echo 'c in start' >>seen; }
@hook install start
function fails() { echo "hook" >>seen; [[ ! -e fail ]] || exit 4; }
`),
  'config.yaml': 'options: {port: {type: int, default: 1, description: x}}\n',
}

describe('callbacks of layers', () => {
  it('run around the handlers: in order at the start, in reverse order at the end', async () => {
    const unit = await startUnit(LAYERS)
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    const around = (config: number, ...inside: string[]) => [
      `a opens ${config}`,
      'b opens',
      ...inside,
      'b closes',
      `a closes ${config}`,
    ]
    // The flags of the configuration are set before the first and cleared after the last.
    expect(lines(unit, 'seen')).toEqual(around(2, 'hook', 'works'))
    // What they change after the last handler brings no further one.
    expect(flags(unit)).toEqual([])
    expect(ran(result)).toEqual(['reactive/c.sh:fails', 'reactive/b.mjs:works'])
    expect(logged(result).filter((line) => line.startsWith('DEBUG Running'))).toEqual([
      'DEBUG Running at start: reactive/a.sh:opens',
      'DEBUG Running at start: reactive/b.mjs:opens',
      'DEBUG Running at exit: reactive/b.mjs:line-7',
      'DEBUG Running at exit: reactive/a.sh:closes',
    ])
    await unit.command(['rm', 'seen'])
    await unit.run({ name: 'start' })
    expect(lines(unit, 'seen')).toEqual(around(0, 'c in start', 'hook', 'works'))
    const [record] = await traces(unit)
    expect(record?.iterations.map(({ phase }) => phase)).toEqual(['start', 'hooks', 'other', 'other', 'exit'])
  })

  it('at the end run only in hooks that succeed, and never in restricted ones', async () => {
    const unit = await startUnit({
      ...LAYERS,
      fail: '',
      'reactive/d.sh': bash('@collect_metrics\nfunction f() { echo metrics >>seen; }'),
    })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(4)
    expect(lines(unit, 'seen')).toEqual(['a opens 2', 'b opens', 'hook'])
    await unit.command(['rm', 'seen'])
    expect((await unit.run({ name: 'collect-metrics' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['metrics'])
  })

  it.each(['at_start', 'at_exit'])('fail the hook as handlers do: @%s', async (decorator) => {
    const unit = await startUnit({
      'reactive/a.sh': bash(
        `set -e\n@${decorator}\nfunction breaks() {\n  false\n}\n@hook install\nfunction f() { set_flag f; }`,
      ),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(1)
    expect(errors(result)).toEqual([
      'handler reactive/a.sh:breaks failed with status 1 at reactive/a.sh:6: false',
    ])
    expect(flags(unit)).toEqual([])
  })

  it('are no handlers for a person who asks the file', async () => {
    const unit = await startUnit({ 'reactive/a.sh': bash('@at_start\nfunction f() { :; }') })
    expect((await unit.command(['reactive/a.sh', '--test'])).exitStatus).toBe(1)
    expect(await ask(unit, 'trace')).toBe('no dispatch is recorded yet\n')
  })

  it('take no words', async () => {
    const unit = await startUnit({ 'reactive/a.sh': bash('@at_exit now\nfunction f() { :; }') })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(errors(result)).toEqual(['the decorator takes no words: @at_exit now, at reactive/a.sh:4 f'])
  })
})
