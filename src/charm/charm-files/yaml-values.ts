// The JavaScript value of a parsed YAML document, built as PyYAML's safe constructor builds it. Used by
// `yaml-file.ts` only, whose head has the decisions.

import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import { oneLine, type ReactiveError, shorten } from '../../errors.ts'
import type { YamlMap } from './declarations.ts'
import { isScalarTag, readPlainScalar, readTaggedScalar, type YamlScalar } from './yaml-scalars.ts'

/** The values that a file may hold once its aliases are expanded. */
const LARGEST_FILE = 1_000_000
const DEEPEST_VALUE = 500
const STANDARD_TAG = 'tag:yaml.org,2002:'

/** Makes an error for the value at that offset of the text. */
type Fail = (offset: number, what: string) => ReactiveError

export const NESTED_TOO_DEEPLY = `nested too deeply: more than ${DEEPEST_VALUE} levels`

export function isMapping(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as one short line of an error message. */
export function showValue(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return shorten(oneLine(text ?? String(value)))
}

/**
 * Makes the value of a document, in the order of its text, so that an alias finds the anchor above it.
 * @internal
 */
export class Construction {
  readonly #anchors = new Map<string, { value: unknown; size: number } | 'unfinished'>()
  readonly #fail: Fail
  readonly #openEnd: number | undefined
  #size = 0

  /** `openEnd` is where the text ends, if its last line has no line end. */
  constructor(fail: Fail, openEnd: number | undefined) {
    this.#fail = fail
    this.#openEnd = openEnd
  }

  value(node: Node | null, depth = 0): unknown {
    if (depth > DEEPEST_VALUE) throw this.#error(node, NESTED_TOO_DEEPLY)
    if (isAlias(node)) return this.#alias(node, node.source)
    const before = this.#size
    this.#grow(node, 1)
    const anchor = anchorOf(node)
    if (anchor === undefined) return this.#content(node, depth)
    if (this.#anchors.has(anchor)) throw this.#error(node, `an anchor is defined twice: &${anchor}`)
    this.#anchors.set(anchor, 'unfinished')
    const value = this.#content(node, depth)
    this.#anchors.set(anchor, { value, size: this.#size - before })
    return value
  }

  #error(node: Node | null, what: string): ReactiveError {
    return this.#fail(node?.range?.[0] ?? 0, what)
  }

  #grow(node: Node | null, size: number): void {
    this.#size += size
    if (this.#size > LARGEST_FILE)
      throw this.#error(node, `too many values once its aliases are expanded: ${LARGEST_FILE}`)
  }

  #alias(node: Node, name: string): unknown {
    const anchor = this.#anchors.get(name)
    if (anchor === undefined) throw this.#error(node, `an alias without an anchor: *${name}`)
    if (anchor === 'unfinished') throw this.#error(node, `an alias to a value that contains it: *${name}`)
    this.#grow(node, anchor.size)
    return anchor.value
  }

  #content(node: Node | null, depth: number): unknown {
    if (isMap<Node, Node | null>(node)) {
      this.#expectTag(node, ['map', 'set'])
      return this.#mapping(node.items, depth)
    }
    if (isSeq<Node>(node)) {
      this.#expectTag(node, ['seq', 'omap', 'pairs'])
      return node.items.map((item) => this.value(item, depth + 1))
    }
    return isScalar(node) ? this.#scalar(node, node.type === 'PLAIN', this.#text(node)) : null
  }

  /** A block scalar on a last line without line end has none either. */
  #text({ value, type, range }: Scalar): string {
    const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
    const isOpen = isBlock && this.#openEnd !== undefined && range?.[1] === this.#openEnd
    return isOpen ? String(value).replace(/\n$/, '') : String(value)
  }

  #expectTag(node: Node & { tag?: string }, names: readonly string[]): void {
    const { tag } = node
    if (tag === undefined || tag === '!' || names.some((name) => tag === STANDARD_TAG + name)) return
    throw this.#error(node, `a tag that cannot be used here: ${showTag(tag)}`)
  }

  #scalar(node: Node & { tag?: string }, plain: boolean, text: string): YamlScalar {
    const { tag } = node
    if (tag === '!') return readPlainScalar(text)
    if (tag === undefined) return plain ? readPlainScalar(text) : text
    const name = tag.startsWith(STANDARD_TAG) ? tag.slice(STANDARD_TAG.length) : ''
    if (!isScalarTag(name)) throw this.#error(node, `a tag that cannot be used here: ${showTag(tag)}`)
    const value = readTaggedScalar(name, text)
    if (value === undefined) throw this.#error(node, `not a valid !!${name}: ${showValue(text)}`)
    return value
  }

  #mapping(items: readonly { key: Node; value: Node | null }[], depth: number): YamlMap {
    const own: YamlMap = Object.create(null)
    const merged: YamlMap = Object.create(null)
    for (const { key, value } of items) {
      if (isMergeKey(key)) this.#merge(merged, value, depth)
      else own[this.#key(key, depth)] = this.value(value, depth + 1)
    }
    return Object.assign(merged, own)
  }

  #key(node: Node, depth: number): string {
    if (isMissing(node)) throw this.#error(node, 'a key is missing before this colon')
    const value = this.value(node, depth + 1)
    if (typeof value === 'object' && value !== null)
      throw this.#error(node, `a key is not a scalar: ${showValue(value)}`)
    return typeof value !== 'string' && isScalar(node) ? String(node.value) : String(value)
  }

  #merge(target: YamlMap, node: Node | null, depth: number): void {
    const value = this.value(node, depth + 1)
    const sources = Array.isArray(value) ? value.toReversed() : [value]
    for (const source of sources) {
      if (!isMapping(source)) throw this.#error(node, `only maps can be merged with <<: ${showValue(source)}`)
      Object.assign(target, source)
    }
  }
}

function isMergeKey(node: Node): boolean {
  if (!isScalar(node)) return false
  return (
    node.tag === `${STANDARD_TAG}merge` ||
    (node.tag === undefined && node.type === 'PLAIN' && node.value === '<<')
  )
}

function isMissing(node: Node): boolean {
  if (!isScalar(node) || node.tag !== undefined || node.anchor !== undefined) return false
  return node.type === 'PLAIN' && node.value === ''
}

function anchorOf(node: Node | null): string | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
}

function showTag(tag: string): string {
  return tag.startsWith(STANDARD_TAG) ? `!!${tag.slice(STANDARD_TAG.length)}` : tag
}
