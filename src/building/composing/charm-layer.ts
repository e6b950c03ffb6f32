// The layer.yaml of a composed charm: that of all layers together, with the options complete and the definitions
// gone, as the engine and `charms.layer.options` read it on a unit.

import { isMap, isScalar, type Node, Pair, Scalar, type YAMLMap } from 'yaml'
import { isMapping } from '../../charm/charm-files.ts'
import type { Layer } from '../layers/layer.ts'
import type { Stack } from '../layers/order.ts'
import type { Contribution } from './contributions.ts'
import { completeOptions } from './layer-options.ts'
import { mergeParts } from './merged-files.ts'
import { dataOf, findPair, nodeOf, textOf, type YamlNode } from './yaml-nodes.ts'

/** What serves composing alone. */
const COMPOSING = ['defines', 'overwrites', 'tactics']

/** The text of layer.yaml; undefined where no layer has one. */
export function charmLayerText(
  { layers, top }: Stack,
  contributions: readonly Contribution[],
): string | undefined {
  const document = mergeParts(contributions, { section: 'layer' })
  const map = document?.contents
  const set = isMap<Node, YamlNode>(map) ? dataOf(findPair(map, 'options')?.value ?? null) : {}
  const options = completeOptions(layers, set)
  if (document === undefined || !isMap<Node, YamlNode>(map)) return undefined
  map.items = map.items.filter(({ key }) => !(isScalar(key) && COMPOSING.includes(String(key.value))))
  setKey(map, 'options', completed(findPair(map, 'options')?.value, options))
  if (findPair(map, 'is') === undefined) setKey(map, 'is', nodeOf(top.url))
  setIgnored(map, layers)
  return textOf(document)
}

function setKey(map: YAMLMap<Node, YamlNode>, key: string, value: Node): void {
  const pair = findPair(map, key)
  if (pair !== undefined) pair.value = value
  else map.items.push(new Pair<Node, YamlNode>(new Scalar(key), value))
}

/** The options as they are written, with what is missing behind them. */
function completed(node: YamlNode | undefined, options: Record<string, unknown>): Node {
  if (!isMap<Node, YamlNode>(node)) return nodeOf(options)
  for (const [name, value] of Object.entries(options)) {
    const own = findPair(node, name)?.value
    if (!isMapping(value) || !isMap<Node, YamlNode>(own)) setKey(node, name, nodeOf(value))
    else for (const [option, one] of Object.entries(value)) setCompleted(own, option, one)
  }
  return node
}

/** A value that is written stays as it is written, unless its schema has completed it. */
function setCompleted(map: YAMLMap<Node, YamlNode>, option: string, value: unknown): void {
  const own = findPair(map, option)
  if (own === undefined || JSON.stringify(dataOf(own.value)) !== JSON.stringify(value))
    setKey(map, option, nodeOf(value))
}

/** Which layer has ignored what, as charm-tools keeps it. */
function setIgnored(map: YAMLMap<Node, YamlNode>, layers: readonly Layer[]): void {
  if (findPair(map, 'ignore') === undefined) return
  const rows = layers
    .filter(({ config }) => config.ignore.length > 0)
    .map((one) => [one.name, one.config.ignore])
  setKey(map, 'ignore', nodeOf(Object.fromEntries(rows)))
}
