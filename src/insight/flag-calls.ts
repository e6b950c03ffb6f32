// Which calls in a charm's code change flags or register triggers, under all names that there are for them.

import type { Call, Place, Word } from './sources/source.ts'

/** A change of a flag that the code may make. */
export interface FlagChangeSite extends Place {
  kind: 'set' | 'clear'
  /** The flag; `*` stands for each part that only running the code could tell. */
  flag: string
  /** Path relative to the charm dir. */
  file: string
  /** The function it stands in; undefined at the top level. */
  function: string | undefined
}

/** A trigger that the code may register. */
export interface TriggerSite extends Place {
  /** The flag, or pattern of flags, that is set; or `whenNot`, that is cleared. */
  when?: string
  whenNot?: string
  setFlags: string[]
  clearFlags: string[]
  file: string
  function: string | undefined
}

type Kinds = readonly FlagChangeSite['kind'][]

/** Commands and functions whose first word is a flag that they change. */
const CHANGES: Record<string, Kinds> = {
  set_flag: ['set'],
  set_state: ['set'],
  clear_flag: ['clear'],
  remove_state: ['clear'],
  toggle_flag: ['set', 'clear'],
  toggle_state: ['set', 'clear'],
}

/** Names of triggers' options in their four parts; `set_flag` in bash, `setFlags` in JavaScript. */
const TRIGGER_PARTS = {
  when: ['when'],
  whenNot: ['when_not'],
  setFlags: ['set_flag', 'set_flags'],
  clearFlags: ['clear_flag', 'clear_flags'],
}

/** The changes that a call makes. */
export function changesOf(call: Call, file: string): FlagChangeSite[] {
  const kinds = Object.hasOwn(CHANGES, call.name) ? (CHANGES[call.name] as Kinds) : []
  const [first] = call.words
  // Of alternatives (`for flag in ('a', 'b')`) there are several words; the value behind a flag is no flag.
  const words = call.options.flag ?? call.options.state ?? (first === undefined ? [] : alternatives(call))
  const { line, column, inside } = call
  return kinds.flatMap((kind) =>
    words.map(({ text }) => ({ kind, flag: text, file, line, column, function: inside })),
  )
}

/** The words at the place of the first one. */
function alternatives({ words: [first, ...others] }: Call): Word[] {
  if (first === undefined) return []
  return [first, ...others.filter(({ line, column }) => line === first.line && column === first.column)]
}

/** The trigger that a call registers. */
export function triggerOf(call: Call, file: string): TriggerSite | undefined {
  if (call.name !== 'register_trigger') return undefined
  const part = (names: readonly string[]) =>
    names
      .flatMap((name) => call.options[name] ?? [])
      .map(({ text }) => text)
      .filter((text) => text !== 'None')
  const [when] = part(TRIGGER_PARTS.when)
  const [whenNot] = part(TRIGGER_PARTS.whenNot)
  const { line, column, inside } = call
  return {
    ...(when !== undefined && { when }),
    ...(whenNot !== undefined && { whenNot }),
    setFlags: part(TRIGGER_PARTS.setFlags),
    clearFlags: part(TRIGGER_PARTS.clearFlags),
    file,
    line,
    column,
    function: inside,
  }
}
