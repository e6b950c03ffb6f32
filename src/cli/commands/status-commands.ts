// The unit's status, as several handlers of a hook agree on one.

import { type Command, done } from './command.ts'

export const STATUS_COMMANDS: Record<string, Command> = {
  status_candidate: {
    example: "status_candidate waiting 'for the database'",
    summary: 'Propose a status for the unit; the worst one is set at the end of the hook.',
    words: 'STATUS [MESSAGE]',
    kind: 'silent',
    writes: false,
    async run(session, [status = '', message = '']) {
      const { addStatusCandidate } = await import('../../unit/status-candidates.ts')
      await addStatusCandidate(session, { status, message })
      return done
    },
  },
}
