import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  type Content,
  chunksOf,
  hashOf,
  sortEntries,
  textEntry,
} from '../../src/building/entries.ts'
import { makeDir } from '../test-unit.ts'

const entryOf = (content: Content, size: number) =>
  ({ path: 'name', kind: 'file', isExecutable: false, content, size }) as const

describe('an entry', () => {
  it('of a text has its size in bytes', () => {
    const content = Buffer.from('grün')
    expect(textEntry('a', 'grün')).toEqual({ path: 'a', kind: 'file', isExecutable: false, content, size: 5 })
    expect(textEntry('b', '', true)).toMatchObject({ isExecutable: true, size: 0 })
  })

  it('stands in the order of the bytes of its path', () => {
    const paths = ['é', 'b', 'a/b', 'a', 'B', '😀', '\uffff', 'a-b']
    expect(sortEntries(paths.map((one) => textEntry(one, ''))).map((entry) => entry.path)).toEqual([
      'B',
      'a',
      'a-b',
      'a/b',
      'b',
      'é',
      '\uffff',
      '😀',
    ])
  })
})

describe('the contents of a file', () => {
  it('come in pieces of a megabyte, and whole', () => {
    const file = path.join(makeDir(), 'file')
    const sizes = (bytes: Buffer) => {
      fs.writeFileSync(file, bytes)
      const chunks = [...chunksOf(entryOf({ file }, bytes.length))]
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
      return chunks.map(({ length }) => length)
    }
    const megabyte = 1 << 20
    expect(sizes(Buffer.alloc(0))).toEqual([])
    expect(sizes(Buffer.from('text'))).toEqual([4])
    expect(sizes(Buffer.alloc(megabyte, 'x'))).toEqual([megabyte])
    expect(sizes(Buffer.alloc(2 * megabyte + 1, 'y'))).toEqual([megabyte, megabyte, 1])
    expect([...chunksOf(entryOf(Buffer.from('x'), 1))]).toEqual([Buffer.from('x')])
    expect([...chunksOf(entryOf({ file: 'none', bytes: Buffer.from('held') }, 4))]).toEqual([
      Buffer.from('held'),
    ])
  })

  it('are whole also where the file has another size than it had', () => {
    const file = path.join(makeDir(), 'file')
    fs.writeFileSync(file, 'some text')
    for (const size of [0, 4, 8, 10, 1 << 22])
      expect(bytesOf(entryOf({ file }, size)).toString(), `taken for ${size} bytes`).toBe('some text')
  })

  it('have the hash that sha256sum says, and so has where a link leads', () => {
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(hashOf(entryOf(Buffer.from('abc'), 3))).toBe(sha256)
    expect(hashOf({ path: 'a', kind: 'link', target: 'abc' })).toBe(sha256)
  })

  it('that cannot be read are named by their place in the charm', () => {
    const file = path.join(makeDir(), 'none')
    expect(() => bytesOf({ ...entryOf({ file }, 1), path: 'files/a' })).toThrow(
      `the file cannot be read: files/a: ENOENT: no such file or directory, open '${file}'`,
    )
  })
})
