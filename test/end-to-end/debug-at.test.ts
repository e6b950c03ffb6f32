import { describe, expect, it } from 'vitest'
import { bash, flags, lines, ran, remarks, startUnit } from './charm.ts'

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
