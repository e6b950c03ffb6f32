// Executables on a PATH.

import fs from 'node:fs'
import path from 'node:path'

/** The absolute path of an executable on a PATH. */
export function findExecutable(name: string, searchPath: string): string | undefined {
  for (const dir of searchPath.split(':')) {
    const file = path.join(dir || '.', name)
    try {
      fs.accessSync(file, fs.constants.X_OK)
      if (fs.statSync(file).isFile()) return path.resolve(file)
    } catch {
      // not in this directory
    }
  }
  return undefined
}
