import { expect, it } from 'vitest'
import { forget, markInvoked, wasInvoked } from '../../src/unit/invocations.ts'
import { startSession } from '../test-unit.ts'

it('remembers ids until they are forgotten', async () => {
  const session = await startSession()
  const id = 'reactive/app.sh:configure#2'
  expect(wasInvoked(session, id)).toBe(false)
  markInvoked(session, id)
  markInvoked(session, id)
  await session.state.commit()
  const next = await startSession({ charmDir: session.context.charmDir })
  expect(wasInvoked(next, id)).toBe(true)
  expect(wasInvoked(next, 'reactive/app.sh:configure')).toBe(false)
  forget(next, id)
  forget(next, 'never')
  expect(wasInvoked(next, id)).toBe(false)
})
