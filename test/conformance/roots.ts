// Bare systems made by debootstrap: what every Debian has, and nothing else. CONFORMANCE_ROOTS names a directory with
// roots that are there already, one a suite.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const made = new Map<string, string | undefined>()
const dirs: string[] = []
// What several files of tests share lasts as long as their worker.
process.once('exit', () => {
  for (const dir of dirs) fs.rmSync(dir, { recursive: true, force: true })
})

/** A fresh copy of the root of a suite; undefined where it cannot be made here. */
export function copyRoot(suite: string): string | undefined {
  if (!made.has(suite)) made.set(suite, makeRoot(suite))
  const root = made.get(suite)
  if (root === undefined) return undefined
  const copy = path.join(makeDir(), suite)
  execFileSync('cp', ['--archive', '--reflink=auto', root, copy])
  return copy
}

function makeRoot(suite: string): string | undefined {
  if (process.getuid?.() !== 0) return undefined
  const known = path.join(process.env.CONFORMANCE_ROOTS ?? '/nonexistent', suite)
  if (fs.existsSync(known)) return known
  const root = path.join(makeDir(), suite)
  try {
    execFileSync('debootstrap', ['--variant=minbase', suite, root], { stdio: 'ignore' })
    return root
  } catch {
    // No debootstrap, or no mirror of this suite.
    return undefined
  }
}

function makeDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-root-'))
  // An other user of the root must get in.
  fs.chmodSync(dir, 0o755)
  dirs.push(dir)
  return dir
}
