// Leadership: the settings that the leader shares with all units.

import { AsHookTool } from '../output.ts'
import { type Command, done, parsePairs } from './command.ts'

export const LEADERSHIP_COMMANDS: Record<string, Command> = {
  leader_get: {
    example: 'leader_get token',
    summary: 'Print a leader setting, or all as YAML.',
    words: '[KEY]',
    kind: 'value',
    writes: false,
    async run(session, [key]) {
      const { leaderGet } = await import('../../endpoints/leadership.ts')
      return { value: new AsHookTool(await leaderGet(session, key)) }
    },
  },
  leader_set: {
    example: 'leader_set token=s3cret',
    summary: 'Share leader settings, and change their flags; only the leader may.',
    words: 'KEY=VALUE...',
    kind: 'silent',
    writes: true,
    async run(session, words) {
      const { leaderSet } = await import('../../endpoints/leadership.ts')
      await leaderSet(session, parsePairs(words))
      return done
    },
  },
}
