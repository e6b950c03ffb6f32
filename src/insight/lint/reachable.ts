// Which flags can ever be set, from the automatic ones on: a handler can run when what it waits for can be set, and
// then sets what it sets. What code outside of handlers sets (actions, scripts, the top level) can always be set.

import type { ModelHandler } from '../charm-model.ts'
import type { FlagChangeSite } from '../flag-calls.ts'
import { matchesPattern } from '../sources/source.ts'
import type { Subject } from './finding.ts'

export class Reachable {
  readonly #patterns = new Set<string>()
  readonly #isUnseen: (flag: string) => boolean

  constructor(subject: Subject) {
    const { model } = subject
    for (const pattern of subject.unseen) this.#patterns.add(pattern)
    const setters = settersOf(subject)
    // What no code here sets may be set by a package that is not here.
    this.#isUnseen = (flag) =>
      model.registration.standIns.length > 0 && !setters.some((pattern) => matchesPattern(pattern, flag))
    const inHandlers = new Set(model.handlers.flatMap(({ changes }) => changes.map(placeOf)))
    const outside = model.changes.filter(
      (change) => change.kind === 'set' && !inHandlers.has(placeOf(change)),
    )
    for (const { flag } of [...model.automatic, ...outside]) this.#patterns.add(flag)
    for (const { flag, set } of model.registration.changes) if (set) this.#patterns.add(flag)
    let before = -1
    while (before !== this.#patterns.size) {
      before = this.#patterns.size
      for (const handler of model.handlers)
        if (this.missingFor(handler) === undefined && contradictionIn(handler) === undefined)
          this.#add(handler)
      for (const { when, whenNot, setFlags } of model.triggers)
        if (whenNot !== undefined || this.#can(when ?? ''))
          for (const flag of setFlags) this.#patterns.add(flag)
    }
  }

  /** The flags that can never be set and without which the handler cannot run; undefined where it can. */
  missingFor({ conditions }: ModelHandler): string[] | undefined {
    const missing = conditions.flatMap(({ name, args }) => {
      const unreachable = args.filter((flag) => !this.#can(flag))
      if (name === 'when' || name === 'when_all') return unreachable
      return name === 'when_any' && unreachable.length === args.length ? unreachable : []
    })
    return missing.length > 0 ? missing : undefined
  }

  #add({ changes }: ModelHandler): void {
    for (const { kind, flag } of changes) if (kind === 'set') this.#patterns.add(flag)
  }

  #can(flag: string): boolean {
    if (this.#patterns.has(flag) || this.#isUnseen(flag)) return true
    return [...this.#patterns].some((pattern) => pattern.includes('*') && matchesPattern(pattern, flag))
  }
}

function placeOf({ file, line, column }: FlagChangeSite): string {
  return `${file}:${line}:${column}`
}

/** A flag that the conditions want to be set and not to be set. */
export function contradictionIn({ conditions }: ModelHandler): string | undefined {
  const flagsIn = (names: readonly string[]) =>
    conditions.filter(({ name }) => names.includes(name)).flatMap(({ args }) => args)
  const wanted = flagsIn(['when', 'when_all'])
  const unwanted = flagsIn(['when_not', 'when_none'])
  const anyOf = conditions.filter(({ name }) => name === 'when_any').map(({ args }) => args)
  const notAll = conditions.filter(({ name }) => name === 'when_not_all').map(({ args }) => args)
  return (
    wanted.find((flag) => unwanted.includes(flag)) ??
    anyOf.find((flags) => flags.every((flag) => unwanted.includes(flag)))?.[0] ??
    notAll.find((flags) => flags.every((flag) => wanted.includes(flag)))?.[0]
  )
}

/** Patterns of all flags that somebody may set. */
export function settersOf({ model, unseen }: Subject): string[] {
  const { changes, triggers, automatic, registration } = model
  return [
    ...unseen,
    ...changes.filter(({ kind }) => kind === 'set').map(({ flag }) => flag),
    ...triggers.flatMap(({ setFlags }) => setFlags),
    ...automatic.map(({ flag }) => flag),
    ...registration.changes.filter(({ set }) => set).map(({ flag }) => flag),
  ]
}
