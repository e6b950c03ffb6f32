// Triggers: when a flag is set (or cleared), set and clear others at the same moment, before any other
// handler runs (documentation 2.8.2). `flags.ts` fires them.

import { UsageError } from '../errors.ts'
import { checkFlagName } from './flags.ts'
import { KEY } from './keys.ts'
import { addTrigger, causeOf, type Session, type Trigger } from './session.ts'

/** Register a trigger. The same registration twice is one. Outside of a dispatch it is kept for the next. */
export function registerTrigger(session: Session, trigger: Trigger): void {
  check(trigger)
  if (!session.inDispatch) session.state.set(KEY.trigger + JSON.stringify(trigger), trigger)
  const known = session.triggers.get(causeOf(trigger)) ?? []
  if (!known.some((other) => isSame(other, trigger))) addTrigger(session, trigger)
}

/** Keep the triggers of a dispatch that succeeds, for commands outside of one. A callback ends with its process. */
export function keepLastTriggers({ state, triggers }: Session): void {
  const last = [...triggers.values()].flat().filter(({ callback }) => callback === undefined)
  if (last.length > 0) state.set(KEY.lastTriggers, last)
  else state.delete(KEY.lastTriggers)
}

/** Forget the triggers that were kept for this dispatch: they last until its end. */
export function dropKeptTriggers(session: Session): void {
  for (const [name] of [...session.state.entries(KEY.trigger)]) session.state.delete(KEY.trigger + name)
}

/** Whether two that wait for the same do the same. */
function isSame(one: Trigger, other: Trigger): boolean {
  if (one.callback !== other.callback) return false
  return isSameList(one.setFlags, other.setFlags) && isSameList(one.clearFlags, other.clearFlags)
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index])
}

function check({ when, whenNot, setFlags, clearFlags, callback }: Trigger): void {
  if ((when === undefined) === (whenNot === undefined)) {
    throw new UsageError('a trigger needs exactly one of --when and --when_not')
  }
  if (setFlags.length + clearFlags.length === 0 && callback === undefined) {
    throw new UsageError('a trigger needs --set_flag or --clear_flag')
  }
  for (const flag of [when, whenNot, ...setFlags, ...clearFlags]) if (flag !== undefined) checkFlagName(flag)
}
