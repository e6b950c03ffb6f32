// Where layers are found without any network: in the directories that the environment names, else in the working
// directory; in a directory that `includes` itself names; among those that the toolkit brings; and in the cache
// of git mirrors (`mirrors.ts`), at the commit that build.lock says.

import fs from 'node:fs'
import path from 'node:path'
import { ReactiveError } from '../../errors.ts'
import { statOf } from '../../system/regular-files.ts'
import { TOOLKIT_DIR } from '../../version.ts'
import { commitOf } from './git.ts'
import type { Layer, Origin } from './layer.ts'
import type { LayerKind, Reference } from './reference.ts'

/** Where the caller stands. */
export interface Surroundings {
  cwd: string
  env: NodeJS.ProcessEnv
}

export interface Found {
  dir: string
  origin: Origin
}

/** One way of finding a layer; undefined where it is not there. `from` is the layer that includes it. */
export type Source = (reference: Reference, from: Layer) => Found | undefined

const SEARCH: Record<LayerKind, readonly string[]> = {
  layer: ['CHARM_LAYERS_DIR', 'LAYER_PATH'],
  interface: ['CHARM_INTERFACES_DIR', 'INTERFACE_PATH'],
}

/** Ours, in place of those that everybody includes. */
const OWN_LAYERS = path.join(TOOLKIT_DIR, 'layers')
export const STAND_INS = ['basic', 'options', 'leadership', 'status']

/** The directory of a layer that the toolkit brings. */
export const ownLayerDir = (name: string) => path.join(OWN_LAYERS, name)

/** The directories in which a layer or interface of a name is looked for. */
function searchDirs(kind: LayerKind, { cwd, env }: Surroundings): string[] {
  const named = SEARCH[kind].flatMap((name) => (env[name] ?? '').split(':').filter((dir) => dir !== ''))
  return (named.length > 0 ? named : ['.']).map((dir) => path.resolve(cwd, dir))
}

/** Layers in directories of this machine. */
export function localSource(surroundings: Surroundings): Source {
  return (reference, from) => {
    if (reference.repository !== undefined) return undefined
    const dir = candidates(reference, from, surroundings).find((place) => statOf(place) !== undefined)
    if (dir === undefined) return undefined
    if (!statOf(dir)?.isDirectory())
      throw new ReactiveError(`a layer is a directory: ${reference.text}: ${dir}`)
    const real = fs.realpathSync(dir)
    return { dir: real, origin: { from: 'directory', commit: commitOf(real, surroundings.env) } }
  }
}

/** Where a local layer may stand: `NAME`, then `layer-NAME`; a path from the layer that includes it. */
function candidates({ kind, name, path: way, revision }: Reference, from: Layer, surroundings: Surroundings) {
  // A revision is one of a repository.
  if (revision !== undefined) return []
  if (way === undefined) {
    const dirs = searchDirs(kind ?? 'layer', surroundings)
    return dirs.flatMap((dir) => [path.join(dir, name), path.join(dir, `${kind}-${name}`)])
  }
  if (path.isAbsolute(way)) return [way]
  const others = kind === undefined ? [...searchDirs('layer', surroundings), surroundings.cwd] : []
  return [from.dir, ...others].map((dir) => path.resolve(dir, way))
}

/** The layers that the toolkit brings. */
export const ownSource: Source = ({ kind, name, path: way, repository }) => {
  if (kind !== 'layer' || way !== undefined || repository !== undefined || !STAND_INS.includes(name))
    return undefined
  return { dir: ownLayerDir(name), origin: { from: 'toolkit' } }
}
