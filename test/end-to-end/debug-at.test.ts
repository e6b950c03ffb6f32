import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bash, errors, flags, lines, ran, remarks, startUnit } from './charm.ts'

const CHARM = {
  'reactive/app.sh': bash(`
@hook start
function first() { echo first >>seen; }
@when_not never
function second() { echo second >>seen; }
`),
}

/** The hook with a terminal, in which the operator has typed the lines. */
const withTerminal = (...typed: string[]) => ({
  ...CHARM,
  typed: typed.map((line) => `${line}\n`).join(''),
  dispatch: '#!/bin/sh\nexec script -qec "charms.reactive main" /dev/null <typed\n',
})
const debugAt = (names: string) => ({ name: 'start', env: { JUJU_DEBUG_AT: names }, timeoutMs: 20_000 })

describe('JUJU_DEBUG_AT', () => {
  it('stops before the handlers that it names', async () => {
    const say = 'echo "before $JUJU_HOOK_NAME in $PWD" >>seen; set_flag by.hand; exit 7'
    const unit = await startUnit(withTerminal(say))
    const result = await unit.run(debugAt('other,second'))
    expect(result.exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['first', `before start in ${unit.charmDir}`, 'second'])
    expect(flags(unit)).toEqual(['by.hand'])
    expect(result.stdout).toContain('charms.reactive: before reactive/app.sh:second: ')
  })

  it('stops before each handler of the hook for hook', async () => {
    const hook = await startUnit(withTerminal('echo one >>seen; exit', 'echo two >>seen; exit'))
    await hook.run(debugAt('hook'))
    expect(lines(hook, 'seen')).toEqual(['one', 'first', 'second'])
  })

  it('gives an interactive shell, with job control and the commands of the toolkit', async () => {
    const unit = await startUnit(
      withTerminal(
        'echo "$-" >>seen; tty -s && echo tty >>seen; charms.reactive get_flags | wc -l >>seen; exit',
      ),
    )
    await unit.run(debugAt('first'))
    const [options, tty, count] = lines(unit, 'seen')
    expect(options).toMatch(/i.*m/)
    expect([tty, count]).toEqual(['tty', '0'])
  })

  it('lets the operator end a handler that never returns: nothing of the hook is kept or left', async () => {
    const unit = await startUnit({
      ...withTerminal('(until [ -s pid ]; do sleep 0.1; done; kill -INT $(<pid)) & exit'),
      'reactive/forever.py': `import os, time
from charms.reactive import hook, set_flag

@hook('start')
def forever():
    set_flag('lost')
    with open('pid', 'w') as file:
        file.write(str(os.getpid()))
    while True:
        time.sleep(1)
`,
    })
    const result = await unit.run(debugAt('forever'))
    expect(errors(result)).toEqual([
      'handler reactive/forever.py:forever failed with status 1 at reactive/forever.py:10: KeyboardInterrupt',
    ])
    expect(flags(unit)).toEqual([])
    expect(fs.existsSync(`/proc/${lines(unit, 'pid')[0]}`)).toBe(false)
    expect(await unit.run({ name: 'update-status' })).toMatchObject({ exitStatus: 0 })
  })

  it('warns once where there is no terminal, and goes on', async () => {
    const unit = await startUnit(CHARM)
    const result = await unit.run(debugAt('all'))
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(remarks(result)).toEqual(['WARNING JUJU_DEBUG_AT needs a terminal: all'])
    expect(ran(result)).toHaveLength(2)
    expect(remarks(await unit.run(debugAt('no-such-handler')))).toEqual([])
    expect(remarks(await unit.run(debugAt('')))).toEqual([])
  })
})
