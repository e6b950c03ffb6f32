// Settings of the leader in the application's data of a peer relation, where Juju 4 has none of its own: their keys
// begin with the mark, and the mark itself tells settings that were all taken away from those that were never there.

import { toRecord } from '../unit/records.ts'
import type { RelationData } from './databag.ts'

const SETTINGS = 'reactive-leadership'

interface Parts {
  /** Undefined where none were ever written. */
  settings?: Record<string, string>
  rest: RelationData
}

/** The settings, and the data without them. */
export function takeSettings(data: RelationData): Parts {
  if (!Object.hasOwn(data, SETTINGS)) return { rest: data }
  const isSetting = ([key]: [string, string]) => key.startsWith(`${SETTINGS}.`)
  const entries = Object.entries(data).filter(([key]) => key !== SETTINGS)
  const settings = entries
    .filter(isSetting)
    .map(([key, text]) => [key.slice(SETTINGS.length + 1), text] as const)
  return { settings: toRecord(settings), rest: toRecord(entries.filter((entry) => !isSetting(entry))) }
}

/** Settings as data to publish. */
export function withMark(settings: Readonly<Record<string, string>>): Record<string, string> {
  const data = Object.entries(settings).map(([name, text]) => [`${SETTINGS}.${name}`, text] as const)
  return toRecord([[SETTINGS, 'kept'], ...data])
}
