// What handlers in JavaScript speak to. They are plain functions that get no session, so the session of
// this process is kept here, and here alone.

import { ReactiveError } from '../errors.ts'
import type { Session } from './session.ts'

/** Receives what decorators say while a handler file is imported. */
export interface Registrar {
  decorate(action: Action, decorator: string, args: readonly string[]): void
  /** A decorator got no function yet; call what comes back when it has. */
  expectFunction(): () => void
}

/** A handler function; its result is awaited and ignored. */
export type Action = (...args: unknown[]) => unknown

interface Current {
  session: Session
  registrar: Registrar
}

let current: Current | undefined

/** Make a session the one that the JavaScript API acts on. */
export function setCurrent(value: Current | undefined): void {
  current = value
}

/** The session that the JavaScript API acts on. */
export function currentSession(): Session {
  return need().session
}

/** Where decorators register. */
export function currentRegistrar(): Registrar {
  return need().registrar
}

function need(): Current {
  if (current === undefined)
    throw new ReactiveError('charms.reactive is only available in handler files of a charm')
  return current
}
