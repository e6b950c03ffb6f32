import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { forget, getMarks, markInvoked, wasInvoked } from '../../src/unit/invocations.ts'
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
  expect(wasInvoked(next, id)).toBe(false)
})

describe('a mark is forgotten', () => {
  const MARKS = [
    'reactive/a.sh:migrate',
    'reactive/a.sh:setup',
    'reactive/b.sh:setup',
    'reactive/r/i.sh:join:db',
    'own id',
  ]

  it.each([
    ['reactive/a.sh:migrate', 'reactive/a.sh:migrate'],
    ['migrate', 'reactive/a.sh:migrate'],
    ['join', 'reactive/r/i.sh:join:db'],
    ['join:db', 'reactive/r/i.sh:join:db'],
    ['own id', 'own id'],
  ])('by its id, or by the name of its function: %s', async (name, id) => {
    const session = await startSession()
    for (const mark of MARKS) markInvoked(session, mark)
    forget(session, name)
    expect(getMarks(session)).toEqual(MARKS.filter((mark) => mark !== id).sort())
  })

  it.each([
    ['migrte', 'no such mark: migrte: did you mean migrate?'],
    ['reactive/a.sh:migrat', 'no such mark: reactive/a.sh:migrat: did you mean reactive/a.sh:migrate?'],
    ['nothing', 'no such mark: nothing: get_marks lists them'],
    ['setup', 'several marks, name one: reactive/a.sh:setup, reactive/b.sh:setup'],
  ])('and nothing where that is not one: %s', async (name, message) => {
    const session = await startSession()
    for (const mark of MARKS) markInvoked(session, mark)
    expect(() => forget(session, name)).toThrow(new UsageError(message))
    expect(getMarks(session)).toHaveLength(MARKS.length)
  })
})
