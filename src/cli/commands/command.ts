// What a row of the command table is, and what its function gets and gives.

import type { Target } from '../../juju/units.ts'
import { readPair } from '../../system/key-values.ts'
import { toRecord } from '../../unit/records.ts'
import type { Session } from '../../unit/session.ts'

/** What a command came to: a yes or no (exit 0 or 1), a value to print, or both. */
export interface Outcome {
  answer?: boolean
  value?: unknown
  /** Values that are printed as they come, until nobody reads them any more. */
  stream?: AsyncIterable<unknown>
}

/** Options as given: flags are true, the others lists of values. */
export type Options = Record<string, string[] | true | undefined>

export interface Option {
  /** One line of help. */
  summary: string
  /** Name of its value; none for a flag. */
  value?: string
  /** Whether it may be given more than once. */
  repeatable?: boolean
  /** A name of one letter for it. */
  short?: string
}

/** What every row says of its command. */
export interface Row {
  /** A command line that shows the most common use, without `charms.reactive`. */
  example: string
  /** One sentence, short enough for one line of help. */
  summary: string
  /** The words, as help shows them, and how many (word-count.ts): `[…]` may be left out, `...` is any number. */
  words: string
  /** `predicate` answers by exit status, `silent` prints nothing, `value` prints one. */
  kind: 'predicate' | 'silent' | 'value'
  /** Whether a last word `-` stands for what comes on standard input. */
  stdin?: boolean
  /** Its own; `format` stands in the place of the one that all commands have. */
  options?: Record<string, Option>
  /** Whether the bash library hands over the shell's variables: `--shell-variables NUMBER WORD...` behind the name. */
  takesShellVariables?: boolean
}

/** A command about a unit: the same in a hook, over the channel, and outside of one. */
export interface UnitCommand extends Row {
  /** Whether it may change the unit state; where that depends on its words, a function of them. */
  writes: boolean | ((words: readonly string[]) => boolean)
  run(
    session: Session,
    words: readonly string[],
    options: Options,
    shellVariables: readonly string[],
  ): Outcome | Promise<Outcome>
}

/** A command about the files of a charm: it needs no unit, and no hook calls it. */
export interface FilesCommand extends Row {
  /** Whether a word names the charm, so that no option does. */
  namesCharm?: boolean
  runOnFiles(place: Place, words: readonly string[], options: Options): Outcome | Promise<Outcome>
}

/** Where a command about files is called. */
export interface Place {
  /** The working directory. */
  cwd: string
  /** The environment of the caller. */
  env: NodeJS.ProcessEnv
  /** The toolkit's directory of bash files and executables. */
  shellDir: string
  /** The charm dir that the caller names, or else means. */
  charmDir: () => string
  /** Read something of a unit of this machine; nothing of it is changed. */
  inUnit: <T>(target: Target, work: (session: Session) => Promise<T>) => Promise<T>
}

export type Command = UnitCommand | FilesCommand

export const done: Outcome = {}

export const answer = (yes: boolean): Outcome => ({ answer: yes })

export const HASH_TYPE: Record<string, Option> = {
  hash_type: { summary: 'the hash algorithm, md5 by default', value: 'TYPE' },
}

/** The value of an option that may be given once. */
export function one(options: Options, name: string): string | undefined {
  return many(options, name)[0]
}

/** The values of an option that may be given several times. */
export function many(options: Options, name: string): string[] {
  const given = options[name]
  return Array.isArray(given) ? given : []
}

/** `KEY=VALUE` words as a record. */
export function parsePairs(words: readonly string[]): Record<string, string> {
  return toRecord(words.map((word) => readPair(word, 'not KEY=VALUE')))
}
