// The files of a layer with the hashes of their contents: what is left out of every charm is not among them.

import { createHash } from 'node:crypto'
import path from 'node:path'
import ignore from 'ignore'
import { ReactiveError } from '../../errors.ts'
import { splitEntries } from '../charm-texts.ts'
import { readCharmTree } from '../charm-tree.ts'
import { bytesOf, type Entry, hashOf, sortEntries } from '../entries.ts'
import { errorIn, type Layer } from './layer.ts'

/** A file, link or empty directory of a layer. */
export type LayerFile = Entry & { sha256: string }

export interface LayerFiles {
  files: LayerFile[]
  /** The same for the same contents, whatever machine, clock and umask. */
  sha256: string
}

const LARGEST_HELD = 1 << 16

/** Version control, editors, and what was made from the layer: never part of a charm. */
const NEVER = `
  .git .bzr .hg .svn .ropeproject .tox __pycache__ *.pyc *~ *.swp .DS_Store .pull-source-rev
  *.charm /build.lock /.build.manifest /build/ /.reactive/
  .reactive-state.db* .unit-state.db*
`
  .trim()
  .split(/\s+/)

/** What matches patterns in the syntax of .gitignore; capital letters matter. */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const rules = ignore({ ignorecase: false }).add([...patterns])
  return (name) => rules.ignores(name)
}

/** What a layer says in patterns. */
export function matcherOf(layer: Layer, key: 'ignore' | 'exclude' | 'overwrites'): (name: string) => boolean {
  try {
    return matcher(layer.config[key])
  } catch (error) {
    throw errorIn(layer, [key], `not a pattern of .gitignore: ${String(error)}`)
  }
}

/**
 * Read all files of a layer, with those that its charmcraft.yaml stands for. `without` is the target of the build, which
 * may stand in the layer, as may a link to it.
 */
export function readLayerFiles(layer: Layer, without: readonly string[]): LayerFiles {
  const isNever = matcher(NEVER)
  const targets = without.map((target) => path.relative(layer.dir, target))
  const isLeftOut = (name: string) => isNever(name) || targets.includes(name.replace(/\/$/, ''))
  const files = ofLayer(layer, () => {
    const own = readCharmTree(layer.dir, isLeftOut)
    return sortEntries([...own, ...splitEntries(layer.dir)]).map((entry) => withHash(withBytes(entry)))
  })
  return { files, sha256: hashOfAll(files) }
}

/** The same for the same files with the same contents, in the order that they are given. */
export function hashOfAll(files: Iterable<LayerFile>): string {
  const all = createHash('sha256')
  for (const file of files) all.update(`${modeOf(file)} ${file.sha256} ${file.path}\0`)
  return all.digest('hex')
}

/** Files of layers are looked at more than once, and then written: most are small enough to be held meanwhile. */
function withBytes(entry: Entry): Entry {
  if (entry.kind !== 'file' || Buffer.isBuffer(entry.content) || entry.size > LARGEST_HELD) return entry
  return { ...entry, content: { ...entry.content, bytes: bytesOf(entry) } }
}

/** An entry with the hash of what it holds. */
export function withHash(entry: Entry): LayerFile {
  return { ...entry, sha256: hashOf(entry) }
}

/** What git keeps of a mode. */
export function modeOf(entry: Entry): string {
  if (entry.kind === 'file') return entry.isExecutable ? 'program' : 'file'
  return entry.kind
}

/** Whether two entries are the same in all that counts. */
export function isSame(one: LayerFile, other: LayerFile): boolean {
  return modeOf(one) === modeOf(other) && one.sha256 === other.sha256
}

function ofLayer<Result>({ url }: Layer, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof ReactiveError) throw new ReactiveError(`${url}: ${error.message}`, { cause: error })
    throw error
  }
}
