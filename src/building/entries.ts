// What an archive or a charm dir gets: files by their path, with contents that stand in a file or in memory. One
// that has its SHA-256 is the same in other archives.

import { createHash, hash } from 'node:crypto'
import fs from 'node:fs'
import { messageOf, ReactiveError } from '../errors.ts'

export type Entry =
  | FileEntry
  | { path: string; kind: 'link'; target: string }
  | { path: string; kind: 'directory' }

export interface FileEntry {
  path: string
  kind: 'file'
  isExecutable: boolean
  content: Content
  size: number
  sha256?: string
}

/** Bytes, or the file that has them, which may be held as well. */
export type Content = Buffer | { file: string; bytes?: Buffer }

/** A file with this text. */
export function textEntry(path: string, text: string, isExecutable = false): Entry {
  const content = Buffer.from(text)
  return { path, kind: 'file', isExecutable, content, size: content.length }
}

/** In the order of their bytes, the same everywhere. */
export function sortEntries(entries: readonly Entry[]): Entry[] {
  const keyed = entries.map((entry): [Buffer, Entry] => [Buffer.from(entry.path), entry])
  return keyed.sort(([one], [other]) => Buffer.compare(one, other)).map(([, entry]) => entry)
}

const CHUNK = 1 << 20

/** The contents in pieces, of the same sizes at every time. */
export function* chunksOf({ path, content, size }: FileEntry): Generator<Buffer> {
  const source = Buffer.isBuffer(content) ? content : (content.bytes ?? content.file)
  if (typeof source !== 'string') {
    yield source
    return
  }
  try {
    yield* chunksOfFile(source, size)
  } catch (error) {
    throw new ReactiveError(`the file cannot be read: ${path}: ${messageOf(error)}`, { cause: error })
  }
}

/** All contents of a file; none of anything else. */
export function bytesOf(entry: Entry): Buffer {
  if (entry.kind !== 'file') return Buffer.alloc(0)
  const [first = Buffer.alloc(0), ...others] = chunksOf(entry)
  return others.length === 0 ? first : Buffer.concat([first, ...others])
}

/** The SHA-256 of a file's contents, of where a link leads, or of nothing. */
export function hashOf(entry: Entry): string {
  if (entry.kind !== 'file') return hash('sha256', entry.kind === 'link' ? entry.target : '')
  // In one piece it takes half the time.
  if (entry.size < CHUNK) return hash('sha256', bytesOf(entry))
  const all = createHash('sha256')
  for (const chunk of chunksOf(entry)) all.update(chunk)
  return all.digest('hex')
}

function* chunksOfFile(file: string, size: number): Generator<Buffer> {
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  try {
    // One byte more than the file has, so that the end shows: most files are far smaller than a chunk.
    const room = Math.min(CHUNK, size + 1)
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(room)
      const length = fill(descriptor, chunk, size)
      if (length > 0) yield chunk.subarray(0, length)
      if (length < room) return
    }
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Read until the chunk is full, or the file ends. */
function fill(descriptor: number, chunk: Buffer, size: number): number {
  for (let length = 0; ; ) {
    const read = fs.readSync(descriptor, chunk, length, chunk.length - length, null)
    length += read
    // Nobody has to ask again for the end where it is at the file's size.
    if (read === 0 || length === chunk.length || length === size) return length
  }
}
