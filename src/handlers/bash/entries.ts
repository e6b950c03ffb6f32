// What a bash file reports about its decorated functions when it registers: the words of `_register`.

import { messageOf, ReactiveError, UsageError } from '../../errors.ts'
import { checkFlagName } from '../../unit/flags.ts'
import { type Condition, makeCondition } from '../conditions.ts'
import { type Definition, definitionBehind } from './definitions.ts'

/** A decorated function as the file reported it. */
export interface Entry {
  name: string
  file: string
  line: number
  /** Line and file as the file's own processes know them. */
  place: string
  conditions: Condition[]
  /** Set for a method that `relation_call` may call. */
  method?: MethodKind
}

/** What a method prints: JSON, or text. */
export interface MethodKind {
  json: boolean
}

/** What `relation_call` can say: no path, no option, nothing private. */
const METHOD_NAME = /^\p{L}[\p{L}\p{N}_-]*$/u

/** Where the decorated functions of a report are. */
export interface Reported {
  /** The lines of the file that registers. */
  lines: readonly string[]
  /** A file as the charm names it. */
  relative: (file: string) => string
  warn: (message: string) => void
}

/** Take the words of `_register` apart. */
export function parseEntries(words: readonly string[], reported: Reported): Entry[] {
  return new Report(words, reported).entries
}

class Report {
  readonly entries: Entry[] = []
  readonly #words: readonly string[]
  readonly #reported: Reported
  /** The file that registers, as its own processes know it. */
  #own = ''
  #at = 0

  constructor(words: readonly string[], reported: Reported) {
    this.#words = words
    this.#reported = reported
    while (this.#at < words.length) this.#next()
  }

  #next(): void {
    const [kind = '', name = ''] = this.#take(2)
    if (kind === 'file') this.#own = name
    else if (kind === 'here') this.#decorate(name, this.#found(Number(this.#words[this.#at])))
    else if (kind === 'function') this.#add({ name, line: Number(this.#take(1)[0]) }, this.#take(1)[0] ?? '')
    else if (kind === 'condition') this.#decorate(name, this.entries.at(-1))
    else throw new ReactiveError(`unknown entry: ${kind}`)
  }

  #take(count: number): readonly string[] {
    this.#at += count
    return this.#words.slice(this.#at - count, this.#at)
  }

  /** The function behind a decorator in the file that registers. */
  #found(line: number): Entry {
    const definition = definitionBehind(this.#reported.lines, line)
    if (definition === undefined) throw withoutFunction(this.#reported.relative(this.#own), line)
    const entry = this.entries.at(-1)
    return entry?.place === placeOf(definition, this.#own) ? entry : this.#add(definition, this.#own)
  }

  #add(definition: Definition, file: string): Entry {
    const entry = {
      ...definition,
      file: this.#reported.relative(file),
      place: placeOf(definition, file),
      conditions: [],
    }
    this.entries.push(entry)
    return entry
  }

  #decorate(name: string, entry: Entry | undefined): void {
    const [line = '', count = ''] = this.#take(2)
    const words = this.#take(Number(count))
    if (entry === undefined) throw new ReactiveError(`a condition without a function: ${name}`)
    for (const word of words.filter((word) => word.endsWith(',')))
      this.#reported.warn(
        `a word of @${name} ends with a comma, which becomes part of the word: ${entry.file}:${line}: ${word}`,
      )
    if (name === 'method') entry.method = at(entry, () => methodKind(entry.name, words))
    // The file's own processes watch over the calls of a guarded function; that the words are flags is checked here.
    else if (name === 'not_unless') for (const flag of words) at(entry, () => checkFlagName(flag))
    else entry.conditions.push(at(entry, () => makeCondition(name, words)))
  }
}

/** Line and file of a function, as the file's own processes know them. */
function placeOf({ line }: Definition, file: string): string {
  return `${line} ${file}`
}

/** A decorator that no function follows, or none that is defined when the file ends. */
export function withoutFunction(file: string, line: number): ReactiveError {
  return new ReactiveError(`a decorator without a function: ${file}:${line}`)
}

function methodKind(name: string, args: readonly string[]): MethodKind {
  if (!METHOD_NAME.test(name)) {
    throw new UsageError(`the name of a method is a letter, then letters, digits, _ and -: ${name}`)
  }
  if (args.length > 1 || (args[0] ?? '--json') !== '--json') {
    throw new UsageError(`the decorator takes --json or nothing: @method ${args.join(' ')}`)
  }
  return { json: args.length === 1 }
}

/** An error in a decorator names its function. */
function at<T>(entry: Entry, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new ReactiveError(`${messageOf(error)}, at ${entry.file}:${entry.line} ${entry.name}`, {
      cause: error,
    })
  }
}
