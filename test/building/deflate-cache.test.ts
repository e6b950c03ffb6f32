import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { CACHE_DIR } from '../../src/building/cache-dir.ts'
import { deflated } from '../../src/building/deflate-cache.ts'
import { TOOLKIT_DIR } from '../../src/version.ts'

/** Contents that nobody has compressed yet. */
function unknown() {
  const bytes = Buffer.concat([randomBytes(20), Buffer.alloc(5000, 'text ')])
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  made.push(sha256)
  return { sha256, bytes }
}
const made: string[] = []
const kept = (sha256: string) =>
  fs.readdirSync(CACHE_DIR).flatMap((name) => (name.startsWith(sha256) ? [path.join(CACHE_DIR, name)] : []))

afterEach(() => {
  for (const file of made.splice(0).flatMap(kept)) fs.rmSync(file)
})

describe('what packing has compressed', () => {
  it('stands where packages of npm keep such things', () => {
    expect(path.relative(TOOLKIT_DIR, CACHE_DIR)).toBe('node_modules/.cache/charms.reactive')
  })

  it('is taken from there the next time, without reading the file', () => {
    const { sha256, bytes } = unknown()
    const first = deflated(sha256, () => [bytes.subarray(0, 100), bytes.subarray(100)])
    expect(inflateRawSync(first).equals(bytes)).toBe(true)
    const again = deflated(sha256, () => {
      throw new Error('read again')
    })
    expect(again.equals(first)).toBe(true)
    expect(kept(sha256)).toHaveLength(1)
  })

  it('is made again where it is damaged', () => {
    const { sha256, bytes } = unknown()
    const first = deflated(sha256, () => [bytes])
    const [file = ''] = kept(sha256)
    const whole = fs.readFileSync(file)
    for (const damaged of [
      whole.subarray(0, -1),
      whole.subarray(0, 10),
      Buffer.from(whole).fill(0, 40, 41),
    ]) {
      fs.writeFileSync(file, damaged)
      expect(deflated(sha256, () => [bytes]).equals(first)).toBe(true)
      expect(fs.readFileSync(file).equals(whole)).toBe(true)
    }
  })
})
