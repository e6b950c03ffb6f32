// What there is to say about a flag: whether it is set, who may change it, who waits for it, what became of it.

import { nearest } from '../../system/nearest.ts'
import { getFlags } from '../../unit/flags.ts'
import { ignoredFailures } from './ignored-failures.ts'
import {
  authorText,
  type Changer,
  changersOf,
  historyOf,
  isSet,
  type PastChange,
  type UnitFacts,
} from './unit-facts.ts'

export interface FlagExplanation {
  kind: 'flag'
  flag: string
  isSet: boolean
  /** What matters most, in one or two sentences. */
  verdict: string[]
  setBy: Changer[]
  clearedBy: Changer[]
  /** Handlers that wait for it, or for its absence, by their ids. */
  waitedForBy: string[]
  /** Oldest first. */
  history: PastChange[]
}

export function explainFlag(facts: UnitFacts, flag: string): FlagExplanation {
  const history = historyOf(facts, flag)
  const setBy = changersOf(facts, flag, 'set')
  const waiting = facts.model.handlers.filter(({ conditions }) =>
    conditions.some(({ args }) => args.includes(flag)),
  )
  const state = isSet(facts, flag)
  return {
    kind: 'flag',
    flag,
    isSet: state,
    verdict: state ? whySet(facts, flag) : whyNotSet(facts, flag),
    setBy,
    clearedBy: changersOf(facts, flag, 'clear'),
    waitedForBy: waiting.map(({ id }) => id),
    history,
  }
}

/** Why a flag is not set, the cause first. */
export function whyNotSet(facts: UnitFacts, flag: string): string[] {
  const setters = changersOf(facts, flag, 'set')
  const last = historyOf(facts, flag).at(-1)
  if (setters.length === 0 && last === undefined) {
    const near = nearestFlag(facts, flag)
    const hint =
      near === undefined ? '' : `: did you mean ${near}${isSet(facts, near) ? ', which is set' : ''}?`
    return [`${flag} is not set, and nothing in the charm sets it${hint}`]
  }
  const said = [`${flag} is not set`]
  if (last !== undefined && !last.set) said.push(`it was cleared in ${last.event}, ${authorText(last)}`)
  const [setter] = setters
  if (setter !== undefined) said.push(howSet(facts, setter))
  return said
}

/** Who would set it, and what that waits for itself. */
function howSet(facts: UnitFacts, { who, how }: Changer): string {
  const handler = facts.model.handlers.find(({ id }) => id === who)
  if (handler === undefined) return how
  const waits = handler.conditions.map(({ name, args }) => `@${name} ${args.join(' ')}`.trim())
  return `${who} ${how}${waits.length === 0 ? '' : `, and waits for ${waits.join(', ')}`}`
}

/** Why a flag is set, and whether anybody would clear it. */
export function whySet(facts: UnitFacts, flag: string): string[] {
  const last = historyOf(facts, flag).findLast(({ set }) => set)
  const since =
    last === undefined ? 'since before the oldest record' : `since ${last.event}, ${authorText(last)}`
  const [clearer] = changersOf(facts, flag, 'clear')
  const setter = facts.model.handlers.find(({ id }) => id === last?.by)
  const ignored = setter === undefined ? [] : ignoredFailures(facts, setter)
  const end = clearer === undefined ? `nothing in the charm clears ${flag}` : howSet(facts, clearer)
  return [`${flag} is set ${since}`, ...ignored, end]
}

/** The flag that was probably meant. */
function nearestFlag(facts: UnitFacts, flag: string): string | undefined {
  return nearest(
    flag,
    knownFlags(facts).filter((known) => known !== flag),
  )
}

/** All flags that somebody sets, or that are set. */
export function knownFlags({ model, session }: UnitFacts): string[] {
  const named = [
    ...model.changes.map(({ flag }) => flag),
    ...model.triggers.flatMap(({ setFlags, clearFlags }) => [...setFlags, ...clearFlags]),
    ...model.automatic.map(({ flag }) => flag),
  ]
  return [...new Set([...getFlags(session), ...named.filter((flag) => !flag.includes('*'))])]
}
