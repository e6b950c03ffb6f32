// Flags that commands change outside of a dispatch, by hand or from a script: recorded beside the dispatches, so that
// their history has no gap.

import type { Session } from './session.ts'

/** How many commands are kept. */
const KEPT = 100

/** A command that has changed flags. */
export interface OutsideRecord {
  /** ISO 8601, UTC. */
  at: string
  /** Its name, `set_flag`. */
  command: string
  changes: { flag: string; set: boolean; trigger?: string }[]
}

/** Note what the session changes from now on. Gives the record to commit, if there is any. */
export function noteOutside(session: Session, command: string) {
  const changes: OutsideRecord['changes'] = []
  session.onFlagChange = (flag, set, trigger) =>
    changes.push({ flag, set, ...(trigger !== undefined && { trigger }) })
  return () => {
    if (changes.length === 0) return undefined
    const row = { at: new Date().toISOString(), command, changes }
    return { row, keep: KEPT, as: 'outside' as const }
  }
}
