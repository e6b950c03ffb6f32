// What the engine remembers and does in advance to be fast changes nothing that a charm does: every file may change
// between hooks and within one, also without a change of its size or time.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, bash, errors, flags, lines, ran, remarks, startUnit, upgrade } from './charm.ts'

const CONFIG = (value: string) => `options:\n  size: {type: string, default: ${value}}\n`
const LAYER = (value: string) => `includes: []\noptions:\n  app: {mode: ${value}}\n`

/** Write a file so that nothing but its text tells that it changed. */
function replace(dir: string, name: string, text: string): void {
  const file = path.join(dir, name)
  const { atime, mtime, size } = fs.statSync(file)
  expect(Buffer.byteLength(text)).toBe(size)
  fs.writeFileSync(file, text)
  fs.utimesSync(file, atime, mtime)
}

describe('a file that changes', () => {
  it('between hooks is read again: handlers, what they source, YAML files', async () => {
    const unit = await startUnit({
      'config.yaml': CONFIG('aa'),
      'layer.yaml': LAYER('x'),
      'lib.sh': 'state=one\n',
      'reactive/app.sh': bash(
        'source lib.sh\n@when "config.default.size"\nfunction f() { echo "$state $(layer_option app mode)" >>seen; }',
      ),
    })
    expect(ran(await unit.run({ name: 'install' }))).toEqual(['reactive/app.sh:f'])
    await unit.run({ name: 'update-status' })
    replace(unit.charmDir, 'lib.sh', 'state=two\n')
    replace(unit.charmDir, 'layer.yaml', LAYER('y'))
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen')).toEqual(['one x', 'one x', 'two y'])
    expect(await ask(unit, 'layer_option', 'app', 'mode')).toBe('y\n')
    // The unit's value is no default any more.
    replace(unit.charmDir, 'config.yaml', CONFIG('bb'))
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual([])
    upgrade(unit, { 'reactive/app.sh': bash('@when_not never\nfunction g() { :; }') })
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:g'])
  })

  it('within a hook is read again, and in a hook that fails as well', async () => {
    const unit = await startUnit({
      'layer.yaml': LAYER('x'),
      'reactive/app.sh': bash(`@hook install update-status
function f() {
  sed -i 's/mode: ./mode: y/' layer.yaml
  layer_option app mode >>seen
  sed -i 's/mode: ./mode: z/' layer.yaml
  layer_option app mode >>seen
  if [[ -e fail ]]; then exit 1; fi
}`),
    })
    fs.writeFileSync(path.join(unit.charmDir, 'fail'), '')
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(1)
    fs.rmSync(path.join(unit.charmDir, 'fail'))
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['y', 'z', 'y', 'z'])
  })

  it('into one that is wrong is refused with its line, also when it was right before', async () => {
    const unit = await startUnit({ 'config.yaml': CONFIG('aa') })
    await unit.run({ name: 'install' })
    replace(unit.charmDir, 'config.yaml', CONFIG('{}'))
    const result = await unit.run({ name: 'update-status' })
    expect(result.exitStatus).toBe(3)
    expect(errors(result)).toEqual([
      expect.stringMatching(/config\.yaml:2:\d+: options\.size\.default must be a single value: \{\}$/),
    ])
  })
})

describe('handler files that register side by side', () => {
  it('see what those before them did, and nothing of those behind them', async () => {
    const say = (
      name: string,
    ) => `{ all_flags_set top.a && echo a; all_flags_set top.b && echo b; } | tr -d '\\n' >>${name}.seen
[[ -e ${name}.done ]] || mv ${name}.seen ${name}.done
set_flag top.${name}
@when top.a top.b top.c
function ${name}() { :; }`
    const unit = await startUnit({
      'reactive/a.sh': bash(`sleep 0.4\n${say('a')}`),
      'reactive/b.sh': bash(`sleep 0.2\n${say('b')}`),
      'reactive/c.sh': bash(say('c')),
    })
    expect(ran(await unit.run({ name: 'install' }))).toEqual([
      'reactive/a.sh:a',
      'reactive/b.sh:b',
      'reactive/c.sh:c',
    ])
    const seen = ['a', 'b', 'c'].map((name) =>
      fs.readFileSync(path.join(unit.charmDir, `${name}.done`), 'utf8'),
    )
    expect(seen).toEqual(['', 'a', 'ab'])
  })

  it('also when it is a child of theirs that asks', async () => {
    const unit = await startUnit({
      'reactive/a.sh': bash('sleep 0.3\nset_flag early\n@when early\nfunction a() { :; }'),
      'reactive/b.sh': bash(
        'sh -c \'sh -c "is_flag_set early" && set_flag late\' || exit 1\n@when late\nfunction b() { :; }',
      ),
    })
    expect(ran(await unit.run({ name: 'install' }))).toEqual(['reactive/a.sh:a', 'reactive/b.sh:b'])
  })

  it('fail the hook by the first that fails, not by the fastest, and nothing of them stays', async () => {
    const unit = await startUnit({
      'reactive/a.sh': bash('set_flag a\nsleep 0.3\nfalse || exit_here_is_no_command\n@when'),
      'reactive/b.sh': bash('@when'),
      'reactive/c.sh': bash('set_flag c\n@when x\nfunction c() { :; }'),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(errors(result)).toEqual([expect.stringMatching(/reactive\/a\.sh/)])
    expect(flags(unit)).toEqual([])
  })
})

describe('what the launcher asks while Node starts', () => {
  const tools = async (event: { name: string }, files: Record<string, string> = {}) => {
    const unit = await startUnit({ 'reactive/a.sh': bash('@when x\nfunction f() { :; }'), ...files })
    const { hookToolCalls } = await unit.run(event)
    return hookToolCalls
      .map(({ tool }) => tool)
      .filter((tool) => tool !== 'juju-log')
      .sort()
  }

  it('is asked once', async () => {
    expect(await tools({ name: 'install' })).toEqual(['config-get', 'is-leader', 'leader-get'])
  })

  it('is nothing in a restricted hook', async () => {
    expect(await tools({ name: 'collect-metrics' })).toEqual([])
  })

  it('fails the hook as the same question later would', async () => {
    const unit = await startUnit({})
    unit.failTools([{ tool: 'config-get', status: 1, message: 'no net' }])
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 3, stderr: '' })
    expect(remarks(result)).toEqual([
      'ERROR config-get --all --format=json failed with status 1: ERROR no net',
    ])
  })
})
