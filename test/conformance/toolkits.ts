// Toolkits made of these sources: a clone as it is, or one of another version.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { ROOT } from '../building/pack-with.ts'

/** Clone the last commit and build it; `edit` changes files of the clone before. */
export function cloneToolkit(
  dir: string,
  { umask = 0o022, edit }: { umask?: number; edit?: (dir: string) => void } = {},
): string {
  const before = process.umask(umask)
  try {
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, dir])
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(dir, 'node_modules'))
    edit?.(dir)
    execFileSync(process.execPath, [path.join(dir, 'src/build/build.mjs')], { cwd: dir })
    return dir
  } finally {
    process.umask(before)
  }
}

/** Replace a text that must be there. */
export function editFile(file: string, text: string, by: string): void {
  const before = fs.readFileSync(file, 'utf8')
  if (!before.includes(text)) throw new Error(`${file} has no: ${text}`)
  fs.writeFileSync(file, before.replace(text, by))
}
