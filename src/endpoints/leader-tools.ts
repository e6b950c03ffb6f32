// leader-get and leader-set for Juju 4, which has neither: what the executables in shell/juju4/ ask over the channel.
// They answer as Juju's own did, also in how they fail.

import { messageOf, oneLine } from '../errors.ts'
import { FORMATS } from '../juju/hook-tools/output-formats.ts'
import type { Reply } from '../system/channel.ts'
import { splitPair } from '../system/key-values.ts'
import { toRecord } from '../unit/records.ts'
import type { Session } from '../unit/session.ts'
import { currentSettings, writeSettings } from './leadership.ts'

/** The tools, by the word of the channel that stands for each. */
export const LEADER_TOOLS: Readonly<Record<string, (session: Session, words: string[]) => Promise<Reply>>> = {
  '_leader-get': async (session, [format = '', key = '']) => {
    const print = FORMATS[format]
    if (print === undefined) return failed(2, `unknown format ${JSON.stringify(format)}`)
    if (key.includes('=')) return failed(2, `invalid key ${JSON.stringify(key)}`)
    return orFailed(async () => {
      const settings = await currentSettings(session)
      const isWhole = key === '' || key === '-'
      return print(isWhole ? settings : Object.hasOwn(settings, key) ? settings[key] : null)
    })
  },
  '_leader-set': async (session, words) => {
    const pairs = words.map((word) => splitPair(word))
    const wrong = words[pairs.findIndex((pair) => pair === undefined || pair[0] === '')]
    if (wrong !== undefined) return failed(2, `expected "key=value", got ${JSON.stringify(wrong)}`)
    return orFailed(async () => {
      await writeSettings(session, toRecord(pairs.flatMap((pair) => (pair === undefined ? [] : [pair]))))
      return ''
    })
  },
}

async function orFailed(work: () => Promise<string>): Promise<Reply> {
  try {
    return { status: 0, stdout: await work() }
  } catch (error) {
    return failed(1, oneLine(messageOf(error)))
  }
}

function failed(status: number, message: string): Reply {
  return { status, stderr: `ERROR ${message}\n` }
}
