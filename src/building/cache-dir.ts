// Where building and packing keep what they may need again: where npm's packages keep such things. Where nobody may
// write, it is made again every time.

import fs from 'node:fs'
import path from 'node:path'
import { TOOLKIT_DIR } from '../version.ts'

export const CACHE_DIR = path.join(TOOLKIT_DIR, 'node_modules/.cache/charms.reactive')

/** Keep a file, in one step. */
export function keepCached(file: string, content: string | Buffer): void {
  const unfinished = `${file}.${process.pid}`
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(unfinished, content)
    fs.renameSync(unfinished, file)
  } catch {
    if (fs.existsSync(unfinished)) fs.rmSync(unfinished)
  }
}
