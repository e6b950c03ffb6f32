// Writes a zip archive as Juju reads it: Unix modes, links, names in UTF-8. The same entries give the same bytes
// on every machine: the times are fixed, and the deflate is written in JavaScript (that of zlib differs between
// processors).

import fs from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { Zip, ZipDeflate, type ZipInputFile, ZipPassThrough } from 'fflate'
import { messageOf, ReactiveError } from '../errors.ts'
import { deflated, LEVEL } from './deflate-cache.ts'
import { chunksOf, type Entry, type FileEntry } from './entries.ts'

/** Sizes without the extensions for larger archives, which the writer does not have. */
const LARGEST = 0xffff_ffff
const MOST_ENTRIES = 0xffff

/** The first day that zip knows. It is written as local time: the same in every time zone. */
const firstDay = () => new Date(1980, 0, 1)
const UNIX = 3
const DEFLATED = 8

const MODES = { directory: 0o040755, link: 0o120777, program: 0o100755, file: 0o100644 }

/** Write the archive in one step, and tell the size of each entry in it. `progress` hears of every piece of input. */
export function writeArchive(
  file: string,
  entries: readonly Entry[],
  progress: (bytes: number) => void = () => {},
): Map<Entry, number> {
  checkLimits(entries)
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`)
  let descriptor: number
  try {
    descriptor = fs.openSync(unfinished, 'wx')
  } catch (error) {
    throw new ReactiveError(`the archive cannot be written: ${messageOf(error)}`, { cause: error })
  }
  try {
    const sizes = writeEntries(descriptor, entries, progress)
    fs.closeSync(descriptor)
    fs.renameSync(unfinished, file)
    return sizes
  } catch (error) {
    fs.rmSync(unfinished, { force: true })
    if (error instanceof ReactiveError) throw error
    throw new ReactiveError(`the archive cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

function checkLimits(entries: readonly Entry[]): void {
  if (entries.length > MOST_ENTRIES)
    throw new ReactiveError(`an archive holds ${MOST_ENTRIES} files at most: ${entries.length}`)
  for (const entry of entries)
    if (entry.kind === 'file' && entry.size > LARGEST)
      throw new ReactiveError(`a file in an archive must be smaller than 4 GiB: ${entry.path}`)
}

function writeEntries(
  descriptor: number,
  entries: readonly Entry[],
  progress: (bytes: number) => void,
): Map<Entry, number> {
  let size = 0
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    size += chunk.length
    if (size > LARGEST) throw new ReactiveError('an archive must be smaller than 4 GiB')
    writeAll(descriptor, chunk)
  })
  const sizes = new Map<Entry, number>()
  for (const entry of entries) {
    const before = size
    addEntry(zip, entry, progress)
    sizes.set(entry, size - before)
  }
  zip.end()
  return sizes
}

/** Smaller files are compressed anew in no time. */
const WORTH_KEEPING = 1 << 20

function addEntry(zip: Zip, entry: Entry, progress: (bytes: number) => void): void {
  if (entry.kind !== 'file') addBytes(zip, entry)
  else if (entry.sha256 !== undefined && entry.size > WORTH_KEEPING)
    addKnown(zip, entry, entry.sha256, progress)
  else addFile(zip, entry, progress)
}

/** A link has its target for contents, a directory nothing. */
function addBytes(zip: Zip, entry: Exclude<Entry, FileEntry>): void {
  const stream = new ZipPassThrough(entry.kind === 'directory' ? `${entry.path}/` : entry.path)
  zip.add(Object.assign(stream, attributesOf(entry)))
  stream.push(entry.kind === 'link' ? Buffer.from(entry.target) : new Uint8Array(), true)
}

function addFile(zip: Zip, entry: FileEntry, progress: (bytes: number) => void): void {
  const stream = new ZipDeflate(entry.path, { level: LEVEL })
  zip.add(Object.assign(stream, attributesOf(entry)))
  for (const chunk of readChunks(entry, progress)) stream.push(chunk)
  stream.push(new Uint8Array(), true)
}

/** A file that somebody may have compressed already. */
function addKnown(zip: Zip, entry: FileEntry, sha256: string, progress: (bytes: number) => void): void {
  const bytes = deflated(sha256, () => readChunks(entry, progress))
  let checksum = 0
  for (const chunk of chunksOf(entry)) checksum = crc32(chunk, checksum)
  const stream: ZipInputFile = {
    filename: entry.path,
    size: entry.size,
    crc: checksum,
    compression: DEFLATED,
    ...attributesOf(entry),
  }
  zip.add(stream)
  stream.ondata?.(null, new Uint8Array(bytes), true)
}

function* readChunks(entry: FileEntry, progress: (bytes: number) => void): Generator<Buffer> {
  for (const chunk of chunksOf(entry)) {
    yield chunk
    progress(chunk.length)
  }
}

/** What a header says besides name and sizes. */
function attributesOf(entry: Entry) {
  const kind = entry.kind === 'file' && entry.isExecutable ? 'program' : entry.kind
  return { mtime: firstDay(), os: UNIX, attrs: (MODES[kind] << 16) >>> 0 }
}

function writeAll(descriptor: number, chunk: Uint8Array): void {
  for (let offset = 0; offset < chunk.length; ) offset += fs.writeSync(descriptor, chunk, offset)
}
