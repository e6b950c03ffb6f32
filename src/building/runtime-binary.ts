// What a Node.js binary says about itself in its ELF headers and constants, without being run: it may be one for
// another architecture. Tells whether a charm can carry it (a unit has nothing but what Ubuntu always has).

import fs from 'node:fs'
import { messageOf, ReactiveError } from '../errors.ts'
import { type Architecture, findArchitecture } from './architectures.ts'

/** A binary that a charm can carry. */
export interface Runtime {
  file: string
  architecture: Architecture
  /** `24.21.0`. */
  version: string
}

const OLDEST = 24

/** Libraries that every Ubuntu and Debian has: those of libc and of the C++ compiler, and the dynamic linker. */
const EVERYWHERE =
  /^(lib(c|dl|m|pthread|rt|util|resolv)\.so\.\d+|lib(stdc\+\+|gcc_s)\.so\.\d+|ld(64|-linux[a-z0-9-]*)\.so\.\d+)$/

/** Read a binary, and refuse what a charm cannot carry. */
export function readRuntime(file: string): Runtime {
  const bytes = readBinary(file)
  const elf = readElf(bytes)
  if (elf === undefined) throw new ReactiveError(`the runtime is not a Linux binary: ${file}`)
  const architecture = findArchitecture(({ machine }) => machine === elf.machine)
  if (architecture === undefined)
    throw new ReactiveError(`Juju has no architecture for this runtime: ELF machine ${elf.machine}: ${file}`)
  const missing = elf.libraries.filter((name) => !EVERYWHERE.test(name))
  if (missing.length > 0)
    throw new ReactiveError(
      `a charm cannot carry a runtime that needs other libraries: ${missing.join(', ')}: ${file}`,
    )
  return { file, architecture, version: checkVersion(file, findVersion(bytes)) }
}

function readBinary(file: string): Buffer {
  try {
    return fs.readFileSync(file)
  } catch (error) {
    throw new ReactiveError(`the runtime cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

function checkVersion(file: string, version: string | undefined): string {
  if (version === undefined) throw new ReactiveError(`the runtime is not Node.js: ${file}`)
  if (Number.parseInt(version, 10) >= OLDEST) return version
  throw new ReactiveError(`the runtime is older than Node.js ${OLDEST}: ${version}: ${file}`)
}

/** Among the constants of Node.js is what it calls itself to a debugger. */
function findVersion(bytes: Buffer): string | undefined {
  const at = bytes.indexOf('node.js/v')
  return /^node\.js\/v(\d+\.\d+\.\d+)/.exec(bytes.toString('latin1', at, at + 32))?.[1]
}

interface Elf {
  machine: number
  /** The shared libraries that it needs. */
  libraries: string[]
}

const LOAD = 1
const DYNAMIC = 2
const NEEDED = 1
const STRINGS = 5

interface Segment {
  type: number
  offset: number
  address: number
  size: number
}

/** The headers of a 64-bit binary for Linux; undefined for anything else. */
function readElf(bytes: Buffer): Elf | undefined {
  if (bytes.length < 64 || bytes.toString('latin1', 0, 5) !== '\x7fELF\x02') return undefined
  const numbers = readNumbers(bytes, bytes[5] === 1)
  try {
    return { machine: numbers.short(18), libraries: readLibraries(bytes, numbers) }
  } catch (error) {
    // An offset that leads out of the file.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

type Numbers = Record<'short' | 'word' | 'long', (at: number) => number>

function readNumbers(bytes: Buffer, isLittle: boolean): Numbers {
  const long = isLittle ? bytes.readBigUInt64LE : bytes.readBigUInt64BE
  return {
    short: (at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    word: (at) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
    long: (at) => Number(long.call(bytes, at)),
  }
}

function readLibraries(bytes: Buffer, numbers: Numbers): string[] {
  const segments = readSegments(numbers)
  const dynamic = segments.find(({ type }) => type === DYNAMIC)
  if (dynamic === undefined) return []
  const entries = Array.from({ length: dynamic.size / 16 }, (_, index) => {
    const at = dynamic.offset + index * 16
    return { tag: numbers.long(at), value: numbers.long(at + 8) }
  })
  const strings = fileOffset(segments, entries.find(({ tag }) => tag === STRINGS)?.value ?? 0)
  const needed = entries.filter(({ tag }) => tag === NEEDED)
  return needed.map(({ value }) => {
    const start = strings + value
    return bytes.toString('latin1', start, bytes.indexOf(0, start))
  })
}

function readSegments({ short, word, long }: Numbers): Segment[] {
  const [table, size, count] = [long(32), short(54), short(56)]
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size
    return { type: word(at), offset: long(at + 8), address: long(at + 16), size: long(at + 32) }
  })
}

/** Where an address of the running program stands in the file. */
function fileOffset(segments: readonly Segment[], address: number): number {
  const holder = segments.find(
    (segment) =>
      segment.type === LOAD && address >= segment.address && address < segment.address + segment.size,
  )
  return holder === undefined ? address : address - holder.address + holder.offset
}
