// `charms.reactive pack`: a charm dir as an archive that `juju deploy` takes, for units where nothing is installed.
// The charm dir stays as it is; what a packed charm has besides its own files is made on the way.

import fs from 'node:fs'
import path from 'node:path'
import { CHARMCRAFT } from '../charm/charm-dir.ts'
import { readMetadata } from '../charm/charm-files.ts'
import { readBasicOptions } from '../dispatch/bootstrap/options.ts'
import { isOldStub, stubTexts } from '../dispatch/hook-stubs.ts'
import { UsageError } from '../errors.ts'
import { CARRIED } from '../juju/carried.ts'
import { ARCHITECTURES, type Architecture, ownArchitecture } from './architectures.ts'
import { basesOf, textOf } from './bases.ts'
import { carriedToolkit, isRuntime, usesPython } from './carried-toolkit.ts'
import { checkCharm, manifestText, metadataText, splitEntries } from './charm-texts.ts'
import { readCharmTree } from './charm-tree.ts'
import { type Entry, sortEntries, textEntry } from './entries.ts'
import { LEADERSHIP_PEER, needsLeadershipPeer } from './leadership-peer.ts'
import { leftOutOf } from './left-out.ts'
import { type MissingModule, missingModules, refuseMissing } from './missing-modules.ts'
import type { Bringing } from './python-modules.ts'
import { type LicensedRuntime, namedRuntime, pinnedRuntime } from './runtimes.ts'
import { versionText } from './version-text.ts'
import { type Carried, unpackWheels } from './wheels.ts'
import { writeArchive } from './zip-archive.ts'

/** As the command line has them. */
export interface PackOptions {
  arch?: string | undefined
  bases: readonly string[]
  node?: string | undefined
  output?: string | undefined
  /** Pack also a charm whose Python imports what no unit has. */
  allowMissing?: boolean
  /** Hears how much is done, from 0 to 1. */
  progress?: ((done: number) => void) | undefined
}

export interface Part {
  files: number
  /** In the archive. */
  bytes: number
  /** On the unit. */
  unpacked: number
}

/** An archive that was written. */
export interface Packed {
  file: string
  bytes: number
  architecture: Architecture
  bases: string
  /** Version of Node.js. */
  runtime: string
  /** Who named the bases. */
  basesFrom: string
  /** The peer relation that the charm got for the settings of its leader. */
  addedPeer?: string
  parts: { runtime: Part; toolkit: Part; charm: Part }
  /** Python packages that the charm cannot carry: those that the unit installs, and those that it has to have. */
  packages: Pick<Carried, 'installed' | 'expected'>
  /** Modules that Python code imports, and that a unit may not have. */
  missing: MissingModule[]
}

/** Pack the charm, once for each architecture. Paths are relative to the working directory `cwd`. */
export function packCharm(charm: string, cwd: string, options: PackOptions): Packed[] {
  const charmDir = path.resolve(cwd, charm)
  checkCharm(charmDir)
  return chooseRuntimes(cwd, options).map((runtime) => packFor(charmDir, cwd, runtime, options))
}

function chooseRuntimes(cwd: string, { arch, node, output }: PackOptions): LicensedRuntime[] {
  if (arch === 'all') {
    if (output !== undefined) throw new UsageError(`two archives cannot have the same name: ${output}`)
    if (node !== undefined) throw new UsageError(`a binary is for one architecture only: ${node}`)
    return (['amd64', 'arm64'] as const).map(pinnedRuntime)
  }
  const architecture = arch === undefined ? undefined : checkArchitecture(arch)
  if (node !== undefined) return [namedRuntime(path.resolve(cwd, node), architecture)]
  return [pinnedRuntime(architecture ?? ownArchitecture())]
}

function checkArchitecture(name: string): Architecture {
  if (Object.hasOwn(ARCHITECTURES, name)) return name as Architecture
  throw new UsageError(`an architecture is ${Object.keys(ARCHITECTURES).join(', ')} or all: ${name}`)
}

function packFor(charmDir: string, cwd: string, licensed: LicensedRuntime, options: PackOptions): Packed {
  const { architecture, version: runtime } = licensed.runtime
  const { bases, source } = basesOf(charmDir, options.bases, architecture)
  const split = splitEntries(charmDir)
  // What was split is not carried a second time.
  const all = charmEntries(charmDir).filter(({ path: name }) => split.length === 0 || name !== CHARMCRAFT)
  const { entries: own, archived, ...packages } = unpackWheels(all)
  const missing = missingModules(charmDir, own, bringing(charmDir, [...packages.installed, ...archived]))
  if (!options.allowMissing) refuseMissing(missing)
  const peer = needsLeadershipPeer(readMetadata(charmDir).raw, all) ? LEADERSHIP_PEER : undefined
  const texts = [
    ...split.filter(({ path: name }) => name !== 'metadata.yaml'),
    textEntry('metadata.yaml', metadataText(charmDir, peer !== undefined)),
    textEntry('manifest.yaml', manifestText(charmDir, bases)),
  ]
  const version = versionText(charmDir)
  if (version !== undefined) texts.push(textEntry('version', version))
  const entries = [...withTexts(own, texts), ...carriedToolkit(licensed, usesPython(own))]
  const name = `${readMetadata(charmDir).name}_${architecture}.charm`
  const file = path.resolve(cwd, options.output ?? name)
  const sizes = writeArchive(file, sortEntries(entries), progressOf(entries, options.progress))
  return {
    file: path.relative(cwd, file),
    bytes: fs.statSync(file).size,
    architecture,
    runtime,
    bases: textOf(bases),
    basesFrom: source,
    ...(peer !== undefined && { addedPeer: peer }),
    parts: partsOf(sizes),
    packages,
    missing,
  }
}

/** What is installed on a unit before handlers, with what pip takes from the wheelhouse. */
function bringing(charmDir: string, packages: readonly string[]): Bringing {
  const { packages: debianPackages, pythonPackages } = readBasicOptions(charmDir)
  return { packages: [...packages, ...pythonPackages], debianPackages }
}

/** The charm's own files, and the stubs that it needs in place of those that stand there. */
function charmEntries(charmDir: string): Entry[] {
  const own = readCharmTree(charmDir, leftOutOf(charmDir))
  const kept = own.filter(({ path: name }) => !isOldStub(charmDir, name))
  const taken = new Set(kept.map((entry) => entry.path))
  const stubs = [...stubTexts(charmDir)].filter(([name]) => !taken.has(name))
  return [...kept, ...stubs.map(([name, text]) => textEntry(name, text, true))]
}

function withTexts(entries: readonly Entry[], texts: readonly Entry[]): Entry[] {
  const names = new Set(texts.map((entry) => entry.path))
  return [...entries.filter((entry) => !names.has(entry.path)), ...texts]
}

function partsOf(sizes: ReadonlyMap<Entry, number>): Packed['parts'] {
  const empty = (): Part => ({ files: 0, bytes: 0, unpacked: 0 })
  const parts = { runtime: empty(), toolkit: empty(), charm: empty() }
  for (const [entry, bytes] of sizes) {
    const isCarried = entry.path.startsWith(`${CARRIED}/`)
    const part = parts[isRuntime(entry) ? 'runtime' : isCarried ? 'toolkit' : 'charm']
    part.files += 1
    part.bytes += bytes
    part.unpacked += sizeOf(entry)
  }
  return parts
}

const sizeOf = (entry: Entry) => (entry.kind === 'file' ? entry.size : 0)

function progressOf(entries: readonly Entry[], progress: PackOptions['progress']) {
  if (progress === undefined) return undefined
  const total = entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
  let done = 0
  return (bytes: number) => {
    done += bytes
    progress(done / total)
  }
}
