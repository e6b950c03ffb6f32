// Flags: names of facts that are set or not. Setting and clearing is idempotent; only a real change
// counts, fires triggers and lets handlers run again.

import { UsageError } from '../errors.ts'
import { KEY } from './keys.ts'
import { byCodePoint, toRecord } from './records.ts'
import type { Session, Trigger } from './session.ts'

const MAX_BYTES = 4096

/** Set a flag; `value` fills its old value slot (API documentation, set_flag). */
export function setFlag(session: Session, flag: string, value: unknown = null): void {
  checkFlagName(flag)
  change(session, { flag, set: true, value })
}

/** Clear a flag. */
export function clearFlag(session: Session, flag: string): void {
  checkFlagName(flag)
  change(session, { flag, set: false, value: null })
}

/** Set the flag if `shouldSet`, else clear it. */
export function toggleFlag(session: Session, flag: string, shouldSet: boolean): void {
  if (shouldSet) setFlag(session, flag)
  else clearFlag(session, flag)
}

/** Whether the flag is set. */
export function isFlagSet(session: Session, flag: string): boolean {
  return session.state.has(KEY.flag + flag)
}

/** Whether all of the flags are set; true for none. */
export function allFlagsSet(session: Session, flags: readonly string[]): boolean {
  return flags.every((flag) => isFlagSet(session, flag))
}

/** Whether at least one of the flags is set. */
export function anyFlagsSet(session: Session, flags: readonly string[]): boolean {
  return flags.some((flag) => isFlagSet(session, flag))
}

/** The flags that are set and begin with the prefix, in code point order. */
export function getFlags(session: Session, prefix = ''): string[] {
  return [...session.state.entries(KEY.flag + prefix)].map(([rest]) => prefix + rest).sort(byCodePoint)
}

/** Those of the flags that are not set, in code point order. */
export function getUnsetFlags(session: Session, flags: readonly string[]): string[] {
  return [...new Set(flags)].filter((flag) => !isFlagSet(session, flag)).sort(byCodePoint)
}

/** The value of a flag, null if it has none; undefined when it is not set. */
export function getFlagValue(session: Session, flag: string): unknown {
  return session.state.get(KEY.flag + flag)
}

/** All flags that are set, with their values. */
export function getFlagValues(session: Session): Record<string, unknown> {
  const values = new Map(session.state.entries(KEY.flag))
  return toRecord(getFlags(session).map((flag) => [flag, values.get(flag) ?? null]))
}

/** What is wrong with a name for a flag, or undefined. */
export function flagNameFault(flag: string): string | undefined {
  if (flag === '') return 'a flag needs a name'
  if (/[\u0000-\u001f\u007f]/.test(flag)) return 'a flag name has no control characters'
  if (!flag.isWellFormed()) return 'a flag name is UTF-8'
  if (Buffer.byteLength(flag) > MAX_BYTES) return `a flag name has at most ${MAX_BYTES} bytes`
  return undefined
}

/** Throw a UsageError unless the name is legal for a flag. */
export function checkFlagName(flag: string): void {
  const fault = flagNameFault(flag)
  if (fault === undefined) return
  const shown = flag.length > 80 ? `${flag.slice(0, 80)}…` : flag
  throw new UsageError(`${fault}: ${JSON.stringify(shown)}`)
}

interface Change {
  flag: string
  set: boolean
  value: unknown
  /** What the trigger waits for that makes it. */
  trigger?: string
}

/** Make a change and those that triggers tie to it, depth first, before anything else runs. */
function change(session: Session, first: Change): void {
  const waiting: (Change | (() => void))[] = [first]
  const made = new Set<string>()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'function') {
      next()
      continue
    }
    if (!apply(session, next)) continue
    // A cascade that comes back to a change it already made stops there.
    const key = `${next.set ? '+' : '-'}${next.flag}`
    if (made.has(key)) continue
    made.add(key)
    for (const follower of followUps(key, session.triggers.get(key) ?? []).reverse()) waiting.push(follower)
  }
}

/** Write the flag; false when nothing really changed. */
function apply(session: Session, { flag, set, value, trigger }: Change): boolean {
  const was = isFlagSet(session, flag)
  if (set) session.state.set(KEY.flag + flag, value)
  else session.state.delete(KEY.flag + flag)
  if (was === set) return false
  session.changeCount += 1
  session.changedAt.set(flag, session.changeCount)
  if (!set) session.clearedAt = session.changeCount
  session.onFlagChange?.(flag, set, trigger)
  return true
}

function followUps(trigger: string, fired: readonly Trigger[]): (Change | (() => void))[] {
  return fired.flatMap(({ setFlags, clearFlags, callback }) => [
    ...setFlags.map((flag) => ({ flag, set: true, value: null, trigger })),
    ...clearFlags.map((flag) => ({ flag, set: false, value: null, trigger })),
    ...(callback === undefined ? [] : [callback]),
  ])
}
