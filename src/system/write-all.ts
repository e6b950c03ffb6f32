// Writing without a stream: what is written is out when the call returns.

import fs from 'node:fs'
import { codeOf } from '../errors.ts'

/** Write to a descriptor that may be a pipe. A reader that is gone wants nothing. */
export function writeAll(descriptor: number, data: string | Buffer): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += fs.writeSync(descriptor, bytes, offset)
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return
      // Somebody else has set the pipe to non-blocking, and it is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}
