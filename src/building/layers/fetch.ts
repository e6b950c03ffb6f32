// `charms.reactive layers fetch` and `update`: bring what a charm includes into the cache, and write build.lock. These
// two use the network; a build does not.

import { ReactiveError, UsageError } from '../../errors.ts'
import { suggestion } from '../../system/nearest.ts'
import type { Layer } from './layer.ts'
import { readLayerFiles } from './layer-files.ts'
import { lookUp } from './layer-index.ts'
import { type Lock, locksOf, readLocks, writeLocks } from './lock.ts'
import { cachedSource, refresh, resolve } from './mirrors.ts'
import { MissingLayerError, readStack, readTop, type Stack } from './order.ts'
import type { Reference } from './reference.ts'
import { localSource, ownSource, type Surroundings } from './sources.ts'

export interface FetchOptions {
  index: string
  /** The layers that get their newest commit; all where the list is empty. */
  update?: readonly string[] | undefined
}

/** What became of a layer from git. */
export interface Fetched {
  item: string
  commit: string
  /** The commit of the lock before; null where there was none. */
  before: string | null
}

/** Fetch what is missing, bring the copies up to date, and write the lock. */
export async function fetchLayers(
  dir: string,
  surroundings: Surroundings,
  options: FetchOptions,
): Promise<Fetched[]> {
  const { env } = surroundings
  const top = readTop(dir, env)
  const before = readLocks(dir)
  const locks = new Map(before)
  for (const { url } of locks.values()) if (url !== null) refresh(url, env)
  for (const item of namedLocks(locks, options.update)) locks.delete(item)
  const find = (reference: Reference) =>
    fetchOne(reference, before.get(reference.text), surroundings, options.index)
  const stack = await completeStack(top, locks, surroundings, find)
  const written = locksOf(stack, (layer) => readLayerFiles(layer, []).sha256)
  writeLocks(dir, written)
  const fromGit = written.filter(({ url }) => url !== null)
  return fromGit.map(({ item, commit }) => ({
    item,
    commit: commit ?? '',
    before: before.get(item)?.commit ?? null,
  }))
}

/** Those locks that an update gives up. */
function namedLocks(locks: ReadonlyMap<string, Lock>, names: readonly string[] | undefined): string[] {
  if (names === undefined) return []
  const fromGit = [...locks.values()].filter(({ url }) => url !== null).map(({ item }) => item)
  for (const name of names)
    if (!fromGit.includes(name))
      throw new UsageError(`no layer from git: ${name}${suggestion(name, fromGit)}`)
  return names.length === 0 ? fromGit : [...names]
}

/** Each layer may include others, so what is missing shows one after the other. */
async function completeStack(
  top: Layer,
  locks: Map<string, Lock>,
  surroundings: Surroundings,
  find: (reference: Reference) => Promise<Lock>,
): Promise<Stack> {
  for (;;) {
    try {
      return readStack(top, [localSource(surroundings), ownSource, cachedSource(locks, surroundings.env)])
    } catch (error) {
      const missing = error instanceof ReactiveError ? error.cause : undefined
      if (!(missing instanceof MissingLayerError) || locks.has(missing.reference.text)) throw error
      locks.set(missing.reference.text, await find(missing.reference))
    }
  }
}

/** Where a layer was found before, it is found again, without the index. */
async function fetchOne(
  reference: Reference,
  before: Lock | undefined,
  { cwd, env }: Surroundings,
  index: string,
): Promise<Lock> {
  const { text, kind = 'layer', name, repository, revision, path: way } = reference
  if (way !== undefined) throw new MissingLayerError(reference)
  const known = repository ?? before?.url ?? undefined
  const found =
    known === undefined
      ? await lookUp(index, kind, name, cwd)
      : { repository: known, subdir: before?.subdir ?? '' }
  if (found === undefined)
    throw new ReactiveError(`neither this machine nor the index of layers has it: ${text}: ${index}`)
  refresh(found.repository, env)
  const commit = resolve(found.repository, revision, env)
  if (commit === undefined)
    throw new ReactiveError(`the repository has no such commit: ${revision ?? 'HEAD'}: ${found.repository}`)
  const { repository: url, subdir } = found
  return { item: text, url, branch: revision ?? null, commit, subdir: subdir || null, sha256: null }
}

/** A layer whose copy has a newer commit than the lock. */
export interface Outdated {
  item: string
  commit: string
  newest: string
}

/** Compare the lock with the copies, as they were fetched last. */
export function outdatedLayers(dir: string, { env }: Surroundings): Outdated[] {
  return [...readLocks(dir).values()].flatMap(({ item, url, branch, commit }) => {
    const newest = url === null ? undefined : resolve(url, branch ?? undefined, env)
    return newest === undefined || commit === null || newest === commit ? [] : [{ item, commit, newest }]
  })
}
