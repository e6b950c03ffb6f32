// The index of layers: which repository has the layer or interface of a name. A file with all of them, a directory or
// an address laid out as that of the Juju project (`layers/NAME.json`).

import fs from 'node:fs'
import path from 'node:path'
import { isMapping } from '../../charm/charm-files.ts'
import { messageOf, ReactiveError } from '../../errors.ts'
import { statOf } from '../../system/regular-files.ts'
import { isRepository, type LayerKind } from './reference.ts'

export const DEFAULT_INDEX = 'https://juju.github.io/layer-index'

export interface IndexEntry {
  repository: string
  subdir: string
}

const PATIENCE_MS = 30_000

/** Look a layer up; undefined where the index does not have it. */
export async function lookUp(
  index: string,
  kind: LayerKind,
  name: string,
  cwd: string,
): Promise<IndexEntry | undefined> {
  const entry = /^https?:\/\//.test(index) ? await ask(index, kind, name) : readIndex(index, kind, name, cwd)
  if (entry === undefined) return undefined
  const { repo, subdir = '' } = Object(entry) as Record<string, unknown>
  if (typeof repo !== 'string' || !isRepository(repo))
    throw new ReactiveError(`the index has no git address for ${kind}:${name}: ${String(repo)}`)
  if (typeof subdir !== 'string' || path.isAbsolute(subdir) || subdir.split('/').includes('..'))
    throw new ReactiveError(
      `the index has a directory outside of the repository for ${kind}:${name}: ${String(subdir)}`,
    )
  return { repository: repo, subdir }
}

async function ask(index: string, kind: LayerKind, name: string): Promise<unknown> {
  const url = `${index.replace(/\/+$/, '')}/${kind}s/${name}.json`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`status ${response.status}`)
    return await response.json()
  } catch (error) {
    const { cause } = Object(error)
    throw new ReactiveError(`the index of layers does not answer: ${messageOf(cause ?? error)}: ${url}`, {
      cause: error,
    })
  }
}

function readIndex(index: string, kind: LayerKind, name: string, cwd: string): unknown {
  const place = path.resolve(cwd, index.replace(/^file:\/\//, ''))
  const isDir = statOf(place)?.isDirectory() === true
  const file = isDir ? path.join(place, `${kind}s`, `${name}.json`) : place
  if (isDir && !fs.existsSync(file)) return undefined
  let content: unknown
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ReactiveError(`the index of layers cannot be read: ${file}: ${messageOf(error)}`, {
      cause: error,
    })
  }
  if (isDir) return content
  const rows = isMapping(content) ? content[`${kind}s`] : undefined
  return isMapping(rows) && Object.hasOwn(rows, name) ? rows[name] : undefined
}
