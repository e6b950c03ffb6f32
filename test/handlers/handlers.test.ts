import { expect, it } from 'vitest'
import { makeCondition } from '../../src/handlers/conditions.ts'
import {
  decoratedHandlers,
  testConditions,
  uniqueIds,
  WatchedFiles,
  warnUnless,
} from '../../src/handlers/handlers.ts'
import { setFlag } from '../../src/unit/flags.ts'
import { wasInvoked } from '../../src/unit/invocations.ts'
import { startSession, writeFiles } from '../test-unit.ts'

it('tests every condition, for the record', async () => {
  const session = await startSession()
  setFlag(session, 'a')
  const conditions = [
    makeCondition('when', ['a']),
    makeCondition('when_not', ['a']),
    makeCondition('only_once', []),
  ]
  expect(testConditions(session, conditions, 'h')).toEqual({
    matches: false,
    answers: [
      { condition: '@when a', holds: true },
      { condition: '@when_not a', holds: false, set: ['a'] },
      { condition: '@only_once', holds: true },
    ],
  })
  expect(testConditions(session, [], 'h').matches).toBe(false)
})

it('records what a handler saw and that it ran, when it has succeeded', async () => {
  const session = await startSession({ files: { f: '1' } })
  let fails = true
  const [handler, ...more] = decoratedHandlers(session, {
    id: 'h',
    file: 'f.sh',
    line: 1,
    conditions: [makeCondition('when_file_changed', ['f']), makeCondition('only_once', [])],
    invoke: async () => {
      if (fails) throw new Error('no')
    },
  })
  if (handler === undefined || more.length > 0)
    throw new Error('outside of interface layers it is one handler')
  await expect(handler.run(session)).rejects.toThrow('no')
  expect(await handler.test(session)).toMatchObject({ matches: true })
  fails = false
  await handler.run(session)
  expect(wasInvoked(session, 'h')).toBe(true)
  expect((await handler.test(session)).answers.map(({ holds }) => holds)).toEqual([false, false])
})

it('gives a second handler of the same name an id of its own', () => {
  const unique = uniqueIds()
  expect(['a', 'b', 'a', 'a'].map(unique)).toEqual(['a', 'b', 'a#2', 'a#3'])
})

it('warns for a guarded function whose flags are not set', async () => {
  const session = await startSession()
  setFlag(session, 'a')
  warnUnless(session, 'h', ['a', 'b', 'c'])
  warnUnless(session, 'h', ['a'])
  await session.log.flush()
  expect(session.logged).toEqual(['WARNING h called before its flags are set: b, c'])
})

it('remembers the files that a foreign executable asked about', async () => {
  const session = await startSession({ files: { f: '1' } })
  const watched = new WatchedFiles('reactive/x')
  expect(watched.changed(session, ['f'])).toBe(true)
  expect(watched.changed(session, ['f'])).toBe(true)
  writeFiles(session.context.charmDir, { f: '2' })
  watched.record(session)
  expect(watched.changed(session, ['f'])).toBe(true)
  watched.record(session)
  expect(watched.changed(session, ['f'])).toBe(false)
})
