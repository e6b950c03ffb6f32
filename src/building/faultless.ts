// Built charms in which lint has found no error: a build that changes nothing shall not look for errors again, which
// takes longer than all else of it. What lint has found is told by every build.

import fs from 'node:fs'
import path from 'node:path'
import { statOf } from '../system/regular-files.ts'
import { TOOLKIT_DIR, VERSION } from '../version.ts'
import { CACHE_DIR, keepCached } from './cache-dir.ts'

/** So many charms are remembered, the newest ones. */
const REMEMBERED = 100

/** Whether this toolkit has found no error in the charm whose files have this hash. */
export function isFaultless(sha256: string, dir = CACHE_DIR): boolean {
  return readMarks(dir).includes(markOf(sha256))
}

/** Note that lint finds no error in this charm. */
export function rememberFaultless(sha256: string, dir = CACHE_DIR): void {
  const marks = [...readMarks(dir), markOf(sha256)].slice(-REMEMBERED)
  keepCached(fileIn(dir), `${marks.join('\n')}\n`)
}

const fileIn = (dir: string) => path.join(dir, 'faultless')

/** Another toolkit may know more rules. */
function markOf(sha256: string): string {
  return `${sha256} ${VERSION} ${statOf(path.join(TOOLKIT_DIR, 'dist/development.cjs'))?.mtimeMs ?? ''}`
}

function readMarks(dir: string): string[] {
  try {
    return fs.readFileSync(fileIn(dir), 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
