// How the maps of two layers become one (as charm-tools does it): maps merge key by key, lists get what is new,
// and of two single values the upper layer's counts. The upper layer's file stays as it is, comments and order, and
// what the lower ones add comes behind.

import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import type { ReactiveError } from '../../errors.ts'
import { findPair, fingerprint, isEmpty, keyOf, type YamlNode } from './yaml-nodes.ts'

export interface MergeRules {
  /** Makes an error about the upper layer's value at these keys. */
  fail(keys: readonly string[], what: string): ReactiveError
  /** Keys at the top whose lists have the upper layer's items first. */
  upperFirst?: readonly string[]
}

/** Merge a lower map into an upper one. */
export function mergeMaps(
  upper: YAMLMap<Node, YamlNode>,
  lower: YAMLMap<Node, YamlNode>,
  rules: MergeRules,
  keys: readonly string[] = [],
): void {
  // `{}` is written so for want of anything.
  if (upper.items.length === 0) upper.flow = lower.flow ?? false
  for (const pair of lower.items) {
    const own = findPair(upper, keyOf(pair))
    if (own === undefined) upper.items.push(pair)
    else own.value = mergeValues(own.value, pair.value, rules, [...keys, keyOf(pair)])
  }
}

function mergeValues(upper: YamlNode, lower: YamlNode, rules: MergeRules, keys: readonly string[]): YamlNode {
  const isStructure = isMap(lower) || isSeq(lower)
  // An empty section adds nothing, where an empty value says that there is none.
  if (isEmpty(upper) && isStructure) return lower
  if (isEmpty(lower)) return upper
  if (isMap<Node, YamlNode>(upper) && isMap<Node, YamlNode>(lower)) {
    settleComment(lower, lower.items[0]?.key)
    mergeMaps(upper, lower, rules, keys)
    return upper
  }
  if (isSeq<Node>(upper) && isSeq<Node>(lower)) {
    for (const list of [upper, lower]) settleComment(list, list.items[0])
    const isUpperFirst = keys.length === 1 && rules.upperFirst?.includes(keys[0] ?? '')
    upper.items = isUpperFirst ? union([], [...upper.items, ...lower.items]) : union(lower.items, upper.items)
    return upper
  }
  const isOther = isMap(upper) || isSeq(upper)
  if (isStructure && isOther) {
    const [mine, theirs] = [kindOf(upper), kindOf(lower)]
    throw rules.fail(
      keys,
      `a ${mine} cannot be merged with the ${theirs} of a lower layer: ${keys.join('.')}`,
    )
  }
  return upper
}

/** What stands before the first item of a collection is about that item, which may get another place. */
function settleComment(collection: Node, first: unknown): void {
  if (!collection.commentBefore || !isScalar(first)) return
  first.commentBefore = collection.commentBefore
  collection.commentBefore = null
}

const kindOf = (node: YamlNode) => (isMap(node) ? 'map' : 'list')

/** The first list, and what of the second is not in it. */
function union(first: Node[], second: Node[]): Node[] {
  const known = new Set(first.map(fingerprint))
  const isNew = (item: Node) => known.size < known.add(fingerprint(item)).size
  return [...first, ...second.filter(isNew)]
}

/** Delete what a dotted path leads to; a key may have dots itself. Whether it was there. */
export function deletePath(node: YamlNode | undefined, dotted: string): boolean {
  if (!isMap<Node, YamlNode>(node)) return false
  const whole = findPair(node, dotted)
  if (whole !== undefined) {
    node.items.splice(node.items.indexOf(whole), 1)
    return true
  }
  const dots = [...dotted].flatMap((letter, index) => (letter === '.' ? [index] : []))
  return dots.some((dot) => deletePath(findPair(node, dotted.slice(0, dot))?.value, dotted.slice(dot + 1)))
}
