// The table of decorators: what each asks, in which phase it can hold, and which of its words are flags.
// Conditions are pure: testing one never consumes a change.

import { expandEndpointName, type InterfaceLayer, wholeRole } from '../endpoints/interface-layers.ts'
import { UsageError } from '../errors.ts'
import { filesChangedFor } from '../unit/file-hashes.ts'
import { allFlagsSet, anyFlagsSet, checkFlagName, isFlagSet } from '../unit/flags.ts'
import { wasInvoked } from '../unit/invocations.ts'
import type { Phase, Session } from '../unit/session.ts'
import { anyHook } from './hook-patterns.ts'

/** Conditions that only the hook answers in which they stand. */
export const OF_HOOKS = new Set([
  'hook',
  'action',
  'collect_metrics',
  'meter_status_changed',
  'at_start',
  'at_exit',
])

/** One decorator of a handler: its name and its words. */
export interface Condition {
  readonly name: ConditionName
  readonly args: readonly string[]
}

export type ConditionName = keyof typeof CONDITIONS

interface ConditionKind {
  /** The phase that the decorator binds its handler to; none for one that fits any. */
  phase?: Phase
  /** Whether the words are flags: then the handler runs again only when one of them changed. */
  flags?: boolean
  /** Whether words are needed, or none allowed. */
  words: 'some' | 'none'
  holds(session: Session, args: readonly string[], handler: string): boolean
  /** Why it does not hold. */
  because?(session: Session, args: readonly string[], handler: string): Reason
}

/** The words of a condition that keep it from holding: flags that are not set or set, files that did not change. */
export interface Reason {
  unset?: string[]
  set?: string[]
  unchanged?: string[]
}

/** A condition on flags, which fails for those of them that are `failing`. */
const flagCondition = (
  failing: 'set' | 'unset',
  holds: (session: Session, flags: readonly string[]) => boolean,
): ConditionKind => ({
  phase: 'other',
  flags: true,
  words: 'some',
  holds,
  because: (session, flags) => ({
    [failing]: flags.filter((flag) => isFlagSet(session, flag) === (failing === 'set')),
  }),
})

const restrictedHook = (hook: string): ConditionKind => ({
  phase: 'restricted',
  words: 'none',
  holds: ({ context }) => context.hookName === hook,
})

/** A callback of a layer; flags beside it are asked when its phase has come. */
const callback = (own: Phase): ConditionKind => ({
  phase: own,
  words: 'none',
  holds: ({ phase }) => phase === own,
})

const all = flagCondition('unset', allFlagsSet)
const any = flagCondition('unset', anyFlagsSet)
const none = flagCondition('set', (session, flags) => !anyFlagsSet(session, flags))
const notAll = flagCondition('set', (session, flags) => !allFlagsSet(session, flags))

export const CONDITIONS = {
  hook: { phase: 'hooks', words: 'some', holds: anyHook },
  action: {
    phase: 'hooks',
    words: 'some',
    holds: ({ context }, names) => names.includes(context.actionName),
  },
  when: all,
  when_all: all,
  when_any: any,
  when_not: none,
  when_none: none,
  when_not_all: notAll,
  when_file_changed: {
    words: 'some',
    holds: (session, files, handler) => filesChangedFor(session, handler, files),
    because: (_, files) => ({ unchanged: [...files] }),
  },
  only_once: { words: 'none', holds: (session, _, handler) => !wasInvoked(session, handler) },
  collect_metrics: restrictedHook('collect-metrics'),
  meter_status_changed: restrictedHook('meter-status-changed'),
  at_start: callback('start'),
  at_exit: callback('exit'),
} satisfies Record<string, ConditionKind>

const kinds: Record<ConditionName, ConditionKind> = CONDITIONS

/** Make a condition, or throw a UsageError that says what is wrong with the decorator. */
export function makeCondition(name: string, args: readonly string[]): Condition {
  if (!Object.hasOwn(CONDITIONS, name)) throw new UsageError(`unknown decorator: @${name}`)
  const condition: Condition = { name: name as ConditionName, args }
  const { words, flags } = kinds[condition.name]
  if (words === 'some' && args.length === 0) throw new UsageError(`the decorator needs words: @${name}`)
  if (words === 'none' && args.length > 0) {
    throw new UsageError(`the decorator takes no words: @${name} ${args.join(' ')}`)
  }
  if (flags) args.forEach(checkFlagName)
  return condition
}

/** Whether the condition holds now for the handler. */
export function conditionHolds(session: Session, { name, args }: Condition, handler: string): boolean {
  return kinds[name].holds(session, args, handler)
}

/** Why a condition does not hold now for the handler. */
export function whyNot(session: Session, { name, args }: Condition, handler: string): Reason {
  return kinds[name].because?.(session, args, handler) ?? {}
}

/** The condition as it is for one endpoint of an interface layer. */
export function forEndpoint(condition: Condition, layer: InterfaceLayer, endpoint: string): Condition {
  const args = condition.args.map((word) => expandEndpointName(word, endpoint))
  // `{requires:mysql}` stands for all endpoints of the layer: here for this one.
  const ownRole = (word: string) =>
    word.replace(/\{([^{}:]+):([^{}]+)\}/g, (group, role: string, name: string) =>
      wholeRole(role) === layer.role && name === layer.interface ? endpoint : group,
    )
  return { name: condition.name, args: condition.name === 'hook' ? args.map(ownRole) : args }
}

/** Whether the condition has a meaning only for an endpoint. */
export function namesEndpoint({ args }: Condition): boolean {
  return args.some((word) => expandEndpointName(word, '') !== word)
}

/** A phase earlier in this list wins. */
const BINDING: readonly Phase[] = ['restricted', 'start', 'exit', 'hooks', 'other']

/**
 * The phases in which a handler with these conditions may run. `@at_start` and `@at_exit` bind to their
 * own, also together with flags; `@hook` and `@action` bind to the hooks
 * phase, also together with flags; flags alone to the other; a bare `@only_once` to the hooks phase; a
 * bare `@when_file_changed` to none of them. Without conditions it never runs.
 */
export function phasesOf(conditions: readonly Condition[]): Set<Phase> {
  const bound = new Set(conditions.map(({ name }) => kinds[name].phase))
  for (const phase of BINDING) if (bound.has(phase)) return new Set([phase])
  if (conditions.length === 0) return new Set()
  return new Set(conditions.every(({ name }) => name === 'only_once') ? ['hooks'] : ['hooks', 'other'])
}

/** The flags that the conditions name. */
export function flagsOf(conditions: readonly Condition[]): string[] {
  return conditions.filter(({ name }) => kinds[name].flags).flatMap(({ args }) => args)
}

/** The files that the conditions watch. */
export function filesOf(conditions: readonly Condition[]): string[] {
  return conditions.filter(({ name }) => name === 'when_file_changed').flatMap(({ args }) => args)
}
