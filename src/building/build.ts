// `charms.reactive build`: finds the layers of a charm, puts them in order, composes their files, and writes what is
// new. Without any network: layers come from this machine and from the cache that `layers fetch` fills.

import fs from 'node:fs'
import path from 'node:path'
import { stubTexts } from '../dispatch/hook-stubs.ts'
import { ReactiveError, UsageError } from '../errors.ts'
import { statOf } from '../system/regular-files.ts'
import { type Composition, compose, dirsAbove, textFile } from './composing/compose.ts'
import type { Note } from './composing/contributions.ts'
import { MANIFEST, manifestText, type Signatures } from './composing/manifest.ts'
import { type Overwrite, refuseOverwrites } from './composing/overwrites.ts'
import type { Layer } from './layers/layer.ts'
import { hashOfAll, isSame, type LayerFile, type LayerFiles, readLayerFiles } from './layers/layer-files.ts'
import { type Lock, locksOf, readLocks, writeLocks } from './layers/lock.ts'
import { cachedSource } from './layers/mirrors.ts'
import { readStack, readTop } from './layers/order.ts'
import { localSource, ownSource, type Surroundings } from './layers/sources.ts'
import { addWheels } from './make-wheels.ts'
import { checkTarget, checkUnchanged, readExisting } from './target/existing.ts'
import { place, realTarget, takePlace, withStage } from './target/staging.ts'
import { versionText } from './version-text.ts'

export interface BuildOptions {
  output?: string | undefined
  /** Replace what was changed in the target by hand. */
  force?: boolean
  allowOverwrites?: boolean
  /** Let pip make the wheels of what wheelhouse.txt requires; the only part of a build that may use the network. */
  wheels?: boolean
  /** Write nothing, but tell what would change. */
  dryRun?: boolean
  /** Hears how much is done, from 0 to 1. */
  progress?: ((done: number) => void) | undefined
}

export interface Built {
  /** Absolute. */
  target: string
  name: string
  layers: string[]
  interfaces: string[]
  /** How many files the charm has. */
  files: number
  /** Of all files, with their paths and modes: the same for the same charm, wherever it is. */
  sha256: string
  /** Paths of files that are new or other than before. */
  written: string[]
  removed: string[]
  overwrites: Overwrite[]
  notes: string[]
}

/** What of a file was and is; undefined where there is none. */
export type Change = [path: string, before: LayerFile | undefined, after: LayerFile | undefined]

/** Build the charm of a top layer. `onChanges` may look at the changes while both sides are there. */
export function buildCharm(
  layer: string,
  surroundings: Surroundings,
  options: BuildOptions,
  onChanges: (changes: Change[]) => void = () => {},
): Built {
  const notes: string[] = []
  const note: Note = (line) => void (notes.includes(line) || notes.push(line))
  const reading = readCharm(layer, surroundings, options, note)
  const { composition, target, locks } = reading
  if (options.allowOverwrites)
    for (const { path: name, by, of } of composition.overwrites)
      note(`${name} of ${by} replaces the one of ${of}`)
  else refuseOverwrites(composition.overwrites)
  const changes = write(reading, options, onChanges)
  if (!options.dryRun) writeLocks(composition.stack.top.dir, locks)
  return {
    target,
    name: composition.metadata.name,
    layers: composition.stack.layers.map(({ url }) => url),
    interfaces: composition.stack.interfaces.map(({ url }) => url),
    ...changes,
    overwrites: composition.overwrites,
    notes,
  }
}

/** A charm in memory, where it goes, and the locks of its layers. */
export interface Reading {
  composition: Composition
  target: string
  locks: Lock[]
}

/** Compose the charm of a top layer, without writing anything. */
export function readCharm(
  layer: string,
  surroundings: Surroundings,
  options: BuildOptions,
  note: Note,
): Reading {
  const top = readTop(layerDir(layer, surroundings.cwd), surroundings.env)
  const locks = readLocks(top.dir)
  const stack = readStack(top, [localSource(surroundings), ownSource, cachedSource(locks, surroundings.env)])
  const named = targetOf(top, surroundings, options.output)
  const target = realTarget(named)
  checkTarget(target, top.dir)
  const known = new Map<Layer, LayerFiles>()
  const total = stack.layers.length + stack.interfaces.length
  const filesOf = (one: Layer) => {
    const files = known.get(one) ?? readLayerFiles(one, [named, target])
    known.set(one, files)
    options.progress?.((known.size / total) * 0.9)
    return files
  }
  const composition = compose(stack, filesOf, note)
  const version = versionText(top.dir)
  if (version !== undefined)
    composition.files.set('version', { file: textFile('version', version), url: top.url, kind: 'dynamic' })
  if (options.wheels) addWheels(composition, surroundings.env, note)
  const written = locksOf(stack, (one) => filesOf(one).sha256)
  compareLocks(locks, written, note)
  return { composition, target, locks: written }
}

/** The directory of a layer that the caller names. */
export function layerDir(layer: string, cwd: string): string {
  const dir = path.resolve(cwd, layer)
  if (!statOf(dir)?.isDirectory()) throw new UsageError(`there is no such layer: ${layer}`)
  return fs.realpathSync(dir)
}

/** Where the caller wants the charm; at that place may be a link. */
function targetOf(top: Layer, { cwd, env }: Surroundings, output: string | undefined): string {
  const builds = env.CHARM_BUILD_DIR
  const dir = builds ? path.resolve(cwd, builds, top.url) : path.join(top.dir, 'build', top.url)
  if (output === undefined && !/^[a-z0-9][a-z0-9._-]*$/i.test(top.url))
    throw new ReactiveError(
      `the charm's name cannot be the name of a directory; name one with -o: ${top.url}`,
    )
  const target = output === undefined ? dir : path.resolve(cwd, output)
  return path.join(realTarget(path.dirname(target)), path.basename(target))
}

/** Local layers may change at any time, and the lock tells that they have. The files of a commit never do. */
function compareLocks(before: ReadonlyMap<string, Lock>, locks: readonly Lock[], note: Note): void {
  for (const { item, url, commit, sha256 } of locks) {
    const old = before.get(item)
    if (old === undefined || old.sha256 === null || old.sha256 === sha256) continue
    if (url !== null && old.commit === commit)
      throw new ReactiveError(
        `the cached files of ${item} differ from what build.lock says: ${url} ${commit}`,
      )
    note(`${item} has changed since the last build`)
  }
}

type Files = ReadonlyMap<string, LayerFile>

function write(
  { composition, target }: Reading,
  options: BuildOptions,
  onChanges: (changes: Change[]) => void,
) {
  const existing = readExisting(target)
  if (!options.force) checkUnchanged(target, existing)
  const changes = isCurrent(composition, target, existing)
    ? []
    : writeNew(composition, target, existing, options.dryRun === true, onChanges)
  options.progress?.(1)
  const removed = changes.filter(([, , file]) => file === undefined).map(([name]) => name)
  const written = changes.filter(([, , file]) => file !== undefined).map(([name]) => name)
  const files = withChanges(existing, changes)
  return { files: files.length, sha256: hashOfAll(files), written, removed }
}

/** The files after the changes, in the order of their paths. */
function withChanges(existing: Files, changes: readonly Change[]): LayerFile[] {
  const after = new Map(existing)
  for (const [name, , file] of changes) {
    if (file === undefined) after.delete(name)
    else after.set(name, file)
  }
  return [...after.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
}

/** Whether the target is what the build would make: then nothing is touched. */
function isCurrent(composition: Composition, target: string, existing: Files): boolean {
  for (const [name, { file }] of composition.files) {
    const old = existing.get(name)
    if (file.kind !== 'directory' && (old === undefined || !isSame(old, file))) return false
  }
  return compare(existing, withEntries(composition, target)).length === 0
}

function writeNew(
  composition: Composition,
  target: string,
  existing: Files,
  isDry: boolean,
  onChanges: (changes: Change[]) => void,
): Change[] {
  return withStage(target, (stage) => {
    const put = (file: LayerFile) => place(stage, target, file, existing.get(file.path))
    for (const { file } of composition.files.values()) put(file)
    const all = withEntries(composition, stage)
    for (const [name, file] of all) if (!composition.files.has(name)) put(file)
    const changes = compare(existing, all)
    onChanges(changes)
    if (!isDry) takePlace(stage, target)
    return changes
  })
}

/** All files of the charm: also what Juju starts, by what stands in a directory with the others, and the manifest. */
function withEntries({ files, stack }: Composition, dir: string): Map<string, LayerFile> {
  const all = new Map([...files].map(([name, { file }]) => [name, file]))
  for (const [name, text] of stubTexts(dir)) if (!all.has(name)) all.set(name, textFile(name, text, true))
  // A directory counts where it is empty.
  for (const name of [...all.keys()])
    for (const above of dirsAbove(name)) if (all.get(above)?.kind === 'directory') all.delete(above)
  const signatures: Signatures = {}
  for (const [name, { kind, sha256 }] of all) {
    const built = files.get(name)
    if (kind !== 'directory')
      signatures[name] = [built?.url ?? stack.top.url, built?.kind ?? 'dynamic', sha256]
  }
  return all.set(MANIFEST, textFile(MANIFEST, manifestText(signatures, stack)))
}

function compare(before: Files, after: Files): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  const changes = names.map((name): Change => [name, before.get(name), after.get(name)])
  return changes.filter(([, one, other]) => one === undefined || other === undefined || !isSame(one, other))
}
