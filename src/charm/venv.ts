// Where the virtual environment of a charm with handlers in Python is, and whether it is complete. It is made
// by `bootstrap/python.ts`; children find its interpreter on their PATH.

import fs from 'node:fs'
import path from 'node:path'

/** Written last, with what the environment was made from: without it, the environment is half built. */
const MARK = '.charms.reactive'

/** Beside the charm dir, where the original has it: an upgrade of the charm leaves it alone. */
export function venvDir(charmDir: string): string {
  return path.join(path.dirname(charmDir), '.venv')
}

export function venvMark(charmDir: string): string {
  return path.join(venvDir(charmDir), MARK)
}

/** The directory of its executables; undefined without a complete environment. */
export function venvBin(charmDir: string): string | undefined {
  return fs.existsSync(venvMark(charmDir)) ? path.join(venvDir(charmDir), 'bin') : undefined
}
