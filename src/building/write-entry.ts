// Writes an entry into a directory, with the mode that git would give it, whatever the umask.

import fs from 'node:fs'
import path from 'node:path'
import { chunksOf, type Entry } from './entries.ts'

/** Write the entry, which must not be there yet, below the directory. */
export function writeEntry(dir: string, entry: Entry): void {
  const file = path.join(dir, entry.path)
  makeDirs(dir, entry.kind === 'directory' ? file : path.dirname(file))
  if (entry.kind === 'link') fs.symlinkSync(entry.target, file)
  if (entry.kind !== 'file') return
  const descriptor = fs.openSync(file, 'wx')
  try {
    for (const chunk of chunksOf(entry)) writeAll(descriptor, chunk)
    fs.fchmodSync(descriptor, entry.isExecutable ? 0o755 : 0o644)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** The directories from `dir` down to another one. */
export function makeDirs(dir: string, inner: string): void {
  if (fs.existsSync(inner)) return
  if (inner !== dir) makeDirs(dir, path.dirname(inner))
  fs.mkdirSync(inner)
  fs.chmodSync(inner, 0o755)
}

function writeAll(descriptor: number, chunk: Buffer): void {
  for (let offset = 0; offset < chunk.length; ) offset += fs.writeSync(descriptor, chunk, offset)
}
