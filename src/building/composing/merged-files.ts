// The files of a charm that layers make together: metadata.yaml and those like it. A file that only one layer has,
// and that nothing is deleted from, stays as it is, byte for byte.

import path from 'node:path'
import type { Document, Node, YAMLMap } from 'yaml'
import { isMapping, showValue } from '../../charm/charm-files.ts'
import { errorIn, type Layer } from '../layers/layer.ts'
import type { Contribution, Note } from './contributions.ts'
import { deletePath, mergeMaps } from './merge-maps.ts'
import { findPair, type MergePart, readPart, textOf, type YamlNode } from './yaml-nodes.ts'

interface MergedFile {
  /** What layer.yaml calls it, where it says what is deleted. */
  section: string
  /** The key that dotted paths begin below. */
  root?: string
  upperFirst?: readonly string[]
  /** Keys that count in the topmost file alone. */
  topOnly?: readonly string[]
}

/** By path. layer.yaml merges the same way, and then gets its options (`charm-layer.ts`). */
export const MERGED: Readonly<Record<string, MergedFile>> = {
  'metadata.yaml': { section: 'metadata', upperFirst: ['series'], topOnly: ['maintainer', 'maintainers'] },
  'config.yaml': { section: 'config', root: 'options' },
  'actions.yaml': { section: 'actions' },
  'resources.yaml': { section: 'resources' },
  'metrics.yaml': { section: 'metrics' },
}

/** The text of a merged file; undefined where the one file that there is stays as it is. */
export function mergedText(
  name: string,
  contributions: readonly Contribution[],
  layers: readonly Layer[],
  note: Note,
): string | undefined {
  const rules = MERGED[name] ?? { section: name }
  const deletes = layers.flatMap((layer) => deletesIn(layer, rules.section).map((key) => ({ layer, key })))
  if (contributions.length === 1 && deletes.length === 0) return undefined
  const document = mergeParts(
    contributions,
    rules,
    (below, layer) => {
      for (const { key } of deletes.filter((one) => one.layer === layer)) {
        const found = below !== undefined && deletePath(rootOf(below, rules.root), key)
        if (!found) note(`${layer.url}: layer.yaml deletes what no lower layer has: ${rules.section}: ${key}`)
      }
    },
    layers,
  )
  return document === undefined ? '' : textOf(document)
}

/** Merge the parts from the bottom up. `atLayer` hears of each layer with what lies below it. */
export function mergeParts(
  contributions: readonly Contribution[],
  { upperFirst, topOnly = [] }: MergedFile,
  atLayer: (below: YAMLMap<Node, YamlNode> | undefined, layer: Layer) => void = () => {},
  layers: readonly Layer[] = contributions.map(({ layer }) => layer),
): Document | undefined {
  let below: MergePart | undefined
  for (const layer of layers) {
    atLayer(below?.map, layer)
    const own = contributions.find((one) => one.layer === layer)
    const part = own === undefined ? undefined : partOf(own)
    if (part === undefined) continue
    if (below !== undefined) {
      for (const key of topOnly) deletePath(below.map, key)
      const fail = (keys: readonly string[], what: string) => part.file.errorAt(keys, what)
      mergeMaps(part.map, below.map, { fail, ...(upperFirst && { upperFirst }) })
    }
    below = part
  }
  return below?.document
}

/** What charmcraft.yaml stands for is in no file. */
function partOf({ layer, file }: Contribution): MergePart | undefined {
  const isMade = file.kind === 'file' && Buffer.isBuffer(file.content)
  return readPart(path.join(layer.dir, file.path), isMade ? String(file.content) : undefined)
}

function rootOf(map: YAMLMap<Node, YamlNode>, root: string | undefined): YamlNode | undefined {
  return root === undefined ? map : findPair(map, root)?.value
}

/** The dotted paths that a layer deletes from a file of lower layers. */
function deletesIn(layer: Layer, section: string): string[] {
  const value = layer.config.raw[section]
  if (!isMapping(value) || value.deletes === undefined || value.deletes === null) return []
  const list = typeof value.deletes === 'string' ? [value.deletes] : value.deletes
  if (!Array.isArray(list))
    throw errorIn(layer, [section, 'deletes'], `${section}.deletes must be a list: ${showValue(list)}`)
  return list.map((key: unknown, index) => {
    if (typeof key === 'string' && key !== '') return key
    throw errorIn(
      layer,
      [section, 'deletes', index],
      `${section}.deletes must be a list of keys: ${showValue(key)}`,
    )
  })
}
