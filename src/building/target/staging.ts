// Writes a charm beside its target and then takes the target's place, so that there is the old build or the new one
// and never a mixture: after a failure, a full disk or a kill the old one stays. A file that is the same as before is
// not written again, but the same file in both.

import fs from 'node:fs'
import path from 'node:path'
import { codeOf, messageOf, ReactiveError } from '../../errors.ts'
import { makeDirectories } from '../../system/make-directories.ts'
import { isSame, type LayerFile } from '../layers/layer-files.ts'
import { makeDirs, writeEntry } from '../write-entry.ts'

/** Where a link leads: what it names is what is replaced. */
export function realTarget(dir: string): string {
  try {
    return fs.realpathSync(dir)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return dir
    throw new ReactiveError(`the target cannot be used: ${messageOf(error)}`, { cause: error })
  }
}

const besides = (target: string, what: string) =>
  path.join(path.dirname(target), `.${path.basename(target)}.${what}-`)

/** Do something with an empty directory beside the target, which is gone afterwards unless it has taken its place. */
export function withStage<Result>(target: string, work: (stage: string) => Result): Result {
  return attempt(() => {
    makeDirectories(path.dirname(target))
    removeAbandoned(target)
    const stage = `${besides(target, 'build')}${process.pid}`
    fs.mkdirSync(stage)
    fs.chmodSync(stage, 0o755)
    try {
      return work(stage)
    } finally {
      fs.rmSync(stage, { recursive: true, force: true })
    }
  })
}

/** Put a file into the stage; one that is there already in the same way is linked. */
export function place(stage: string, target: string, file: LayerFile, existing: LayerFile | undefined): void {
  if (existing?.kind === 'file' && isSame(existing, file) && link(stage, target, file.path)) return
  writeEntry(stage, file)
}

/** Whether the file of the target is now in the stage as well. */
function link(stage: string, target: string, name: string): boolean {
  const from = path.join(target, name)
  try {
    // A mode that somebody changed is not what was built.
    if (![0o644, 0o755].includes(fs.statSync(from).mode & 0o7777)) return false
    makeDirs(stage, path.dirname(path.join(stage, name)))
    fs.linkSync(from, path.join(stage, name))
    return true
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error
    // A file system without such links.
    return false
  }
}

/** Let the stage take the target's place. */
export function takePlace(stage: string, target: string): void {
  attempt(() => {
    const old = `${besides(target, 'old')}${process.pid}`
    for (let tries = 0; ; tries++) {
      const hadOne = moveAway(target, old)
      try {
        fs.renameSync(stage, target)
        break
      } catch (error) {
        // Another build may have finished in between: then it is that one which is replaced.
        if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error)) && tries < 100) continue
        if (hadOne) fs.renameSync(old, target)
        throw error
      }
    }
    fs.rmSync(old, { recursive: true, force: true })
  })
}

function moveAway(target: string, old: string): boolean {
  fs.rmSync(old, { recursive: true, force: true })
  try {
    fs.renameSync(target, old)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** What builds have left behind that were killed. */
function removeAbandoned(target: string): void {
  const dir = path.dirname(target)
  const prefixes = ['build', 'old'].map((what) => path.basename(besides(target, what)))
  for (const name of fs.readdirSync(dir)) {
    const prefix = prefixes.find((one) => name.startsWith(one))
    const pid = Number(name.slice(prefix?.length))
    if (prefix !== undefined && pid > 0 && (pid === process.pid || !isAlive(pid)))
      fs.rmSync(path.join(dir, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof ReactiveError || codeOf(error) === '') throw error
    throw new ReactiveError(`the charm cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
