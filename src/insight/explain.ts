// `charms.reactive explain`: why handlers of a unit ran or did not, and who sets and clears flags. It reads the record
// of the last hooks, the flags as they are, and the model of the unit's charm.

import { type RunningHook, runningHook } from '../dispatch/running-hook.ts'
import type { DispatchRecord } from '../dispatch/trace.ts'
import { isHandler } from '../dispatch/trace-text.ts'
import { ReactiveError, UsageError } from '../errors.ts'
import { registeredHandlers } from '../handlers/session-handlers.ts'
import { suggestion } from '../system/nearest.ts'
import type { OutsideRecord } from '../unit/outside-changes.ts'
import type { Session } from '../unit/session.ts'
import { modelOf } from './charm-model.ts'
import { explainFlag, type FlagExplanation, knownFlags } from './explain/flag.ts'
import { explainHandler, type HandlerExplanation } from './explain/handler.ts'
import type { UnitFacts } from './explain/unit-facts.ts'
import { asData, type Registration, registrationOf } from './registration.ts'
import { findSources, readSources } from './source-files.ts'

/** A function that is no handler, though somebody asks for it as one. */
export interface FunctionExplanation {
  kind: 'function'
  function: string
  file: string
  line: number
  verdict: string[]
}

/** The hook in which somebody asks: how far it has come. */
export interface HookExplanation {
  kind: 'hook'
  event: string
  /** The handlers that have run, that runs, and that run next, by their ids. */
  ran: string[]
  running?: string
  queued: string[]
}

export type Explanation = HandlerExplanation | FlagExplanation | FunctionExplanation | HookExplanation

/**
 * Explain handlers and flags by their names; without a name what waits, the most important first, in a hook behind how
 * far that has come.
 */
export async function explain(session: Session, names: readonly string[]): Promise<Explanation[]> {
  const facts = await factsOf(session)
  if (names.length === 0) return [...(facts.hook ? [soFar(facts.hook)] : []), ...whatWaits(facts)]
  return names.flatMap((name) => explainName(facts, name))
}

async function factsOf(session: Session): Promise<UnitFacts> {
  const { charmDir } = session.context
  const kept = (await session.state.traces()) as unknown as DispatchRecord[]
  const hook = runningHook(session)
  const records = hook === undefined ? kept : [...kept, hook.record]
  const registration = session.inDispatch ? runningRegistration(session) : await registerAgain(session)
  const sources = await readSources(charmDir, findSources(charmDir))
  const outside = (await session.state.records('outside')).map(([, row]) => row as unknown as OutsideRecord)
  return { session, records, hook, outside, model: modelOf(charmDir, registration, sources) }
}

/** In a hook the handlers are those that it has registered. */
function runningRegistration(session: Session): Registration {
  return {
    files: [],
    nearMisses: [],
    handlers: registeredHandlers(session).map(asData),
    triggers: [...session.triggers.values()].flat().map(({ callback, ...trigger }) => trigger),
    changes: [],
    faults: [],
    standIns: [],
  }
}

/** Outside of one the files register once more, and nothing of that is kept. */
async function registerAgain(session: Session): Promise<Registration> {
  const { answer } = session
  if (answer === undefined) throw new ReactiveError('nobody answers what handler files ask')
  const registration = await registrationOf(session, (_, line) => answer(line))
  session.state.discard()
  return registration
}

function explainName(facts: UnitFacts, name: string): Explanation[] {
  const { handlers, sources } = facts.model
  const meant = handlers.filter(({ id, function: own }) => isHandler(id, name) || own === name)
  if (meant.length > 0) return meant.map((handler) => explainHandler(facts, handler))
  const isKnown =
    knownFlags(facts).includes(name) ||
    handlers.some(({ conditions }) => conditions.some(({ args }) => args.includes(name)))
  if (isKnown) return [explainFlag(facts, name)]
  const place = sources.flatMap(({ path: file, functions }) =>
    functions.filter((found) => found.name === name).map(({ line }) => ({ file, line })),
  )[0]
  if (place !== undefined) {
    const verdict = [`${name} is not a handler: its function has no decorator, ${place.file}:${place.line}`]
    return [{ kind: 'function', function: name, ...place, verdict }]
  }
  const names = [...handlers.flatMap(({ id, function: own }) => [id, own]), ...knownFlags(facts)]
  throw new UsageError(`the unit has no such handler or flag: ${name}${suggestion(name, names)}`)
}

function soFar({ record, running, queued }: RunningHook): HookExplanation {
  const runs = record.iterations.flatMap(({ ran }) => ran.map(({ handler }) => handler))
  const ran = running === undefined ? runs : runs.slice(0, -1)
  return {
    kind: 'hook',
    event: record.event,
    ran,
    ...(running !== undefined && { running }),
    queued: [...queued],
  }
}

/** Handlers that wait for flags: first those for which nobody sets what is missing, then those that lack least. */
function whatWaits(facts: UnitFacts): HandlerExplanation[] {
  const weight = ({ missing, lastRan }: HandlerExplanation) => {
    const isHopeless = missing.some(({ isSet, setBy }) => !isSet && setBy.length === 0)
    return (isHopeless ? 0 : 1000) + (lastRan === undefined ? 0 : 100) + missing.length
  }
  return facts.model.handlers
    .map((handler) => explainHandler(facts, handler))
    .filter(({ missing }) => missing.some(({ isSet }) => !isSet))
    .sort((one, other) => weight(one) - weight(other))
}
