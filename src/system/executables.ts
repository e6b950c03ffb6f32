// Executables on a PATH.

import fs from 'node:fs'
import path from 'node:path'

/** The absolute path of an executable on a PATH. */
export function findExecutable(name: string, searchPath: string): string | undefined {
  for (const dir of searchPath.split(':')) {
    const file = path.join(dir || '.', name)
    if (isExecutableFile(file)) return path.resolve(file)
  }
  return undefined
}

/** Whether the file is there and may be executed. */
export function isExecutableFile(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}
