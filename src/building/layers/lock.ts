// build.lock of a top layer: which commit and which contents each layer of the last build had. It is written by every
// build, in the format of charm-tools with the hash of the contents added, and says which commit of a git layer counts.

import fs from 'node:fs'
import path from 'node:path'
import { isMapping } from '../../charm/charm-files.ts'
import { codeOf, messageOf, ReactiveError } from '../../errors.ts'
import type { Layer } from './layer.ts'
import type { Stack } from './order.ts'

const LOCK = 'build.lock'

export interface Lock {
  /** As `includes` has it. */
  item: string
  /** The repository; null for a layer of this machine. */
  url: string | null
  branch: string | null
  commit: string | null
  /** Where in the repository the layer stands. */
  subdir: string | null
  sha256: string | null
}

/** Read the locks of a top layer, by what `includes` calls the layer. */
export function readLocks(topDir: string): Map<string, Lock> {
  const file = path.join(topDir, LOCK)
  const rows = listIn(file).filter((row) => isMapping(row) && row.type === 'layer')
  return new Map(
    rows.map((row) => toLock(row as Record<string, unknown>, file)).map((lock) => [lock.item, lock]),
  )
}

function listIn(file: string): unknown[] {
  try {
    const content: unknown = JSON.parse(fs.readFileSync(file, 'utf8'))
    if (isMapping(content) && Array.isArray(content.locks)) return content.locks
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw new ReactiveError(`the lock file cannot be read: ${file}: ${messageOf(error)}`, { cause: error })
  }
  throw new ReactiveError(`the lock file has no list of locks: ${file}`)
}

function toLock(row: Record<string, unknown>, file: string): Lock {
  const text = (key: string) => {
    const value = row[key] ?? null
    if (value === null || typeof value === 'string') return value === '' ? null : value
    throw new ReactiveError(`the lock file has a ${key} that is not text: ${file}`)
  }
  const item = text('item')
  if (item === null) throw new ReactiveError(`the lock file has a layer without a name: ${file}`)
  const commit = text('commit')
  if (commit !== null && !/^[0-9a-f]{40}([0-9a-f]{24})?$|^[A-Za-z0-9][\w./-]*$/.test(commit))
    throw new ReactiveError(`the lock file has something that is not a commit: ${commit}: ${file}`)
  return {
    item,
    url: text('url'),
    branch: text('branch'),
    commit,
    subdir: text('subdir'),
    sha256: text('sha256'),
  }
}

/** The locks of a stack; `hashOf` knows the contents of a layer. */
export function locksOf({ layers, interfaces, top }: Stack, hashOf: (layer: Layer) => string): Lock[] {
  const below = [...layers, ...interfaces].filter((layer) => layer !== top)
  return below.map((layer) => ({ item: layer.url, ...placeOf(layer), sha256: hashOf(layer) }))
}

function placeOf({ origin }: Layer): Omit<Lock, 'item' | 'sha256'> {
  if (origin.from !== 'git') {
    const commit = origin.from === 'directory' && origin.commit !== '' ? origin.commit : null
    return { url: null, branch: null, commit, subdir: null }
  }
  const { repository, branch, commit, subdir } = origin
  return { url: repository, branch: branch || null, commit, subdir: subdir || null }
}

/** Write the locks, in one step, if they are not what stands there. */
export function writeLocks(topDir: string, locks: readonly Lock[]): void {
  const file = path.join(topDir, LOCK)
  const rows = locks.map((lock) => ({ type: 'layer', vcs: lock.url === null ? null : 'git', ...lock }))
  const text = `${JSON.stringify({ locks: rows }, undefined, 2)}\n`
  try {
    if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return
    const fresh = `${file}.${process.pid}`
    fs.writeFileSync(fresh, text)
    fs.renameSync(fresh, file)
  } catch (error) {
    throw new ReactiveError(`the lock file cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
