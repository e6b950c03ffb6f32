import { expect, it } from 'vitest'
import { startSession } from '../test-unit.ts'

it('starts in the other phase, with the triggers that were kept', async () => {
  const session = await startSession({ inDispatch: false })
  expect(session).toMatchObject({
    phase: 'other',
    changeCount: 0,
    clearedAt: 0,
    triggers: new Map(),
    inDispatch: false,
  })
  expect(session.config).toBeUndefined()
})
