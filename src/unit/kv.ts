// The charm's own key/value data in the unit state: JSON values under names that the charm chooses.

import { KEY } from './keys.ts'
import { byCodePoint, toRecord } from './records.ts'
import type { Session } from './session.ts'

/** The value of a key; undefined when it is not there. */
export function kvGet({ state }: Session, key: string): unknown {
  return state.get(KEY.kv + key)
}

/** All keys that begin with the prefix, with their values, in code point order. */
export function kvRange({ state }: Session, prefix: string): Record<string, unknown> {
  const entries = [...state.entries(KEY.kv + prefix)].map(([rest, value]) => [prefix + rest, value] as const)
  return toRecord(entries.sort(([a], [b]) => byCodePoint(a, b)))
}

/** Set a key to a JSON value. */
export function kvSet({ state }: Session, key: string, value: unknown): void {
  state.set(KEY.kv + key, value)
}

/** Delete a key; one that is not there is no error. */
export function kvDelete({ state }: Session, key: string): void {
  state.delete(KEY.kv + key)
}
