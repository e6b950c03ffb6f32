// What an archive or a charm dir gets: files by their path, with contents that stand in a file or in memory. One
// that has its SHA-256 is the same in other archives.

import fs from 'node:fs'
import { messageOf, ReactiveError } from '../errors.ts'

export type Entry = { path: string } & (
  | { kind: 'file'; isExecutable: boolean; content: Content; size: number; sha256?: string }
  | { kind: 'link'; target: string }
  | { kind: 'directory' }
)

/** Bytes, or the file that holds them. */
export type Content = Buffer | { file: string }

/** A file with this text. */
export function textEntry(path: string, text: string, isExecutable = false): Entry {
  const content = Buffer.from(text)
  return { path, kind: 'file', isExecutable, content, size: content.length }
}

/** In the order of their bytes, the same everywhere. */
export function sortEntries(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}

const CHUNK = 1 << 20

/** The contents in pieces, of the same sizes at every time. */
export function* chunksOf(path: string, content: Content): Generator<Buffer> {
  if (Buffer.isBuffer(content)) {
    yield content
    return
  }
  try {
    yield* chunksOfFile(content.file)
  } catch (error) {
    throw new ReactiveError(`the file cannot be read: ${path}: ${messageOf(error)}`, { cause: error })
  }
}

function* chunksOfFile(file: string): Generator<Buffer> {
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  try {
    // One byte more than the file has, so that the end shows: most files are far smaller than a chunk.
    const room = Math.min(CHUNK, fs.fstatSync(descriptor).size + 1)
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(room)
      let length = 0
      for (let read = -1; read !== 0 && length < room; length += read)
        read = fs.readSync(descriptor, chunk, length, room - length, null)
      if (length > 0) yield chunk.subarray(0, length)
      if (length < room) return
    }
  } finally {
    fs.closeSync(descriptor)
  }
}
