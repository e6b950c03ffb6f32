// What each layer brings to a charm, by path: the files that its `exclude` keeps back are not among them, nor those
// of lower layers that its `ignore` leaves out, nor what a charm of this toolkit has no use for.

import fs from 'node:fs'
import { isStub } from '../../dispatch/charm-script.ts'
import { isHookTemplate } from '../../dispatch/hook-template.ts'
import { usesPython } from '../carried-toolkit.ts'
import type { Layer } from '../layers/layer.ts'
import { type LayerFile, type LayerFiles, matcher, matcherOf } from '../layers/layer-files.ts'
import type { Stack } from '../layers/order.ts'

/** A file of a layer, and where in the charm it belongs. */
export interface Contribution {
  layer: Layer
  file: LayerFile
}

/** By path in the charm; those of one path with the lowest layer first. */
export type Contributions = Map<string, Contribution[]>

/** Tell the caller something in one line. */
export type Note = (line: string) => void

/** What charm-tools makes something of and this toolkit does not, and why. */
const UNUSED: readonly { files: readonly string[]; why: string }[] = [
  { files: ['*.pypi'], why: 'packages come from wheelhouse.txt' },
  { files: ['/dist.yaml'], why: 'nothing reads it' },
  { files: ['/hooks/hook.template'], why: 'the toolkit writes the hooks' },
]

/** What layer:basic does in Python, and the engine itself. */
const BOOTSTRAP = [
  '/bin/charm-env',
  ...['__init__', 'basic', 'execd'].map((name) => `/lib/charms/layer/${name}.py`),
]

/** What our stand-ins bring for code in Python alone. */
const FOR_PYTHON = matcher(['/wheelhouse.txt', '*.py'])
const OF_DEVELOPMENT = /^(unit_)?tests\//

/** Collect the files of all layers. `filesOf` reads those of one. */
export function collect(stack: Stack, filesOf: (layer: Layer) => LayerFiles, note: Note): Contributions {
  const { layers } = stack
  const all: Contributions = new Map()
  const withPython = hasPython(stack, filesOf)
  for (const layer of layers) {
    dropIgnored(all, layer)
    const isExcluded = matcherOf(layer, 'exclude')
    const isUnused = unusedOf(layer, note)
    for (const file of filesOf(layer).files) {
      if (isExcluded(file.path) || isUnused(file)) continue
      if (layer.origin.from === 'toolkit' && !withPython && FOR_PYTHON(file.path)) continue
      // What charm-tools read before there was layer.yaml.
      const name = file.path === 'composer.yaml' ? 'layer.yaml' : file.path
      all.set(name, [...(all.get(name) ?? []), { layer, file }])
    }
  }
  return all
}

/** Whether any layer that is not ours has code in Python. */
function hasPython({ layers, interfaces }: Stack, filesOf: (layer: Layer) => LayerFiles): boolean {
  const others = [...layers, ...interfaces].filter(({ origin }) => origin.from !== 'toolkit')
  return others.some((layer) =>
    usesPython(filesOf(layer).files.filter(({ path }) => !OF_DEVELOPMENT.test(path))),
  )
}

function dropIgnored(all: Contributions, layer: Layer): void {
  if (layer.config.ignore.length === 0) return
  const isIgnored = matcherOf(layer, 'ignore')
  for (const name of all.keys()) if (isIgnored(name)) all.delete(name)
}

function unusedOf(layer: Layer, note: Note): (file: LayerFile) => boolean {
  const isBasic = layer.name === 'basic' && layer.origin.from !== 'toolkit'
  const rows = UNUSED.map(({ files, why }) => ({ isHere: matcher(files), why }))
  const isBootstrap = matcher(isBasic ? BOOTSTRAP : [])
  if (isBasic)
    note(`${layer.url} of ${layer.dir} is used without its bootstrap in Python, which the engine replaces`)
  if (layer.config.raw.tactics !== undefined)
    note(`${layer.url}: left out its tactics in Python: rules compose the files`)
  return (file) => {
    const row = rows.find(({ isHere }) => isHere(file.path))
    if (isBootstrap(file.path) || isOldEntry(file)) return true
    if (row !== undefined) note(`${layer.url}: left out: ${file.path}: ${row.why}`)
    return row !== undefined
  }
}

/** What a layer that was a built charm once still has: an entry of this toolkit, or a hook from the original's template. */
function isOldEntry({ path: name, ...file }: LayerFile): boolean {
  if (file.kind !== 'file' || Buffer.isBuffer(file.content)) return false
  if (!/^(dispatch|(hooks|actions)\/[^/]+)$/.test(name)) return false
  const place = file.content.file
  return isStub(place) || (name.startsWith('hooks/') && isHookTemplate(fs.readFileSync(place, 'utf8')))
}
