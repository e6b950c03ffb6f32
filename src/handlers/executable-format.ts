// What the system can start by itself besides scripts: ELF binaries, and what it was told to hand to an
// interpreter (binfmt_misc). Discovery asks which files are programs at all; whoever starts one asks whether it
// is one of another system.

import fs from 'node:fs'
import path from 'node:path'
import { readStart, textOrNothing } from '../system/regular-files.ts'

const REGISTERED = '/proc/sys/fs/binfmt_misc'
/** `e_type` of an executable, and of one whose addresses are chosen when it starts. An object file has another. */
const ELF_PROGRAMS = new Set([2, 3])

/** Whether a file that begins like this is a program: an ELF binary, of whatever system, or a registered format. */
export function isProgram(file: string, start: Buffer): boolean {
  return isElf(start) || isRegistered(file, start)
}

/**
 * Whether a file is a binary that this system does not run. Spawning it would not tell: what the system
 * refuses as a format, `execvp` hands to sh.
 */
export function isForeignBinary(file: string): boolean {
  const [start, own] = [headerOf(file), headerOf('/proc/self/exe')]
  if (start === undefined || own === undefined || start.toString('latin1', 0, 2) === '#!') return false
  // Word size and byte order, then the machine. A 64-bit system may run 32-bit binaries.
  const ours = [own, Buffer.from('\x7fELF\x01\x01            \x03\0', 'latin1')]
  const isOurs = ours.some(
    (known) =>
      known.subarray(0, 6).equals(start.subarray(0, 6)) &&
      known.subarray(18, 20).equals(start.subarray(18, 20)),
  )
  return !isOurs && !isRegistered(file, start)
}

function isElf(start: Buffer): boolean {
  if (start.length < 20 || start.toString('latin1', 0, 4) !== '\x7fELF') return false
  return ELF_PROGRAMS.has(start[5] === 2 ? start.readUInt16BE(16) : start.readUInt16LE(16))
}

/** Whether the system was told to run such a file, through an emulator for instance. */
function isRegistered(file: string, start: Buffer): boolean {
  let names: string[]
  try {
    names = fs.readdirSync(REGISTERED).filter((name) => name !== 'register' && name !== 'status')
  } catch {
    return false
  }
  return names.some((name) =>
    matchesFormat(textOrNothing(path.join(REGISTERED, name), 'latin1'), file, start),
  )
}

/** Whether a file that begins like this is of a format that is registered with such a text. */
export function matchesFormat(registered: string, file: string, start: Buffer): boolean {
  const words = new Map(
    registered.split('\n').map((line): [string, string] => {
      const [word = '', ...values] = line.split(' ')
      return [word, values.join(' ')]
    }),
  )
  if (!words.has('enabled')) return false
  const extension = words.get('extension')
  if (extension !== undefined) return file.endsWith(extension)
  const magic = Buffer.from(words.get('magic') ?? '', 'hex')
  const mask = Buffer.from(words.get('mask') ?? 'ff'.repeat(magic.length), 'hex')
  const found = start.subarray(Number(words.get('offset') ?? 0))
  const isSame = (byte: number, at: number) => ((byte ^ (found[at] ?? 0)) & (mask[at] ?? 0xff)) === 0
  return magic.length > 0 && found.length >= magic.length && magic.every(isSame)
}

/** As much as the kernel looks at; undefined where the file cannot be read. */
function headerOf(file: string): Buffer | undefined {
  try {
    return readStart(file, 256)
  } catch {
    return undefined
  }
}
