import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { chunksOf, sortEntries, textEntry } from '../../src/building/entries.ts'
import { makeDir } from '../test-unit.ts'

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
      const chunks = [...chunksOf('name', { file })]
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
      return chunks.map(({ length }) => length)
    }
    const megabyte = 1 << 20
    expect(sizes(Buffer.alloc(0))).toEqual([])
    expect(sizes(Buffer.from('text'))).toEqual([4])
    expect(sizes(Buffer.alloc(megabyte, 'x'))).toEqual([megabyte])
    expect(sizes(Buffer.alloc(2 * megabyte + 1, 'y'))).toEqual([megabyte, megabyte, 1])
    expect([...chunksOf('name', Buffer.from('x'))]).toEqual([Buffer.from('x')])
  })

  it('that cannot be read are named by their place in the charm', () => {
    const file = path.join(makeDir(), 'none')
    expect(() => [...chunksOf('files/a', { file })]).toThrow(
      `the file cannot be read: files/a: ENOENT: no such file or directory, open '${file}'`,
    )
  })
})
