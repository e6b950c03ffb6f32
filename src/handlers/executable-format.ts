// Binaries of other systems among the handler files.

import fs from 'node:fs'

/**
 * Whether a file is a binary that this system does not run. Spawning it would not tell: what the system
 * refuses as a format, `execvp` hands to sh.
 */
export function isForeignBinary(file: string): boolean {
  const [start, own] = [readStart(file), readStart('/proc/self/exe')]
  if (start === undefined || own === undefined || start.toString('latin1', 0, 2) === '#!') return false
  // Word size and byte order, then the machine. A 64-bit system may run 32-bit binaries.
  const ours = [own, Buffer.from('\x7fELF\x01\x01            \x03\0', 'latin1')]
  const isOurs = ours.some(
    (known) =>
      known.subarray(0, 6).equals(start.subarray(0, 6)) && known.subarray(18).equals(start.subarray(18)),
  )
  return !isOurs && !hasOtherFormats()
}

/** Whether the system was told to run further formats, through an emulator for instance. */
function hasOtherFormats(): boolean {
  try {
    return fs.readdirSync('/proc/sys/fs/binfmt_misc').some((name) => name !== 'register' && name !== 'status')
  } catch {
    return false
  }
}

/** The first 20 bytes; undefined where the file cannot be read. */
function readStart(file: string): Buffer | undefined {
  try {
    const descriptor = fs.openSync(file, 'r')
    const start = Buffer.alloc(20)
    fs.readSync(descriptor, start)
    fs.closeSync(descriptor)
    return start
  } catch {
    return undefined
  }
}
