import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { bash, flags, lines, ran, remarks, startUnit, upgrade } from '../end-to-end/charm.ts'

const HANDLER = bash('@hook install start\nfunction handler() { set_flag handled; echo handler >>seen; }')

/** A script that says that it ran, and then does this. */
function script(name: string, then = ''): Record<string, string> {
  return { [`exec.d/${name}/charm-pre-install`]: `#!/bin/bash\necho ${name} >>seen\n${then}\n` }
}

function status({ state }: SimulatedUnit): string {
  return `${state.status.unit.status}: ${state.status.unit.message}`
}

describe('exec.d', () => {
  it('runs before handler files register and Juju is asked, in C order, in the charm dir', async () => {
    const unit = await startUnit({
      ...script('b', 'pwd >place'),
      ...script('B'),
      ...script('a-2', 'test -z "${HOME+set}" && test "$JUJU_HOOK_NAME" = start && echo bare >>seen'),
      'reactive/app.sh': bash(
        'echo registers >>seen\n@hook start\nfunction handler() { echo handler >>seen; }',
      ),
    })
    const result = await unit.run({ name: 'start' })
    expect(result.exitStatus).toBe(0)
    expect(lines(unit, 'seen').slice(0, 5)).toEqual(['B', 'a-2', 'bare', 'b', 'registers'])
    expect(lines(unit, 'seen').at(-1)).toBe('handler')
    expect(lines(unit, 'place')).toEqual([unit.charmDir])
    expect(remarks(result)).toEqual([
      'INFO Running exec.d/B/charm-pre-install',
      'INFO Running exec.d/a-2/charm-pre-install',
      'INFO Running exec.d/b/charm-pre-install',
    ])
  })

  it('runs each script once in the life of the unit', async () => {
    const unit = await startUnit(script('a'))
    for (const name of ['config-changed', 'install', 'start']) {
      expect((await unit.run({ name })).exitStatus).toBe(0)
    }
    upgrade(unit, script('b'))
    expect((await unit.run({ name: 'upgrade-charm' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['a', 'b'])
  })

  it('takes its scripts for children of the hook: their flags count in it', async () => {
    const unit = await startUnit({
      ...script('a', 'set_flag prepared'),
      'reactive/app.sh': bash('@when prepared\nfunction handler() { set_flag seen; }'),
    })
    const result = await unit.run({ name: 'install' })
    expect(ran(result)).toEqual(['reactive/app.sh:handler'])
    expect(flags(unit)).toEqual(['prepared', 'seen'])
  })

  it('keeps what has run, and its flags, when the hook fails later', async () => {
    const unit = await startUnit({
      ...script('a', 'set_flag prepared'),
      'reactive/app.sh': bash('@hook install\nfunction handler() { set_flag lost; exit 4; }'),
    })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(4)
    expect(flags(unit)).toEqual(['prepared'])
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(4)
    expect(lines(unit, 'seen')).toEqual(['a'])
  })

  it('blocks the unit and fails the hook with the status of a script that fails, and the retry repairs it', async () => {
    const unit = await startUnit({
      ...script('a'),
      ...script('b', 'set_flag lost; exit 7'),
      ...script('c'),
      'reactive/app.sh': HANDLER,
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(7)
    expect(status(unit)).toBe('blocked: exec.d/b/charm-pre-install failed with status 7')
    expect(remarks(result).at(-1)).toBe('ERROR exec.d/b/charm-pre-install failed with status 7')
    expect(result.hookToolCalls.map(({ tool }) => tool)).not.toContain('config-get')
    expect(lines(unit, 'seen')).toEqual(['a', 'b'])
    expect(flags(unit)).toEqual([])

    upgrade(unit, script('b'))
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['a', 'b', 'b', 'c', 'handler'])
    expect(flags(unit)).toEqual(['handled'])
  })

  it('names a script that a signal ended, or that the system cannot execute', async () => {
    const killed = await startUnit(script('a', 'kill -TERM $$'))
    expect((await killed.run({ name: 'install' })).exitStatus).toBe(143)
    expect(status(killed)).toBe(
      'blocked: exec.d/a/charm-pre-install failed with status 143: killed by SIGTERM',
    )

    const broken = await startUnit({ 'exec.d/a/charm-pre-install': '#!/nonexistent/shell\n' })
    const result = await broken.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    const message = /the system cannot execute it: exec\.d\/a\/charm-pre-install: /
    expect(remarks(result).at(-1)).toMatch(message)
    expect(status(broken)).toMatch(message)
  })

  it('respects the mark of the original, and remembers what it said', async () => {
    const mark = 'exec.d/.a_charm-pre-install.done'
    const unit = await startUnit({ ...script('a'), ...script('b'), [mark]: 'a ran successfully\n' })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    fs.rmSync(path.join(unit.charmDir, mark))
    expect((await unit.run({ name: 'start' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['b'])
  })

  it('warns once of a script without the execute bit, and says nothing of other files', async () => {
    const unit = await startUnit({
      'exec.d/README.md': 'About.\n',
      'exec.d/empty/other': '',
      'exec.d/a/charm-pre-install': 'echo a >>seen\n',
    })
    const first = await unit.run({ name: 'install' })
    expect(remarks(first)).toEqual([
      'WARNING it is not executable, so it does not run: exec.d/a/charm-pre-install',
    ])
    expect(remarks(await unit.run({ name: 'start' }))).toEqual([])
    fs.rmSync(path.join(unit.charmDir, 'exec.d/a/charm-pre-install'))
    upgrade(unit, script('a'))
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'seen')).toEqual(['a'])
  })

  it('runs before an action, and not in a restricted hook', async () => {
    const unit = await startUnit({
      ...script('a'),
      'actions.yaml': 'act: {}\n',
      'reactive/app.sh': bash('@action act\nfunction act() { echo act >>seen; }'),
    })
    expect((await unit.run({ name: 'collect-metrics' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual([])
    expect((await unit.run({ name: 'act', action: { name: 'act' } })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['a', 'act'])
  })
})
