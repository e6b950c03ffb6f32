// Regular files among what a directory may hold: a FIFO waits for a writer, and some devices never end, so that
// whoever opens one would hang. Used wherever a file of the charm is read.

import fs from 'node:fs'

/** Whether the name leads to a regular file; a link that goes in circles, or nowhere, does not. */
export function isRegularFile(file: string): boolean {
  return statOf(file)?.isFile() === true
}

/** What the name leads to; undefined where that is nothing, or cannot be known. */
export function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file)
  } catch {
    return undefined
  }
}

/** Throw an error that says so where a file would never end. The empty device is how systemd masks a file. */
export function checkEnds(file: string): void {
  const stat = fs.statSync(file)
  if (stat.isFile() || stat.isDirectory() || fs.realpathSync(file) === '/dev/null') return
  throw new Error('it is not a regular file')
}

/** Read all of a file that ends. */
export function readRegularFile(file: string): Buffer {
  checkEnds(file)
  return fs.readFileSync(file)
}

/** The first bytes of a file, as many as are wanted or there. */
export function readStart(file: string, most: number): Buffer {
  const descriptor = fs.openSync(file, 'r')
  try {
    const start = Buffer.alloc(most)
    return start.subarray(0, fs.readSync(descriptor, start))
  } finally {
    fs.closeSync(descriptor)
  }
}

/** The text of a file; empty where it cannot be read. */
export function textOrNothing(file: string, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  try {
    return fs.readFileSync(file, encoding)
  } catch {
    return ''
  }
}
