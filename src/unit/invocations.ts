// Marks of what was invoked once (documentation 2.7: only_once). The identity has no line in it: an
// edited charm does not run it again.

import { UsageError } from '../errors.ts'
import { nearest } from '../system/nearest.ts'
import { KEY } from './keys.ts'
import { byCodePoint } from './records.ts'
import type { Session } from './session.ts'

/** Record that the id was invoked. */
export function markInvoked(session: Session, id: string): void {
  session.state.set(KEY.invoked + id, true)
}

/** Whether the id was invoked before. */
export function wasInvoked(session: Session, id: string): boolean {
  return session.state.has(KEY.invoked + id)
}

/** The ids that were invoked, in code point order. */
export function getMarks(session: Session): string[] {
  return [...session.state.entries(KEY.invoked)].map(([id]) => id).sort(byCodePoint)
}

/** Forget that an id was invoked. The name of a function will do where only one mark has it. */
export function forget(session: Session, name: string): void {
  session.state.delete(KEY.invoked + findMark(session, name))
}

function findMark(session: Session, name: string): string {
  if (wasInvoked(session, name)) return name
  const marks = getMarks(session)
  const [found, ...others] = marks.filter((id) => functionsOf(id).includes(name))
  if (found === undefined) {
    const close = nearest(name, [...marks, ...marks.flatMap(functionsOf)])
    const instead = close === undefined ? 'get_marks lists them' : `did you mean ${close}?`
    throw new UsageError(`no such mark: ${name}: ${instead}`)
  }
  if (others.length > 0) throw new UsageError(`several marks, name one: ${[found, ...others].join(', ')}`)
  return found
}

/** How people may call the mark `FILE:FUNCTION`, or in an interface layer `FILE:FUNCTION:ENDPOINT`. */
function functionsOf(id: string): string[] {
  const [, name, endpoint] = id.split(':')
  if (name === undefined) return []
  return endpoint === undefined ? [name] : [name, `${name}:${endpoint}`]
}
