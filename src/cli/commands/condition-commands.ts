// The decorators as predicates, for handlers in other languages, and the protocol between a bash file and
// the command line of the original.

import { wasInvoked } from '../../unit/invocations.ts'
import { ANY, answer, type Command } from './command.ts'

/** A decorator as a predicate, for handlers in other languages. */
const decorator = (name: string, words: string, summary: string): Command => ({
  summary,
  words,
  count: [1, ANY],
  kind: 'predicate',
  writes: false,
  async run(session, args) {
    const { conditionHolds, makeCondition } = await import('../../handlers/conditions.ts')
    const inPhase =
      name === 'hook' ? session.phase === 'hooks' || !session.inDispatch : session.phase === 'other'
    return answer(inPhase && conditionHolds(session, makeCondition(name, args), ''))
  },
})

export const CONDITION_COMMANDS: Record<string, Command> = {
  hook: decorator('hook', 'PATTERN...', 'Succeed if an @hook handler with the patterns would match now.'),
  when: decorator('when', 'FLAG...', 'Succeed if a @when handler would match now.'),
  when_all: decorator('when_all', 'FLAG...', 'Succeed if a @when_all handler would match now.'),
  when_any: decorator('when_any', 'FLAG...', 'Succeed if a @when_any handler would match now.'),
  when_not: decorator('when_not', 'FLAG...', 'Succeed if a @when_not handler would match now.'),
  when_none: decorator('when_none', 'FLAG...', 'Succeed if a @when_none handler would match now.'),
  when_not_all: decorator('when_not_all', 'FLAG...', 'Succeed if a @when_not_all handler would match now.'),
  when_file_changed: {
    summary: 'Succeed if one of the files changed, for handlers in other languages.',
    words: 'FILE...',
    count: [1, ANY],
    kind: 'predicate',
    writes: true,
    run: async (session, files) =>
      answer((await import('../../unit/file-hashes.ts')).anyFileChanged(session, files)),
  },
  only_once: {
    summary: 'Succeed if the id was not invoked yet.',
    words: 'ID',
    count: [1, 1],
    kind: 'predicate',
    writes: false,
    run: (session, [id = '']) => answer(!wasInvoked(session, id)),
  },
  test: {
    summary:
      "Print the names of the handlers whose tests hold: 'NAME ID [TEST ARGS]...' each, quoted as for a shell.",
    words: 'SPEC...',
    count: [1, ANY],
    kind: 'value',
    writes: false,
    async run(session, specs) {
      const { testSpecs } = await import('../original-protocol.ts')
      return { value: testSpecs(session, specs).join(',') || null }
    },
  },
  any_hook: {
    summary: 'Succeed if the current hook matches one of the patterns.',
    words: 'PATTERN...',
    count: [1, ANY],
    kind: 'predicate',
    writes: false,
    run: async (session, patterns) =>
      answer((await import('../../handlers/hook-patterns.ts')).anyHook(session, patterns)),
  },
}
