// Compressed files that go into every archive: the runtime takes ten seconds, and is the same in the next one.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Deflate } from 'fflate'
import manifest from '../../package.json' with { type: 'json' }
import { CACHE_DIR, keepCached } from './cache-dir.ts'

export const LEVEL = 6

/** Another writer would make other bytes of the same file. */
const WRITER = `fflate-${manifest.devDependencies.fflate}-${LEVEL}`
const DIGEST_BYTES = 32

/** The compressed contents of a file with this SHA-256; `chunks` are read where nobody has compressed it yet. */
export function deflated(sha256: string, chunks: () => Iterable<Buffer>): Buffer {
  const file = path.join(CACHE_DIR, `${sha256}.${WRITER}`)
  const known = readChecked(file)
  if (known !== undefined) return known
  const bytes = deflate(chunks())
  keepCached(file, Buffer.concat([digestOf(bytes), bytes]))
  return bytes
}

function deflate(chunks: Iterable<Buffer>): Buffer {
  const parts: Uint8Array[] = []
  const stream = new Deflate({ level: LEVEL }, (part) => parts.push(part))
  for (const chunk of chunks) stream.push(chunk)
  stream.push(new Uint8Array(), true)
  return Buffer.concat(parts)
}

/** What stands behind its own digest: half a file is none. */
function readChecked(file: string): Buffer | undefined {
  let all: Buffer
  try {
    all = fs.readFileSync(file)
  } catch {
    return undefined
  }
  const bytes = all.subarray(DIGEST_BYTES)
  return digestOf(bytes).equals(all.subarray(0, DIGEST_BYTES)) ? bytes : undefined
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
