// What a rule gets and gives, and the words that several of them need.

import type { SimulatedEvent } from '../events.ts'
import type { JujuState } from '../juju-state.ts'
import type { Charm } from './charm.ts'

export interface Scene {
  charm: Charm
  state: JujuState
  event: SimulatedEvent
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

const RELATION_HOOK = /^(.+)-relation-(created|joined|changed|departed|broken)$/
const STORAGE_HOOK = /^(.+)-storage-(attached|detaching)$/
const SECRET_HOOK = /^secret-(changed|expired|remove|rotate)$/
const PEBBLE_HOOK = /^(.+)-pebble-(ready|custom-notice|check-failed|check-recovered)$/

export interface HookName {
  kind: 'relation' | 'storage' | 'secret' | 'pebble' | 'other' | 'action'
  /** Endpoint, storage or container. */
  subject: string
  step: string
}

/** Take the name of an event apart. */
export function parseHook({ name, action }: SimulatedEvent): HookName {
  if (action !== undefined) return { kind: 'action', subject: action.name, step: '' }
  for (const [kind, pattern] of [
    ['relation', RELATION_HOOK],
    ['storage', STORAGE_HOOK],
    ['pebble', PEBBLE_HOOK],
  ] as const) {
    const [, subject, step] = pattern.exec(name) ?? []
    if (subject !== undefined && step !== undefined) return { kind, subject, step }
  }
  const [, step] = SECRET_HOOK.exec(name) ?? []
  return step === undefined ? { kind: 'other', subject: '', step: '' } : { kind: 'secret', subject: '', step }
}
