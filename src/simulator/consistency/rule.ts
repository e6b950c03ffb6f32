// What a rule gets and gives, and the words that several of them need.

import { type HookName, parseHookName } from '../../juju/hook-names.ts'
import type { SimulatedEvent } from '../events.ts'
import type { JujuState } from '../juju-state.ts'
import type { Charm } from './charm.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface Scene {
  charm: Charm
  state: JujuState
  event: SimulatedEvent
  /** The words of whoever wrote the event. */
  words: Vocabulary
}

/** One line, what is wrong and how to mend it; nothing if all is well. */
export type Rule = (scene: Scene) => string | undefined

/** The first complaint about an item of a list. */
export function firstOf<T>(
  items: Iterable<T>,
  complain: (item: T) => string | undefined | false,
): string | undefined {
  for (const item of items) {
    const complaint = complain(item)
    if (complaint) return complaint
  }
  return undefined
}

/** Names as a person lists them. */
export function listed(names: Iterable<string>): string {
  return [...names].join(', ') || 'none'
}

/** The first name that is there twice. */
export function findTwice<T>(names: readonly T[]): T | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}

/** Take the name of an event apart; that of an action is no hook. */
export function parseHook({ name, action }: SimulatedEvent): HookName {
  return action === undefined ? parseHookName(name) : { kind: 'other', subject: '', step: '' }
}
