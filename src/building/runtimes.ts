// Where the runtime of an architecture comes from: a file that the caller names, else the npm package of the very
// Node.js that the toolkit is developed and tested with.

import fs from 'node:fs'
import path from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { ReactiveError, UsageError } from '../errors.ts'
import { TOOLKIT_DIR } from '../version.ts'
import { type Architecture, namesOf, ownArchitecture } from './architectures.ts'
import { CACHE_DIR } from './cache-dir.ts'
import { type Runtime, readRuntime } from './runtime-binary.ts'

/** A runtime, and the text of its license, which must go with it. */
export interface LicensedRuntime {
  runtime: Runtime
  license: string
}

/** The runtime of a file that the caller names, for the architecture that the caller names. */
export function namedRuntime(file: string, wanted: Architecture | undefined): LicensedRuntime {
  const runtime = readRuntime(path.resolve(file))
  if (wanted !== undefined && wanted !== runtime.architecture)
    throw new UsageError(`the runtime is for ${runtime.architecture}, not for ${wanted}: ${file}`)
  // As archives of Node.js have it; else the text that came with another build of it.
  const beside = path.resolve(path.dirname(fs.realpathSync(file)), '../LICENSE')
  const license = fs.existsSync(beside) ? beside : pinnedRuntime(ownArchitecture()).license
  return { runtime, license }
}

/** The runtime that the toolkit is tested with. */
export function pinnedRuntime(architecture: Architecture): LicensedRuntime {
  const { node } = namesOf(architecture)
  if (node === undefined)
    throw new ReactiveError(`npm has no Node.js for ${architecture}: name a binary with --node FILE`)
  const name = `node-linux-${node}`
  const dir = findPackage(name)
  if (dir === undefined)
    throw new ReactiveError(
      `the runtime for ${architecture} is not there: fetch it with: ${fetchCommand(name)}`,
    )
  return { runtime: readRuntime(path.join(dir, 'bin/node')), license: path.join(dir, 'LICENSE') }
}

/** npm takes a package of another architecture only when it is told to, and apart from those of this one. */
function fetchCommand(name: string): string {
  const versions: Record<string, string> = manifest.optionalDependencies
  return `npm install --prefix ${CACHE_DIR} --no-save --force ${name}@${versions[name]}`
}

/** In the `node_modules` of the toolkit, in one above that npm shares, or where the command above puts it. */
function findPackage(name: string): string | undefined {
  const above = TOOLKIT_DIR.split('/').map((_, index, parts) =>
    parts.slice(0, parts.length - index).join('/'),
  )
  const places = [...above, CACHE_DIR].map((dir) => path.join(dir || '/', 'node_modules', name))
  return places.find((place) => fs.existsSync(path.join(place, 'bin/node')))
}
