// What Juju can do and what it cannot: before an event is run, the charm's declarations, the state and the
// event are compared by the rules of consistency/. A rule is a pure function that gives one line which says
// what is wrong and how to mend it, or nothing. Who wants the impossible says `check: false`.
//
// Not rules: who may write what and which tool works where are found by the tools when they are called;
// members that are left in a -broken hook are not shown by them.

import { ReactiveError } from '../errors.ts'
import { catchUp } from './catch-up.ts'
import { type Charm, readCharm } from './consistency/charm.ts'
import { CONFIG_RULES } from './consistency/config-rules.ts'
import { EVENT_RULES } from './consistency/event-rules.ts'
import { RELATION_EVENT_RULES, RELATION_RULES } from './consistency/relation-rules.ts'
import type { Rule } from './consistency/rule.ts'
import { SECRET_RULES } from './consistency/secret-rules.ts'
import { STORAGE_RULES } from './consistency/storage-rules.ts'
import { UNIT_RULES } from './consistency/unit-rules.ts'
import { KEYS, type Vocabulary } from './consistency/vocabulary.ts'
import type { SimulatedEvent } from './events.ts'
import type { JujuState } from './juju-state.ts'

/** An event or a state that Juju could never bring about. */
export class ConsistencyError extends ReactiveError {
  override name = 'ConsistencyError'
  /** Name of the rule. */
  readonly rule: string

  constructor(rule: string, message: string) {
    super(message)
    this.rule = rule
  }
}

/** THE table of rules, in the order in which they are looked at. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...EVENT_RULES,
  ...RELATION_EVENT_RULES,
  ...CONFIG_RULES,
  ...UNIT_RULES,
  ...RELATION_RULES,
  ...STORAGE_RULES,
  ...SECRET_RULES,
}

/** Why Juju could never bring about an event or a state. */
export interface Inconsistency {
  rule: string
  message: string
}

/** Everything that is wrong when the event happens. The state stays as it is. */
export function findInconsistencies(
  charm: Charm,
  given: JujuState,
  event: SimulatedEvent,
  words: Vocabulary = KEYS,
): Inconsistency[] {
  const state = { ...given, relations: structuredClone(given.relations) }
  catchUp(state, event)
  return Object.entries(RULES).flatMap(([rule, check]) => {
    const message = check({ charm, state, event, words })
    return message === undefined ? [] : [{ rule, message }]
  })
}

/** Throw a ConsistencyError for the first thing that is wrong. */
export function checkEvent(
  charmDir: string,
  state: JujuState,
  event: SimulatedEvent,
  words?: Vocabulary,
): void {
  const charm = readable(charmDir)
  const [first] = charm === undefined ? [] : findInconsistencies(charm, state, event, words)
  if (first !== undefined) throw new ConsistencyError(first.rule, first.message)
}

/** A charm whose files are not as they should be shall say so itself, when it runs. */
function readable(charmDir: string): Charm | undefined {
  try {
    return readCharm(charmDir)
  } catch (error) {
    if (error instanceof ReactiveError) return undefined
    throw error
  }
}
