// Marks of what was invoked once (documentation 2.7: only_once). The identity has no line in it: an
// edited charm does not run it again.

import { KEY } from './keys.ts'
import type { Session } from './session.ts'

/** Record that the id was invoked. */
export function markInvoked(session: Session, id: string): void {
  session.state.set(KEY.invoked + id, true)
}

/** Whether the id was invoked before. */
export function wasInvoked(session: Session, id: string): boolean {
  return session.state.has(KEY.invoked + id)
}

/** Forget that the id was invoked. */
export function forget(session: Session, id: string): void {
  session.state.delete(KEY.invoked + id)
}
