// What handlers in JavaScript hand to the API is checked where it comes in: nothing else in the engine expects
// anything but what the types say.

import { messageOf, UsageError } from '../../errors.ts'

/** The value, which has to be a text. */
export function text(what: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new UsageError(`${what} must be a string: ${messageOf(value)}`)
}

/** The values, each of which has to be a text. */
export function texts(what: string, values: unknown): string[] {
  if (!Array.isArray(values)) throw new UsageError(`${what} must be in a list: ${messageOf(values)}`)
  return values.map((value) => text(what, value))
}

/** The value, which has to be an object with something in it. */
export function object<T>(what: string, value: T): T {
  if (typeof value === 'object' && value !== null) return value
  throw new UsageError(`${what} must be an object: ${messageOf(value)}`)
}

/** The value, which has to be a function. */
export function callable<T>(what: string, value: T): T {
  if (typeof value === 'function') return value
  throw new UsageError(`${what} takes a function: ${messageOf(value)}`)
}
