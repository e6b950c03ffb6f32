// Why a handler ran or did not: what of its conditions holds now, and what the record says.

import type { RunningHook } from '../../dispatch/running-hook.ts'
import type { DispatchRecord, RunRecord } from '../../dispatch/trace.ts'
import { flagsOf } from '../../handlers/conditions.ts'
import type { ModelHandler } from '../charm-model.ts'
import { explainFlag, type FlagExplanation, whyNotSet, whySet } from './flag.ts'
import { ignoredFailures } from './ignored-failures.ts'
import { changersOf, isSet, type PresentCondition, presentConditions, type UnitFacts } from './unit-facts.ts'

export interface HandlerExplanation {
  kind: 'handler'
  handler: string
  file: string
  line?: number
  /** What matters most, in a few sentences: the cause first. */
  verdict: string[]
  conditions: PresentCondition[]
  /** The last hook in which it ran, and what it changed there. */
  lastRan?: { event: string; started: string; changes: string[]; error?: string }
  /** What the last hook made of it. */
  lastHook?: string
  /** What the hook in which somebody asks has made of it so far. */
  thisHook?: string
  /** The flags that keep it from running. */
  missing: FlagExplanation[]
}

export function explainHandler(facts: UnitFacts, handler: ModelHandler): HandlerExplanation {
  const conditions = presentConditions(facts, handler)
  const flags = [...new Set(conditions.flatMap(({ unset = [], set = [] }) => [...unset, ...set]))]
  const last = lastRun(facts, handler.id)
  return {
    kind: 'handler',
    handler: handler.id,
    file: handler.file,
    ...(handler.line !== undefined && { line: handler.line }),
    verdict: verdictOf(facts, handler, conditions),
    conditions,
    ...(last && {
      lastRan: {
        event: last.record.event,
        started: last.record.started,
        changes: last.run.changes.map(({ flag, set }) => `${set ? 'set' : 'cleared'} ${flag}`),
        ...(last.run.error !== undefined && { error: last.run.error }),
      },
    }),
    ...inHooks(facts, handler),
    missing: flags.map((flag) => explainFlag(facts, flag)),
  }
}

function verdictOf(
  facts: UnitFacts,
  handler: ModelHandler,
  conditions: readonly PresentCondition[],
): string[] {
  const loop = loopOf(facts, handler)
  if (loop !== undefined) return loop
  const unset = conditions.flatMap((condition) => condition.unset ?? [])
  const set = conditions.flatMap((condition) => condition.set ?? [])
  const contradiction =
    unset.find((flag) => handler.conditions.some(isNegative(flag))) ??
    set.find((flag) => handler.conditions.some(isPositive(flag)))
  if (contradiction !== undefined)
    return [`it can never run: it waits for ${contradiction} and for its absence`]
  if (unset.length > 0) return waiting(unset.map((flag) => whyNotSet(facts, flag)))
  if (set.length > 0) return waiting(set.map((flag) => whySet(facts, flag)))
  const unchanged = conditions.flatMap((condition) => condition.unchanged ?? [])
  if (unchanged.length > 0)
    return [`it does not run: ${unchanged.join(', ')} has not changed since it ran last`]
  if (conditions.some(({ condition, holds }) => condition === '@only_once' && holds === false))
    return [`it does not run: it ran already, and runs only once (charms.reactive forget ${handler.id})`]
  return holding(facts, handler, conditions)
}

const isPositive =
  (flag: string) =>
  ({ name, args }: ModelHandler['conditions'][number]) =>
    (name === 'when' || name === 'when_all') && args.includes(flag)
const isNegative =
  (flag: string) =>
  ({ name, args }: ModelHandler['conditions'][number]) =>
    (name === 'when_not' || name === 'when_none') && args.includes(flag)

/** Of several flags first the one that nobody would set: the shortest to say. */
function waiting(causes: readonly string[][]): string[] {
  const [first = [], ...others] = [...causes].sort((one, other) => one.length - other.length)
  const [cause = '', ...more] = first
  return [`it does not run: ${cause}`, ...more, ...others.flatMap((other) => other.slice(0, 1))]
}

/** Its conditions hold as far as they can be known now. */
function holding(facts: UnitFacts, handler: ModelHandler, conditions: readonly PresentCondition[]): string[] {
  const hooks = conditions.filter(({ holds }) => holds === undefined).map(({ condition }) => condition)
  const ignored = ignoredFailures(facts, handler)
  const last = lastRun(facts, handler.id)
  const ran = last === undefined ? 'it has not run in the kept hooks' : `it ran last in ${last.record.event}`
  if (hooks.length > 0) return [`${ran}, and runs in ${hooks.join(' ')}`, ...ignored]
  const flags = conditions
    .filter(({ condition }) => condition.startsWith('@when'))
    .map(({ condition }) => condition)
  if (flags.length === 0 || flags.length < conditions.length) return [ran, ...ignored]
  const lasting = flagsOf(handler.conditions).filter(
    (flag) => isSet(facts, flag) && changersOf(facts, flag, 'clear').length === 0,
  )
  const end = lasting.length === 0 ? '' : `, and nothing in the charm clears ${lasting.join(', ')}`
  return [ran, ...ignored, `it runs in every hook while ${flags.join(' and ')} holds${end}`]
}

/** It ran so often in the last hook that something lets it run again. */
function loopOf({ records, model }: UnitFacts, { id, flags }: ModelHandler): string[] | undefined {
  const record = records.at(-1)
  const runs = (record?.iterations ?? []).flatMap(({ ran }) => ran).filter(({ handler }) => handler === id)
  if (record === undefined || runs.length < (record.status === 0 ? 3 : 2)) return undefined
  const own = runs.flatMap(({ changes }) => changes).map(({ flag }) => flag)
  const again = [...new Set(own)].filter((flag) => flags === 'any' || flags.includes(flag))
  const causes = again.map((flag) => {
    const trigger = model.triggers.find(({ setFlags, clearFlags }) =>
      [...setFlags, ...clearFlags].includes(flag),
    )
    if (trigger === undefined) return `it waits for ${flag} and changes it itself`
    const cause = trigger.when === undefined ? `${trigger.whenNot} is cleared` : `${trigger.when} is set`
    const verb = trigger.setFlags.includes(flag) ? 'sets' : 'clears'
    const place = trigger.line > 0 ? ` (${trigger.file}:${trigger.line})` : ''
    return `a trigger ${verb} ${flag}, for which it waits, when ${cause}${place}`
  })
  return [
    `it ran ${runs.length} times in ${record.event}: ${causes.join('; ') || 'other handlers change what it waits for'}`,
  ]
}

function lastRun({ records }: UnitFacts, id: string): { record: DispatchRecord; run: RunRecord } | undefined {
  for (const record of records.toReversed()) {
    const run = record.iterations.flatMap(({ ran }) => ran).findLast(({ handler }) => handler === id)
    if (run !== undefined) return { record, run }
  }
  return undefined
}

/** Whether and why the last hook let it run, and the one that goes on. */
function inHooks({ records, hook }: UnitFacts, handler: ModelHandler) {
  const last = records.at(hook === undefined ? -1 : -2)
  return {
    ...(last && { lastHook: `${last.event}: ${inRecord(last, handler, 'it did not run')}` }),
    ...(hook && { thisHook: `${hook.record.event}: ${now(hook, handler)}` }),
  }
}

function now({ record, running, queued }: RunningHook, handler: ModelHandler): string {
  const place = queued.indexOf(handler.id)
  if (running === handler.id) return 'it runs now'
  if (place === 0) return 'it runs next'
  if (place > 0) return `it runs after ${place} ${place === 1 ? 'other' : 'others'}`
  return inRecord(record, handler, 'it has not run so far')
}

function inRecord({ iterations }: DispatchRecord, { id, phases }: ModelHandler, not: string): string {
  const tests = iterations.flatMap(({ tested }) => tested).filter(({ handler }) => handler === id)
  const runs = iterations.flatMap(({ ran }) => ran).filter(({ handler }) => handler === id).length
  if (runs > 0) return `it ran${runs > 1 ? ` ${runs} times` : ''}`
  const answers = tests.at(-1)?.answers ?? []
  if (answers.length === 0) return `not tested, it is for ${[...phases].join(' and ')}`
  const failing = answers.filter(({ holds }) => !holds)
  const words = failing.map(({ condition, unset = [], set = [] }) => {
    const why = [...unset.map((flag) => `${flag} was not set`), ...set.map((flag) => `${flag} was set`)]
    return why.length === 0 ? condition : `${condition} (${why.join(', ')})`
  })
  return `${not}: ${words.join(', ')}`
}
