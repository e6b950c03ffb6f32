// What a bash file reports about its decorated functions when it registers: the words of `_register`.

import { messageOf, ReactiveError, UsageError } from '../../errors.ts'
import { checkFlagName } from '../../unit/flags.ts'
import { type Condition, makeCondition } from '../conditions.ts'

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

/** Take the words of `_register` apart. */
export function parseEntries(
  words: readonly string[],
  relative: (file: string) => string,
  warn: (message: string) => void,
): Entry[] {
  const entries: Entry[] = []
  const rest = [...words]
  const take = (count: number) => rest.splice(0, count)
  while (rest.length > 0) {
    const [kind = '', name = ''] = take(2)
    const entry = entries.at(-1)
    if (kind === 'function') {
      const [line = '', file = ''] = take(2)
      entries.push({
        name,
        line: Number(line),
        file: relative(file),
        place: `${line} ${file}`,
        conditions: [],
      })
    } else if (kind === 'condition' && entry !== undefined) {
      const [line = '', count = ''] = take(2)
      const args = take(Number(count))
      for (const word of args.filter((word) => word.endsWith(','))) {
        warn(
          `a word of @${name} ends with a comma, which becomes part of the word: ${entry.file}:${line}: ${word}`,
        )
      }
      if (name === 'method') entry.method = at(entry, () => methodKind(entry.name, args))
      else entry.conditions.push(at(entry, () => makeCondition(name, args)))
    } else if (kind === 'guard' && entry !== undefined) {
      // The file's own processes watch over these calls; that the words are flags is checked here.
      for (const flag of take(Number(name))) at(entry, () => checkFlagName(flag))
    } else {
      throw new ReactiveError(`unknown entry: ${kind}`)
    }
  }
  return entries
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
