// YAML files as nodes that keep comments, order and spelling, for merging. Aliases are replaced by what they stand
// for: after merging, their anchors would stand somewhere else. Scalars stay the text that they are in the file.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  stringify,
  visit,
  type YAMLMap,
} from 'yaml'
import { readYamlFile, YamlFile } from '../../charm/charm-files/yaml-file.ts'
import { Construction, isMapping, showValue } from '../../charm/charm-files/yaml-values.ts'

export type YamlNode = Node | null

/** A YAML file of a layer whose contents are a map. */
export interface MergePart {
  file: YamlFile
  document: Document
  map: YAMLMap<Node, YamlNode>
}

/**
 * Read a file for merging, or a text that stands for one; undefined when it is not there or empty. Equal keys are an
 * error: one would be lost.
 */
export function readPart(path: string, text?: string): MergePart | undefined {
  const file = text === undefined ? readYamlFile(path) : new YamlFile(path, text)
  if (file === undefined || file.value === null) return undefined
  if (!isMapping(file.value)) throw file.errorAt([], `the file must be a map: ${showValue(file.value)}`)
  const document: Document = file.freshDocument()
  expandAliases(document)
  checkKeys(document.contents, [], file)
  return { file, document, map: document.contents as YAMLMap<Node, YamlNode> }
}

function expandAliases(document: Document): void {
  visit(document, {
    Alias(_, alias) {
      const target = alias.resolve(document)?.clone()
      return isNode(target) ? (target as Node) : undefined
    },
  })
  visit(document, {
    Node(_, node) {
      if (!isAlias(node) && 'anchor' in node) delete node.anchor
    },
    Map(_, map) {
      spreadMerged(map as YAMLMap<Node, YamlNode>)
    },
  })
}

/** `<<` gives what the map does not have itself; of several maps the first. */
function spreadMerged(map: YAMLMap<Node, YamlNode>): void {
  const isMerge = ({ key }: Pair<Node, YamlNode>) =>
    isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.type === undefined)
  const merged = map.items
    .filter(isMerge)
    .flatMap(({ value }) => (isSeq<Node>(value) ? value.items : [value]))
  map.items = map.items.filter((pair) => !isMerge(pair))
  for (const source of merged)
    if (isMap<Node, YamlNode>(source))
      for (const pair of source.items) if (findPair(map, keyOf(pair)) === undefined) map.items.push(pair)
}

function checkKeys(node: unknown, keys: readonly (string | number)[], file: YamlFile): void {
  if (isSeq(node)) for (const [index, item] of node.items.entries()) checkKeys(item, [...keys, index], file)
  if (!isMap<Node, YamlNode>(node)) return
  const known = new Set<string>()
  for (const pair of node.items) {
    const key = keyOf(pair)
    if (known.has(key))
      throw file.errorAt([...keys, key], `the key is given twice: ${[...keys, key].join('.')}`)
    known.add(key)
    checkKeys(pair.value, [...keys, key], file)
  }
}

/** The text of a key, as the reader of charm files takes it. */
export function keyOf({ key }: Pair<Node, YamlNode>): string {
  return isScalar(key) ? String(key.value) : String(key)
}

/** The pair of a key. */
export function findPair(map: YAMLMap<Node, YamlNode>, key: string): Pair<Node, YamlNode> | undefined {
  return map.items.find((pair) => keyOf(pair) === key)
}

/** The value of a node, as the reader of charm files takes it. */
export function dataOf(node: YamlNode): unknown {
  return new Construction((_, what) => new TypeError(what) as never, undefined).value(node)
}

/** A text that is the same for equal values only. */
export function fingerprint(node: YamlNode): string {
  return JSON.stringify(dataOf(node), (_, value: unknown) =>
    isMapping(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  )
}

/** Whether there is nothing: no value at all, or a null. */
export function isEmpty(node: YamlNode | undefined): boolean {
  if (node === undefined || node === null) return true
  return isScalar(node) && dataOf(node as Scalar & Node) === null
}

/** A value as a node like those of files. */
export function nodeOf(value: unknown): Node {
  const text = stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
  return parseDocument(text, { schema: 'failsafe', resolveKnownTags: false }).contents as Node
}

/** The text of a document. */
export function textOf(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
