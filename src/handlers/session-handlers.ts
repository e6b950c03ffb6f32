// The handlers that a session has registered so far, for those who explain them while the hook goes on.

import type { Session } from '../unit/session.ts'
import type { Handler } from './handlers.ts'

const sessionHandlers = new WeakMap<Session, Handler[]>()

/** Remember handlers of a file. */
export function rememberHandlers(session: Session, handlers: readonly Handler[]): void {
  const known = sessionHandlers.get(session)
  if (known === undefined) sessionHandlers.set(session, [...handlers])
  else known.push(...handlers)
}

/** The handlers of all files that are registered. */
export function registeredHandlers(session: Session): readonly Handler[] {
  return sessionHandlers.get(session) ?? []
}
