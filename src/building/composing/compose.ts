// A charm as its layers make it: all of its files, by path, each with the layer that it comes from. Nothing is
// written here (`target/` does that), and nothing is fetched.

import { createHash } from 'node:crypto'
import { YamlFile } from '../../charm/charm-files/yaml-file.ts'
import { type Metadata, metadataIn } from '../../charm/charm-files.ts'
import { ReactiveError } from '../../errors.ts'
import { bytesOf, textEntry } from '../entries.ts'
import type { Layer } from '../layers/layer.ts'
import type { LayerFile, LayerFiles } from '../layers/layer-files.ts'
import type { Stack } from '../layers/order.ts'
import { LEADERSHIP_PEER, needsLeadershipPeer, withLeadershipPeer } from '../leadership-peer.ts'
import { charmLayerText } from './charm-layer.ts'
import { type Contribution, type Contributions, collect, type Note } from './contributions.ts'
import { interfaceFiles } from './interfaces.ts'
import { MERGED, mergedText } from './merged-files.ts'
import { findOverwrites, type Overwrite } from './overwrites.ts'
import { mergeWheelhouses } from './wheelhouse-text.ts'

/** A file of the composed charm. */
export interface BuiltFile {
  file: LayerFile
  /** The layer, as the build manifest names it. */
  url: string
  /** `dynamic` for what composing has made. */
  kind: 'static' | 'dynamic'
}

export interface Composition {
  stack: Stack
  metadata: Metadata
  files: Map<string, BuiltFile>
  contributions: Contributions
  overwrites: Overwrite[]
}

/** How the files of one path become those of the charm. */
type Combine = (path: string, contributions: readonly Contribution[], stack: Stack, note: Note) => BuiltFile[]

const COMBINE: Readonly<Record<string, Combine>> = {
  ...Object.fromEntries(Object.keys(MERGED).map((name) => [name, combineMerged])),
  'layer.yaml': combineLayer,
  copyright: combineCopyright,
  'wheelhouse.txt': combineWheelhouse,
  'wheelhouse-constraints.txt': combineWheelhouse,
}

/** Compose the charm. `filesOf` reads the files of a layer. */
export function compose(stack: Stack, filesOf: (layer: Layer) => LayerFiles, note: Note): Composition {
  const contributions = collect(stack, filesOf, note)
  // Options are checked also where no layer.yaml comes of it.
  if (!contributions.has('layer.yaml')) charmLayerText(stack, [])
  for (const name of Object.keys(MERGED))
    if (!contributions.has(name)) mergedText(name, [], stack.layers, note)
  const built = [...contributions].flatMap(([path, parts]) =>
    (COMBINE[path] ?? top)(path, parts, stack, note),
  )
  const files = new Map(built.map((one) => [one.file.path, one]))
  const metadata = addPeer(files, metadataOf(files, stack), stack, note)
  for (const layer of stack.interfaces)
    for (const file of interfaceFiles(layer, stack, metadata, filesOf, note))
      files.set(file.path, { file, url: layer.url, kind: 'static' })
  checkPlaces(files, note)
  const overwrites = findOverwrites([...contributions].filter(([path]) => !Object.hasOwn(COMBINE, path)))
  return { stack, metadata, files, contributions, overwrites }
}

/** A text that composing has made. */
export function textFile(path: string, text: string, isExecutable = false): LayerFile {
  return { ...textEntry(path, text, isExecutable), sha256: createHash('sha256').update(text).digest('hex') }
}

/** The uppermost file of a path. */
function top(path: string, contributions: readonly Contribution[]): BuiltFile[] {
  return contributions
    .slice(-1)
    .map(({ layer, file }) => ({ file: { ...file, path }, url: layer.url, kind: 'static' }))
}

function combineMerged(path: string, contributions: readonly Contribution[], { layers }: Stack, note: Note) {
  const text = mergedText(path, contributions, layers, note)
  return dynamic(path, text, contributions)
}

function combineLayer(path: string, contributions: readonly Contribution[], stack: Stack): BuiltFile[] {
  return dynamic(path, charmLayerText(stack, contributions), contributions)
}

/** The text, or where there is none the file as it is. */
function dynamic(
  path: string,
  text: string | undefined,
  contributions: readonly Contribution[],
): BuiltFile[] {
  return top(path, contributions).map(({ file, url }) => ({
    file: text === undefined ? file : textFile(path, text),
    url,
    kind: 'dynamic',
  }))
}

/** Every layer keeps its own. */
function combineCopyright(path: string, contributions: readonly Contribution[]): BuiltFile[] {
  const lower = contributions.slice(0, -1).map(({ layer, file }): BuiltFile => {
    return { file: { ...file, path: `${path}.layer-${layer.name}` }, url: layer.url, kind: 'static' }
  })
  return [...lower, ...top(path, contributions)]
}

function combineWheelhouse(path: string, contributions: readonly Contribution[]): BuiltFile[] {
  const parts = contributions.map(({ layer, file }) => ({ layer, text: bytesOf(file).toString() }))
  return dynamic(path, mergeWheelhouses(parts), contributions)
}

function metadataOf(files: ReadonlyMap<string, BuiltFile>, { top: { dir } }: Stack): Metadata {
  const built = files.get('metadata.yaml')
  if (built === undefined) throw new ReactiveError(`no layer has a metadata.yaml: ${dir}`)
  return metadataIn(new YamlFile(`${dir}/metadata.yaml`, bytesOf(built.file).toString()))
}

/** The metadata, with a peer relation for the settings of the leader where the charm has them and no peer relation. */
function addPeer(files: Map<string, BuiltFile>, metadata: Metadata, stack: Stack, note: Note): Metadata {
  const entries = [...files.values()].map(({ file }) => file)
  const built = files.get('metadata.yaml')
  if (built === undefined || !needsLeadershipPeer(metadata.raw, entries)) return metadata
  note(`the peer relation ${LEADERSHIP_PEER} is added, for leader settings under Juju 4`)
  const text = withLeadershipPeer(bytesOf(built.file).toString())
  files.set('metadata.yaml', { ...built, file: textFile('metadata.yaml', text), kind: 'dynamic' })
  return metadataOf(files, stack)
}

/** The directories that a path leads through. */
export function dirsAbove(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** One name cannot be a file and a directory; names that differ in case alone are one on some systems. */
function checkPlaces(files: ReadonlyMap<string, BuiltFile>, note: Note): void {
  const byLowerCase = new Map<string, string>()
  for (const [path, { url }] of files) {
    const clash = dirsAbove(path)
      .map((dir) => files.get(dir))
      .find((one) => one !== undefined && one.file.kind !== 'directory')
    if (clash !== undefined)
      throw new ReactiveError(
        `a file of ${clash.url} has the name of a directory of ${url}: ${clash.file.path}`,
      )
    for (const place of [...dirsAbove(path), path]) {
      const twin = byLowerCase.get(place.toLowerCase())
      if (twin !== undefined && twin !== place) note(`two names differ only in case: ${twin} and ${place}`)
      byLowerCase.set(place.toLowerCase(), place)
    }
  }
}
