// `charms.reactive hooks install --carry`: puts the toolkit into a charm dir, for `juju deploy ./dir` and for
// development on a unit. What stood in `.reactive/` is replaced in one step.

import fs from 'node:fs'
import path from 'node:path'
import { type Installed, installHooks } from '../dispatch/hook-stubs.ts'
import { messageOf, ReactiveError } from '../errors.ts'
import { CARRIED } from '../juju/carried.ts'
import { ownArchitecture } from './architectures.ts'
import { carriedToolkit, usesPython } from './carried-toolkit.ts'
import { readCharmTree } from './charm-tree.ts'
import type { Entry } from './entries.ts'
import { leftOutByJuju, leftOutOf } from './left-out.ts'
import { namedRuntime, pinnedRuntime } from './runtimes.ts'
import { writeEntry } from './write-entry.ts'

/** Write the toolkit and the entries of the charm. `node` is another runtime than the pinned one. */
export function installCarried(charmDir: string, node: string | undefined): Installed {
  const licensed = node === undefined ? pinnedRuntime(ownArchitecture()) : namedRuntime(node, undefined)
  const own = readCharmTree(charmDir, leftOutOf(charmDir))
  const entries = carriedToolkit(licensed, usesPython(own))
  const isLeftOut = leftOutByJuju(charmDir)
  const lost = entries.find((entry) => isLeftOut(entry.path))
  if (lost !== undefined)
    throw new ReactiveError(`Juju would leave out a file of the toolkit because of .jujuignore: ${lost.path}`)
  try {
    replaceCarried(charmDir, entries)
  } catch (error) {
    throw new ReactiveError(`the toolkit cannot be written: ${messageOf(error)}`, { cause: error })
  }
  const installed = installHooks(charmDir)
  return { ...installed, written: [`${CARRIED}/`, ...installed.written] }
}

function replaceCarried(charmDir: string, entries: readonly Entry[]): void {
  const fresh = fs.mkdtempSync(path.join(charmDir, `${CARRIED}-`))
  try {
    fs.chmodSync(fresh, 0o755)
    for (const entry of entries) writeEntry(fresh, { ...entry, path: path.relative(CARRIED, entry.path) })
    const place = path.join(charmDir, CARRIED)
    fs.rmSync(place, { recursive: true, force: true })
    fs.renameSync(fresh, place)
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true })
  }
}
