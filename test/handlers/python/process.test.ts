import { describe, expect, it } from 'vitest'
import { handlerEnvironment } from '../../../src/handlers/children.ts'
import type { HandlerOutput } from '../../../src/handlers/handler-output.ts'
import { PythonProcess } from '../../../src/handlers/python/process.ts'
import { startPython } from '../../../src/handlers/python/start-process.ts'
import { Readers } from '../../../src/system/pipe-ends.ts'
import { isFlagSet, setFlag } from '../../../src/unit/flags.ts'
import { contextOf, makeCharm, startSession, type TestSession } from '../../test-unit.ts'

const OUTPUT = { targets: ['inherit', 'inherit'] } as unknown as HandlerOutput

const APP = `import os
from charms.reactive import clear_flag, register_trigger, set_flag, when

register_trigger(when='rung', callback=lambda: set_flag('heard'))

@when('a')
def works():
    set_flag('works')
    os.environ['ADDED'] = 'yes'

@when('a')
def leaves():
    os._exit(0)
`

async function start(): Promise<{ session: TestSession; process: PythonProcess }> {
  const session = await startSession({ files: { 'reactive/app.py': APP } })
  const process = new PythonProcess(session, '', OUTPUT, ['reactive/app.py'])
  return { session, process }
}

describe('the Python process', () => {
  it('imports, runs with the flags of the session, hands on its environment, and ends when it is closed', async () => {
    const { session, process } = await start()
    const { handlers } = (await process.call('import', 'reactive/app.py')) as { handlers: object[] }
    expect(handlers).toMatchObject([
      { number: 0, name: 'works', file: 'reactive/app.py', conditions: [{ name: 'when_all', args: ['a'] }] },
      { number: 1, name: 'leaves' },
    ])
    await process.run(0, undefined)
    expect(isFlagSet(session, 'works')).toBe(true)
    expect(handlerEnvironment(session.context, '').ADDED).toBe('yes')
    // What somebody else changes fires callbacks of Python, which wait until they may run.
    setFlag(session, 'rung')
    expect([process.hasFired, isFlagSet(session, 'heard')]).toEqual([true, false])
    await process.settle()
    expect([process.hasFired, isFlagSet(session, 'heard')]).toEqual([false, true])
    await process.close()
  })

  it('has not succeeded where it ended before it answered, whatever its status, and stays gone', async () => {
    const { process } = await start()
    await process.call('import', 'reactive/app.py')
    const gone = { message: 'the Python process is gone: it ended with status 0', status: 1 }
    await expect(process.run(1, undefined)).rejects.toMatchObject(gone)
    await expect(process.callAside('has_callbacks', 'exit')).rejects.toMatchObject(gone)
    await process.close()
  })

  it('is missed by name where there is no python3', async () => {
    const { ended } = startPython(contextOf(makeCharm()), { PATH: '/nonexistent' }, OUTPUT, new Readers())
    expect(await ended).toEqual({
      reason: expect.stringContaining('python3 does not start'),
      status: 127,
    })
  })
})
