// The toolkit inside of a charm: `.reactive/` with the runtime, the engine and the bash library, as `pack` puts it
// into an archive and `hooks install --carry` into a charm dir. The launcher finds the rest from its own place.
//
// Few files, since Juju writes and flushes each; no code caches, which the first hook makes (V8 never makes the
// same twice), and nothing that a unit has no use for.

import fs from 'node:fs'
import path from 'node:path'
import { ReactiveError } from '../errors.ts'
import { CARRIED } from '../juju/carried.ts'
import { TOOLKIT_DIR } from '../version.ts'
import { namesOf } from './architectures.ts'
import { readCharmTree } from './charm-tree.ts'
import { chunksOf, type Entry, hashOf, sortEntries, textEntry } from './entries.ts'
import type { Runtime } from './runtime-binary.ts'
import type { LicensedRuntime } from './runtimes.ts'

/** What a unit needs of each part of the toolkit; the rest serves development. */
const NEEDED = {
  dist: /^((?!development)[\w-]+\.cjs|licenses\.txt|report\.html)$/,
  shell: /^(?!bats\/|charmcraft\/|simulator\/)/,
  python: /^(?!charms_reactive_needed|.*(__pycache__|\.pyc$))/,
}

/** The files, with paths relative to the charm. Python's part goes into charms with Python alone. */
export function carriedToolkit({ runtime, license }: LicensedRuntime, withPython: boolean): Entry[] {
  if (!fs.existsSync(path.join(TOOLKIT_DIR, 'dist/engine.cjs')))
    throw new ReactiveError(`the toolkit is not built: ${TOOLKIT_DIR}`)
  const parts = [partEntries('dist'), partEntries('shell'), withPython ? partEntries('python') : []].flat()
  const files = [
    ...parts,
    fileEntry('LICENSE', path.join(TOOLKIT_DIR, 'LICENSE')),
    fileEntry('LICENSE-node', license),
    { ...fileEntry(runtimePath(runtime), runtime.file), isExecutable: true },
  ]
  const hashed = files.map((entry) => ({ ...entry, sha256: hashOf(entry) }))
  return [...hashed, checksums(hashed)].map((entry) => ({ ...entry, path: `${CARRIED}/${entry.path}` }))
}

function partEntries(part: keyof typeof NEEDED): Entry[] {
  const dir = path.join(TOOLKIT_DIR, part)
  if (!fs.existsSync(dir)) return []
  const entries = readCharmTree(dir, (name) => !NEEDED[part].test(name))
  return entries.map((entry) => ({ ...entry, path: `${part}/${entry.path}` }))
}

/** Whether any of a charm's files is Python: by its name, or by the first line of an executable. */
export function usesPython(entries: readonly Entry[]): boolean {
  return entries.some((entry) => {
    if (entry.kind !== 'file') return false
    if (entry.path.endsWith('.py')) return true
    const [start] = entry.isExecutable ? chunksOf(entry) : []
    return start !== undefined && /^#!.*python/.test(start.toString('latin1', 0, 100))
  })
}

/** bash knows the architecture of a machine by this name, without asking anybody. */
function runtimePath({ architecture }: Runtime): string {
  return `bin/${namesOf(architecture).hostType}/node`
}

/** Whether the entry is the runtime. */
export function isRuntime({ path: file }: Entry): boolean {
  return file.startsWith(`${CARRIED}/bin/`)
}

function fileEntry(name: string, file: string): Entry {
  const { size } = fs.statSync(file)
  return { path: name, kind: 'file', isExecutable: false, content: { file }, size }
}

/** As `sha256sum --check` reads them: the first hook on a unit does. */
function checksums(entries: readonly Entry[]): Entry {
  const lines = sortEntries(entries).map((entry) =>
    entry.kind === 'file' ? `${entry.sha256}  ${entry.path}\n` : '',
  )
  return textEntry('checksums', lines.join(''))
}
