// The data of one unit or application on one relation, seen in two ways: `raw`, the texts as they are, and
// `json`, where values are JSON (documentation 2.7, Endpoint). Both are live views: an unknown key is null,
// and a key may be any text. What is not JSON comes back raw.

import { ReactiveError, UsageError } from '../errors.ts'
import { parseOrString, plain, pythonJson } from '../unit/python-json.ts'

export type RelationData = Readonly<Record<string, string>>

export type RawView = Record<string, string | null>
export type JsonView = Record<string, unknown>

interface DatabagOptions {
  /** Reads the data, at the first use. */
  load: () => RelationData
  /** Why it cannot be written; undefined when it can. Asked at each change. */
  refusal: () => string | undefined
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const REMOTE = 'only the other side can change its data'

export class Databag {
  readonly raw: RawView
  readonly json: JsonView
  readonly #options: DatabagOptions
  #base: ReadonlyMap<string, string> = new Map()
  #values: Map<string, string> | undefined

  constructor(options: DatabagOptions) {
    this.#options = options
    this.raw = this.#view((text) => text, toText)
    this.json = this.#view(decode, toJson)
  }

  /** Data that is only read. */
  static received(load: () => RelationData): Databag {
    return new Databag({ load, refusal: () => REMOTE })
  }

  /** What differs from the data as it was read; the empty text takes a key away. */
  changes(): Record<string, string> {
    const values = this.#values
    if (values === undefined) return {}
    const isNew = ([key, text]: [string, string]) => this.#base.get(key) !== text
    const gone = [...this.#base.keys()].filter((key) => !values.has(key))
    return Object.fromEntries([...[...values].filter(isNew), ...gone.map((key) => [key, ''])])
  }

  /** What was changed is published now. */
  settle(): void {
    if (this.#values !== undefined) this.#base = new Map(this.#values)
  }

  #read(): Map<string, string> {
    if (this.#values === undefined) {
      this.#base = new Map(Object.entries(this.#options.load()))
      this.#values = new Map(this.#base)
    }
    return this.#values
  }

  /** Juju has no empty values: such a one takes its key away. */
  #write(key: string, text: string | undefined): void {
    const refusal = this.#options.refusal()
    if (refusal !== undefined) throw new ReactiveError(`${refusal}: ${key}`)
    if (key === '') throw new UsageError('relation data needs a key')
    if (text === undefined || text === '') this.#read().delete(key)
    else this.#read().set(key, text)
  }

  #view<T>(read: (text: string) => T, write: (value: unknown, key: string) => string | undefined) {
    // console.log looks at what is behind a proxy, and would find nothing.
    const shown = { [INSPECT]: { value: () => ({ ...view }), configurable: true } }
    const target: Record<string, T | null> = Object.create(null, shown)
    const view = new Proxy(target, {
      get: (_, key) => {
        if (typeof key === 'symbol') return undefined
        const text = this.#read().get(key)
        return text === undefined ? null : read(text)
      },
      has: (_, key) => typeof key === 'string' && this.#read().has(key),
      ownKeys: () => [...this.#read().keys()],
      getOwnPropertyDescriptor: (_, key) => {
        const text = typeof key === 'string' ? this.#read().get(key) : undefined
        if (text === undefined) return undefined
        return { value: read(text), writable: true, enumerable: true, configurable: true }
      },
      set: (_, key, value) => {
        this.#write(String(key), value === undefined ? undefined : write(value, String(key)))
        return true
      },
      deleteProperty: (_, key) => {
        this.#write(String(key), undefined)
        return true
      },
    })
    return view
  }
}

/** The value of a text: JSON if it is, else the text itself. */
export function decode(text: string): unknown {
  return plain(decodeExactly(text))
}

/** The same with numbers as they are spelt, for hashes that are those of the Python original. */
export function decodeExactly(text: string): unknown {
  return isTooDeep(text) ? text : parseOrString(text)
}

const MAX_DEPTH = 500

/** Whether lists and maps are nested so deep that no program can be trusted with them as a value. */
export function isTooDeep(text: string): boolean {
  let depth = 0
  let isInString = false
  // One pass over the characters: a pattern can be made to look at them again and again by what others send.
  for (let index = 0; index < text.length && depth <= MAX_DEPTH; index += 1) {
    const char = text[index]
    if (char === '"') isInString = !isInString
    else if (isInString) index += char === '\\' ? 1 : 0
    else if (char === '[' || char === '{') depth += 1
    else if (char === ']' || char === '}') depth -= 1
  }
  return depth > MAX_DEPTH
}

/** The JSON of a value, as Python writes it: keys are sorted, so that the same value is the same text. */
function toJson(value: unknown, key: string): string {
  try {
    // A date has its own JSON, a function none, and what is undefined is left out.
    return pythonJson(JSON.parse(JSON.stringify(value)))
  } catch (error) {
    throw new UsageError(`relation data must be JSON: ${key}: ${typeof value}`, { cause: error })
  }
}

function toText(value: unknown, key: string): string | undefined {
  if (value === null) return undefined
  if (typeof value === 'string') return value
  if (['number', 'bigint', 'boolean'].includes(typeof value)) return String(value)
  throw new UsageError(`raw relation data must be text: ${key}: ${typeof value}`)
}
