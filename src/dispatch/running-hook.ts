// The hook that goes on in this process, for those who explain it meanwhile.

import type { Session } from '../unit/session.ts'
import type { DispatchRecord } from './trace.ts'

export interface RunningHook {
  /** Its record so far. */
  readonly record: DispatchRecord
  /** The handler that runs now, by its id; undefined between handlers. */
  readonly running: string | undefined
  /** The handlers that run next, as far as that is known, in order. */
  readonly queued: readonly string[]
}

const hooks = new WeakMap<Session, RunningHook>()

export function rememberHook(session: Session, hook: RunningHook): void {
  hooks.set(session, hook)
}

/** Undefined outside of a dispatch. */
export function runningHook(session: Session): RunningHook | undefined {
  return hooks.get(session)
}
