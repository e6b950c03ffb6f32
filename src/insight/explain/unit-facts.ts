// What `explain` knows of a unit: the model of its charm, the flags as they are now, and the record of its hooks.

import type { RunningHook } from '../../dispatch/running-hook.ts'
import type { DispatchRecord, FlagChange } from '../../dispatch/trace.ts'
import { conditionHolds, OF_HOOKS, whyNot } from '../../handlers/conditions.ts'
import { describeCondition } from '../../handlers/handlers.ts'
import { isFlagSet } from '../../unit/flags.ts'
import type { OutsideRecord } from '../../unit/outside-changes.ts'
import type { Session } from '../../unit/session.ts'
import type { CharmModel, ModelHandler } from '../charm-model.ts'
import { matchesPattern, saysSomething } from '../sources/source.ts'

export interface UnitFacts {
  session: Session
  model: CharmModel
  /** Oldest first; in a hook its own, as far as it has come, is the last. */
  records: readonly DispatchRecord[]
  /** The hook in which somebody asks. */
  hook: RunningHook | undefined
  /** What commands outside of hooks have changed, oldest first. */
  outside: readonly OutsideRecord[]
}

/** A change of a flag, as a hook has recorded it. */
export interface PastChange {
  /** The hook, or `action:NAME`. */
  event: string
  /** ISO 8601, UTC. */
  started: string
  set: boolean
  /** The handler; else who it was in words. */
  by: string
  /** Where a trigger made the change, what had happened. */
  trigger?: string
}

/** Who made a change, as the end of a sentence. */
export function authorText({ by, trigger }: PastChange): string {
  return trigger === undefined ? `by ${by}` : `by a trigger, since ${trigger} by ${by}`
}

/** Somebody who may set or clear a flag. */
export interface Changer {
  /** The handler's id, `trigger`, `engine` or `code`. */
  who: string
  /** What it does, as the end of a sentence. */
  how: string
  file?: string
  line?: number
}

/** A condition as it is now; `holds` is undefined for one that only a hook answers. */
export interface PresentCondition {
  condition: string
  holds?: boolean
  /** The flags that are not set, or set, and the files that have not changed. */
  unset?: string[]
  set?: string[]
  unchanged?: string[]
}

export function presentConditions(
  { session }: UnitFacts,
  { id, conditions }: ModelHandler,
): PresentCondition[] {
  return conditions.map((condition) => {
    const described = describeCondition(condition)
    if (OF_HOOKS.has(condition.name)) return { condition: described }
    const holds = conditionHolds(session, condition, id)
    return { condition: described, holds, ...(holds ? {} : whyNot(session, condition, id)) }
  })
}

export const isSet = ({ session }: UnitFacts, flag: string) => isFlagSet(session, flag)

/** What the kept records say about a flag, oldest first. */
export function historyOf({ records, outside }: UnitFacts, flag: string): PastChange[] {
  const inHooks = records.flatMap(({ event, started, changes, iterations, changesAtEnd }) => {
    const by = (all: readonly FlagChange[], who: string) => ofFlag(all, flag, { event, started, who })
    return [
      ...by(changes, 'the engine, before the handlers'),
      ...iterations.flatMap(({ ran }) => ran.flatMap((run) => by(run.changes, run.handler))),
      ...by(changesAtEnd, 'the engine, after the handlers'),
    ]
  })
  const byHand = outside.flatMap(({ at, command, changes }) =>
    ofFlag(changes, flag, { event: `the command ${command}`, started: at, who: 'hand' }),
  )
  return [...inHooks, ...byHand].sort((one, other) => Date.parse(one.started) - Date.parse(other.started))
}

function ofFlag(
  changes: readonly FlagChange[],
  flag: string,
  { event, started, who }: { event: string; started: string; who: string },
): PastChange[] {
  return changes
    .filter((change) => change.flag === flag)
    .map(({ set, trigger }) => ({
      event,
      started,
      set,
      by: who,
      ...(trigger !== undefined && { trigger: causeText(trigger) }),
    }))
}

/** `+FLAG` and `-FLAG` in words. */
function causeText(trigger: string): string {
  return `${trigger.slice(1)} was ${trigger.startsWith('+') ? 'set' : 'cleared'}`
}

/** Who may set (or clear) a flag: handlers, triggers, the engine, other code. */
export function changersOf({ model }: UnitFacts, flag: string, kind: 'set' | 'clear'): Changer[] {
  const fits = (pattern: string) => saysSomething(pattern) && matchesPattern(pattern, flag)
  const handlers = model.handlers.flatMap((handler) => {
    const change = handler.changes.find((one) => one.kind === kind && fits(one.flag))
    if (change === undefined) return []
    const { file, line } = change
    return [{ who: handler.id, how: `${kind}s it at ${file}:${line}`, file, line }]
  })
  const reached = new Set(handlers.map(({ file, line }) => `${file}:${line}`))
  const code = model.changes
    .filter(
      (change) => change.kind === kind && fits(change.flag) && !reached.has(`${change.file}:${change.line}`),
    )
    .map(({ file, line }) => ({ who: 'code', how: `${file}:${line} ${kind}s it`, file, line }))
  const triggers = model.triggers
    .filter(({ setFlags, clearFlags }) => (kind === 'set' ? setFlags : clearFlags).some(fits))
    .map(({ when, whenNot, file, line }) => {
      const cause = when === undefined ? `${whenNot} is cleared` : `${when} is set`
      return { who: 'trigger', how: `a trigger ${kind}s it when ${cause}`, file, line }
    })
  return [...handlers, ...triggers, ...engineChanges(model, flag, kind), ...code]
}

function engineChanges({ automatic }: CharmModel, flag: string, kind: 'set' | 'clear'): Changer[] {
  const own = automatic.find(({ flag: pattern }) => matchesPattern(pattern, flag))
  if (own === undefined || (kind === 'clear' && own.stays)) return []
  const cleared = own.untilEndOfHook ? 'at the end of the hook' : 'when that is over'
  return [
    {
      who: 'engine',
      how: kind === 'set' ? `the engine sets it when ${own.when}` : `the engine clears it ${cleared}`,
    },
  ]
}
