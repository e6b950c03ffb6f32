// What is on the disk when the power fails behind one of the calls that a process made: what was synced, and of the
// rest whatever a disk may have written: each name, each sector of 512 bytes by itself, in any order, and garbage
// where a file has grown. SQLite expects no more of a disk (sqlite.org/atomiccommit.html).

import fs from 'node:fs'
import path from 'node:path'
import type { Random } from '../../random.ts'
import type { DiskCall } from './disk.ts'

const SECTOR = 512

interface Change {
  offset: number
  /** None: the file is cut at the offset. */
  data?: Buffer
}

/** A file without its name. */
interface Content {
  synced: Buffer
  pending: Change[]
}

/** A name appears, or goes. */
interface Naming {
  name: string
  content?: Content
}

/** A directory, and what of it would survive. */
export class PowerlessDisk {
  readonly #synced = new Map<string, Content>()
  readonly #names = new Map<string, Content>()
  #pending: Naming[] = []

  /** All files of the directory are synced. */
  constructor(dir: string) {
    for (const name of fs.readdirSync(dir)) {
      const content = { synced: fs.readFileSync(path.join(dir, name)), pending: [] }
      this.#synced.set(name, content)
      this.#names.set(name, content)
    }
  }

  /** Follow a call; those that change nothing are none of ours. */
  call({ name: call, path: name, offset, data }: DiskCall): void {
    if (call === 'creat' && !this.#names.has(name))
      this.#name({ name, content: { synced: Buffer.alloc(0), pending: [] } })
    else if (call === 'unlink') this.#name({ name })
    else if (call === 'pwrite64') this.#names.get(name)?.pending.push({ offset, data })
    else if (call === 'ftruncate64') this.#names.get(name)?.pending.push({ offset })
    else if (call === 'fsync' || call === 'fdatasync') this.#sync(name)
  }

  /** The power fails: write what is left to a directory. */
  fail(dir: string, choice: Random): void {
    const names = new Map(this.#synced)
    for (const naming of this.#pending) if (choice.chance(0.5)) apply(names, naming)
    for (const [name, content] of names) fs.writeFileSync(path.join(dir, name), leftOf(content, choice))
  }

  #name(naming: Naming): void {
    apply(this.#names, naming)
    this.#pending.push(naming)
  }

  #sync(name: string): void {
    const content = this.#names.get(name)
    if (content !== undefined) {
      content.synced = content.pending.reduce(change, content.synced)
      content.pending = []
    } else if (name === '') {
      for (const naming of this.#pending) apply(this.#synced, naming)
      this.#pending = []
    }
  }
}

function apply(names: Map<string, Content>, { name, content }: Naming): void {
  if (content === undefined) names.delete(name)
  else names.set(name, content)
}

function change(before: Buffer, { offset, data }: Change): Buffer {
  if (data === undefined) return before.subarray(0, offset)
  const after = Buffer.alloc(Math.max(before.length, offset + data.length))
  before.copy(after)
  data.copy(after, offset)
  return after
}

/** What became of the changes since the last sync. */
function leftOf({ synced, pending }: Content, choice: Random): Buffer {
  return pending.reduce((before, next) => {
    if (choice.chance(1 / 3)) return before
    if (next.data === undefined || choice.chance(1 / 2)) return change(before, next)
    return change(before, { offset: next.offset, data: torn(before, next.offset, next.data, choice) })
  }, synced)
}

/** Some sectors are new, the others old, or garbage where the file ended before. */
function torn(before: Buffer, offset: number, data: Buffer, choice: Random): Buffer {
  const mixed = Buffer.from(data)
  for (let at = 0; at < data.length; at = nextSector(offset, at)) {
    if (choice.chance(0.5)) continue
    for (let byte = at; byte < Math.min(nextSector(offset, at), data.length); byte++) {
      mixed[byte] = before[offset + byte] ?? choice.below(256)
    }
  }
  return mixed
}

/** Sectors are those of the file, wherever the data begins. */
function nextSector(offset: number, at: number): number {
  return Math.floor((offset + at) / SECTOR + 1) * SECTOR - offset
}
