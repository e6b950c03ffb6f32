// The decorators as predicates, for handlers in other languages, and the protocol between a bash file and
// the command line of the original.

import { wasInvoked } from '../../unit/invocations.ts'
import { answer, type Command } from './command.ts'

/** A decorator as a predicate, for handlers in other languages. */
const decorator = (name: string, words: string, example: string): Command => ({
  example: `${name} ${example}`,
  summary: `Succeed if a handler with @${name} would match now.`,
  words,
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
  hook: decorator('hook', 'PATTERN...', "install 'db-relation-{joined,changed}'"),
  when: decorator('when', 'FLAG...', 'app.ready db.ready'),
  when_all: decorator('when_all', 'FLAG...', 'app.ready db.ready'),
  when_any: decorator('when_any', 'FLAG...', 'app.ready db.ready'),
  when_not: decorator('when_not', 'FLAG...', 'app.ready db.ready'),
  when_none: decorator('when_none', 'FLAG...', 'app.ready db.ready'),
  when_not_all: decorator('when_not_all', 'FLAG...', 'app.ready db.ready'),
  when_file_changed: {
    example: 'when_file_changed /etc/app.conf',
    summary: 'Succeed if one of the files changed since the last call, and remember them.',
    words: 'FILE...',
    kind: 'predicate',
    writes: true,
    run: async (session, files) =>
      answer((await import('../../unit/file-hashes.ts')).anyFileChanged(session, files)),
  },
  only_once: {
    example: 'only_once set-up',
    summary: 'Succeed if the id is not marked as invoked yet.',
    words: 'ID',
    kind: 'predicate',
    writes: false,
    run: (session, [id = '']) => answer(!wasInvoked(session, id)),
  },
  test: {
    example: "test 'greet reactive/app.sh:greet when app.ready'",
    summary: "Print which handlers match now, each given as 'NAME ID [TEST ARGS]...'.",
    words: 'SPEC...',
    kind: 'value',
    writes: false,
    async run(session, specs) {
      const { testSpecs } = await import('../original-protocol.ts')
      return { value: testSpecs(session, specs).join(',') || null }
    },
  },
  any_hook: {
    example: 'any_hook install upgrade-charm',
    summary: 'Succeed if the current hook matches one of the patterns.',
    words: 'PATTERN...',
    kind: 'predicate',
    writes: false,
    run: async (session, patterns) =>
      answer((await import('../../handlers/hook-patterns.ts')).anyHook(session, patterns)),
  },
}
