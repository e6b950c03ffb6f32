// The cache of layers from git: a bare copy of each repository, and the files of each commit that was needed. Several
// processes may use it at once: a repository or commit is made under a name of its own and then takes its place.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { codeOf, ReactiveError } from '../../errors.ts'
import { git } from './git.ts'
import type { Lock } from './lock.ts'
import { isRepository } from './reference.ts'
import type { Found, Source } from './sources.ts'

const TRIES = 3

/** Where the cache is. */
function cacheDir(env: NodeJS.ProcessEnv): string {
  return path.join(
    env.XDG_CACHE_HOME || path.join(env.HOME || os.homedir(), '.cache'),
    'charms.reactive/layers',
  )
}

const shortHash = (url: string) => createHash('sha256').update(url).digest('hex').slice(0, 16)

function mirrorOf(url: string, env: NodeJS.ProcessEnv): string {
  // A lock file comes from whoever wrote the charm.
  if (!isRepository(url)) throw new ReactiveError(`not the address of a git repository: ${url}`)
  return path.join(cacheDir(env), 'mirrors', `${shortHash(url)}.git`)
}

/** Bring the copy of a repository up to date. The only place that uses the network, beside the index. */
export function refresh(url: string, env: NodeJS.ProcessEnv): void {
  const repository = mirrorOf(url, env)
  if (!fs.existsSync(repository)) {
    inOneStep(repository, (fresh) => git(['clone', '--quiet', '--bare', '--', url, fresh], { env }))
    return
  }
  for (let tries = 1; ; tries++) {
    try {
      git(
        ['fetch', '--quiet', '--prune', '--', url, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'],
        {
          env,
          repository,
        },
      )
      return
    } catch (error) {
      // Another process brings the same refs up to date.
      if (tries === TRIES || !String(error).includes('lock')) throw error
    }
  }
}

/** The commit of a branch, tag or commit in the copy, of its default branch where none is named; else undefined. */
export function resolve(
  url: string,
  revision: string | undefined,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const repository = mirrorOf(url, env)
  if (!fs.existsSync(repository)) return undefined
  try {
    const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision ?? 'HEAD'}^{commit}`]
    return git(words, { env, repository }).trim()
  } catch {
    return undefined
  }
}

/** The directory with the files of a commit. */
function treeOf(url: string, commit: string, env: NodeJS.ProcessEnv): string {
  const tree = path.join(cacheDir(env), 'trees', `${commit}-${shortHash(url)}`)
  if (fs.existsSync(tree)) return tree
  inOneStep(tree, (fresh) => {
    fs.mkdirSync(fresh)
    const index = `${fresh}.index`
    const place = { env, repository: mirrorOf(url, env), workTree: fresh, index, cwd: fresh }
    try {
      git(['read-tree', commit], place)
      git(
        ['-c', 'core.autocrlf=false', '-c', 'core.symlinks=true', 'checkout-index', '--all', '--force'],
        place,
      )
    } finally {
      fs.rmSync(index, { force: true })
    }
  })
  return tree
}

/** Make a directory under another name, which then takes its place, unless another process was faster. */
function inOneStep(dir: string, make: (fresh: string) => void): void {
  fs.mkdirSync(path.dirname(dir), { recursive: true })
  const fresh = `${dir}.${process.pid}`
  fs.rmSync(fresh, { recursive: true, force: true })
  try {
    make(fresh)
    fs.renameSync(fresh, dir)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true })
  }
}

/** Layers from the cache, at the commits of the lock; a repository that `includes` names itself also without one. */
export function cachedSource(locks: ReadonlyMap<string, Lock>, env: NodeJS.ProcessEnv): Source {
  return ({ text, repository: named, revision }) => {
    const lock = locks.get(text)
    const url = lock?.url ?? named
    if (url === undefined) return undefined
    const commit = resolve(url, lock?.commit ?? revision, env)
    if (commit === undefined) return undefined
    return toFound(url, commit, lock?.subdir ?? '', lock?.branch ?? revision ?? '', env)
  }
}

function toFound(url: string, commit: string, subdir: string, branch: string, env: NodeJS.ProcessEnv): Found {
  const tree = fs.realpathSync(treeOf(url, commit, env))
  const dir = path.join(tree, subdir)
  const isInside = dir === tree || (fs.existsSync(dir) && `${fs.realpathSync(dir)}/`.startsWith(`${tree}/`))
  if (!isInside) throw new ReactiveError(`the repository has no such directory: ${url}: ${subdir}`)
  return { dir, origin: { from: 'git', repository: url, commit, subdir, branch } }
}
