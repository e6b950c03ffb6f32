// What stands in the target of a build: an earlier build, which the next one replaces, or something else, which it
// refuses. What was changed in it by hand is not replaced in silence.

import fs from 'node:fs'
import path from 'node:path'
import { isOldStub } from '../../dispatch/hook-stubs.ts'
import { ReactiveError } from '../../errors.ts'
import { statOf } from '../../system/regular-files.ts'
import { readCharmTree } from '../charm-tree.ts'
import { MANIFEST, readSignatures } from '../composing/manifest.ts'
import { type LayerFile, matcher, withHash } from '../layers/layer-files.ts'

/** What running, testing and packing leave in a charm dir. */
const LEFT_BEHIND = matcher(
  `.reactive/ .reactive-state.db* .unit-state.db* __pycache__/ *.pyc .tox/ *~ *.swp .juju-persistent-config
   .git/ *.charm /hooks/.build.manifest`.split(/\s+/),
)

const SHOWN = 5

/** The files of an earlier build, by path; none where there is no target yet. */
export function readExisting(target: string): Map<string, LayerFile> {
  if (!isDirectory(target)) return new Map()
  const entries = readCharmTree(target, LEFT_BEHIND)
  return new Map(entries.map((entry) => [entry.path, withHash(entry)]))
}

/** Throw unless the target is free, or an earlier build. */
export function checkTarget(target: string, topDir: string): void {
  if (`${topDir}/`.startsWith(`${target}/`))
    throw new ReactiveError(`a build would replace the layer itself: ${target}`)
  if (!isDirectory(target)) return
  const names = fs.readdirSync(target)
  if (names.length > 0 && !names.includes(MANIFEST))
    throw new ReactiveError(`the target is neither empty nor a built charm: ${target}`)
}

function isDirectory(target: string): boolean {
  const stat = statOf(target)
  if (stat !== undefined && !stat.isDirectory())
    throw new ReactiveError(`the target is not a directory: ${target}`)
  return stat !== undefined
}

/** Throw if somebody has changed or added files since the last build. */
export function checkUnchanged(target: string, existing: ReadonlyMap<string, LayerFile>): void {
  if (existing.size === 0) return
  const signatures = readSignatures(fs.readFileSync(path.join(target, MANIFEST), 'utf8'))
  const isForeign = ({ path: name, kind, sha256 }: LayerFile) =>
    kind === 'file' && name !== MANIFEST && signatures.get(name) !== sha256 && !isOldStub(target, name)
  const foreign = [...existing.values()].filter(isForeign).map((file) => file.path)
  if (foreign.length === 0) return
  const more = foreign.length > SHOWN ? ` and ${foreign.length - SHOWN} more` : ''
  throw new ReactiveError(
    `the build was changed by hand; --force replaces it: ${foreign.slice(0, SHOWN).join(', ')}${more}`,
  )
}
