// The text of the file `version` of a packed charm, which `juju status` shows: as Juju makes it for a directory.

import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { isRegularFile, readRegularFile } from '../system/regular-files.ts'

/** What git calls the charm's commit, else what the charm's own file says; undefined where there is neither. */
export function versionText(charmDir: string): string | undefined {
  const described = describeCommit(charmDir)
  if (described !== undefined) return described
  const file = path.join(charmDir, 'version')
  return isRegularFile(file) ? readRegularFile(file).toString() : undefined
}

function describeCommit(charmDir: string): string | undefined {
  try {
    const words = ['describe', '--dirty', '--always']
    const text = execFileSync('git', words, {
      cwd: charmDir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return text.trimEnd()
  } catch {
    // No git, or no repository.
    return undefined
  }
}
