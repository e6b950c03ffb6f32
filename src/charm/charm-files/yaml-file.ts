// One YAML file as PyYAML's `safe_load` reads it, with the place of every value, so that an error can name
// file, line and column. Used by `charm-files.ts`, and by whoever checks the shape of such a file.
//
// Decisions: maps are objects without a prototype, so a key `__proto__` is only data. A key that is no string
// is its own text (`on: 1` has the key `on`, as Juju reads names). Of two equal keys the last wins, silently.
// An alias is the same object as its anchor; a file that expands to more than a million values is refused.
// What PyYAML refuses for its own limits alone is accepted: tabs between tokens, `=` as a value.

import { resolve } from 'node:path'
import { type Document, isAlias, isMap, isScalar, isSeq, type YAMLParseError } from 'yaml'
import { oneLine, ReactiveError, shorten } from '../../errors.ts'
import { remember, remembered } from './yaml-memory.ts'
import { type ParsedYaml, parseYaml } from './yaml-parse.ts'
import { readText } from './yaml-text.ts'
import { Construction, isMapping, NESTED_TOO_DEEPLY } from './yaml-values.ts'

/** Read the file; undefined when it does not exist. */
export function readYamlFile(path: string): YamlFile | undefined {
  const absolute = resolve(path)
  const text = readText(absolute)
  return text === undefined ? undefined : new YamlFile(absolute, text, remembered(absolute, text))
}

/** A value with the places of what is in it: a whole file, or what stands there under one key. */
export interface YamlPart {
  /** Of the file, absolute. */
  readonly path: string
  /** Null when there is nothing. */
  readonly value: unknown
  /** An error about the value that these keys lead to, or about the last of them that exists. */
  errorAt(keys: readonly (string | number)[], what: string): ReactiveError
  /** The text of a value without quotes, as it stands in the file; undefined for any other value. */
  plainText(keys: readonly (string | number)[]): string | undefined
}

export class YamlFile implements YamlPart {
  /** Absolute. */
  readonly path: string
  /** Null when the file is empty. */
  readonly value: unknown
  readonly #text: string
  #document: ParsedYaml | undefined

  constructor(path: string, text: string, known?: { value: unknown }) {
    this.path = path
    this.#text = text
    if (known !== undefined) {
      this.value = known.value
      return
    }
    const { document, error } = this.#parsed
    if (error !== undefined) throw this.#syntaxError(error, text)
    const fail = (offset: number, what: string) => this.#errorAt(offset, what)
    this.value = new Construction(fail, /\S$/.test(text) ? document.range[1] : undefined).value(
      document.contents,
    )
    remember(path, text, this.value)
  }

  /** The nodes, also for the places of errors in a value that was remembered. */
  get #parsed(): ParsedYaml {
    this.#document ??= parseYaml(this.#text)
    return this.#document
  }

  /** What stands under a key; undefined where the file has none such. */
  part(key: string): YamlPart | undefined {
    const { value } = this
    if (!isMapping(value) || !Object.hasOwn(value, key)) return undefined
    return {
      path: this.path,
      value: value[key],
      errorAt: (keys, what) => this.errorAt([key, ...keys], what),
      plainText: (keys) => this.plainText([key, ...keys]),
    }
  }

  /** The same file, read as another value. */
  withValue(value: unknown): YamlPart {
    return {
      path: this.path,
      value,
      errorAt: (keys, what) => this.errorAt(keys, what),
      plainText: (keys) => this.plainText(keys),
    }
  }

  /** The nodes, for a caller who changes them. */
  freshDocument(): Document {
    return this.#parsed.document.clone()
  }

  /** An error about the value that these keys lead to, or about the last of them that exists. */
  errorAt(keys: readonly (string | number)[], what: string): ReactiveError {
    return this.#errorAt(this.#find(keys).offset, what)
  }

  #errorAt(offset: number, what: string): ReactiveError {
    const { line, column } = this.#parsed.placeOf(offset)
    return new ReactiveError(`${this.path}:${line}:${column}: ${what}`)
  }

  #syntaxError({ code, message, pos }: YAMLParseError, text: string): ReactiveError {
    if (code === 'RESOURCE_EXHAUSTION') return this.#errorAt(pos[0], NESTED_TOO_DEEPLY)
    const { openQuote } = this.#parsed
    const offset = openQuote ?? pos[0]
    const line = text.split('\n')[this.#parsed.placeOf(offset).line - 1] ?? ''
    const documents = code === 'MULTIPLE_DOCS' ? 'expected a single document, but found another' : undefined
    const what = documents ?? (openQuote === undefined ? oneLine(message) : 'a quote is not closed')
    return this.#errorAt(offset, `${what}: ${shorten(oneLine(line))}`)
  }

  /** The text of a value without quotes, as it stands in the file; undefined for any other value. */
  plainText(keys: readonly (string | number)[]): string | undefined {
    const { node } = this.#find(keys)
    return isScalar(node) && node.type === 'PLAIN' ? String(node.value) : undefined
  }

  /** The node that the keys lead to, as far as they go, and where it begins. */
  #find(keys: readonly (string | number)[]): { node: unknown; offset: number } {
    const { document } = this.#parsed
    let node: unknown = document.contents
    let offset = startOf(node) ?? 0
    for (const key of keys) {
      const step = stepInto(isAlias(node) ? node.resolve(document) : node, key)
      if (step === undefined) break
      offset = step.offset ?? offset
      node = step.node
    }
    return { node, offset }
  }
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined
}

function stepInto(
  node: unknown,
  key: string | number,
): { node: unknown; offset: number | undefined } | undefined {
  if (isSeq(node)) return { node: node.items[Number(key)], offset: startOf(node.items[Number(key)]) }
  if (!isMap(node)) return undefined
  const pair = node.items.findLast((item) => isScalar(item.key) && String(item.key.value) === key)
  if (pair === undefined) return undefined
  const isEmpty =
    pair.value === null || (isScalar(pair.value) && pair.value.range?.[0] === pair.value.range?.[1])
  return { node: pair.value, offset: startOf(isEmpty ? pair.key : pair.value) }
}
