import { describe, expect, it } from 'vitest'
import { runOperation } from '../../../src/handlers/python/operations.ts'
import { phaseOf } from '../../../src/handlers/python/state-operations.ts'
import { setFlag } from '../../../src/unit/flags.ts'
import type { Phase } from '../../../src/unit/session.ts'
import { writeFiles } from '../../end-to-end/charm.ts'
import { startSession } from '../../test-unit.ts'

describe('operations of Python on the state', () => {
  it('register a trigger whose names may be missing', async () => {
    const session = await startSession()
    const given = { when: 'a', when_not: null, set_flag: null, clear_flag: 'b' }
    runOperation(session, 'register_trigger', [given])
    setFlag(session, 'b')
    setFlag(session, 'a')
    expect(runOperation(session, 'get_flags', [])).toEqual(['a'])
  })

  it('give the options of a layer, of all layers, and none of one that is not named', async () => {
    const session = await startSession()
    writeFiles(session.context.charmDir, {
      'layer.yaml': 'options: {app: {port: 80}, basic: {use_venv: true}}\n',
    })
    const ask = (layer: string | null) => runOperation(session, 'layer_options', [layer])
    expect(await ask('app')).toEqual({ port: 80 })
    expect(await ask('other')).toEqual({})
    expect(await ask(null)).toEqual({ app: { port: 80 }, basic: { use_venv: true } })
  })

  it('know no other levels of the log than those of charmhelpers', async () => {
    const session = await startSession()
    expect(() => runOperation(session, 'log', ['LOUD', 'x'])).toThrow('no such log level: LOUD')
  })

  it.each([
    ['hooks', 'hooks'],
    ['other', 'other'],
    ['start', null],
    ['exit', null],
  ] as [Phase, string | null][])('name the phase as the original does: %s', async (phase, told) => {
    expect(phaseOf(Object.assign(await startSession(), { phase }))).toBe(told)
  })
})
