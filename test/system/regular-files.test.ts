import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { checkEnds, isRegularFile, readStart, textOrNothing } from '../../src/system/regular-files.ts'
import { temporaryDir } from '../end-to-end/charm.ts'

let dir = ''
let file = ''

beforeEach(() => {
  dir = temporaryDir()
  file = path.join(dir, 'file')
  fs.writeFileSync(file, 'größe')
  fs.symlinkSync('circle', path.join(dir, 'circle'))
})

it('gives as many of the first bytes as are wanted or there', () => {
  expect(readStart(file, 3).toString('latin1')).toBe('gr\u00c3')
  expect(readStart(file, 100).toString()).toBe('größe')
  expect(() => readStart(path.join(dir, 'none'), 3)).toThrow('ENOENT')
})

it('gives the text of a file, and nothing where it cannot be read', () => {
  expect(textOrNothing(file)).toBe('größe')
  expect(textOrNothing(file, 'latin1')).toHaveLength(7)
  for (const name of ['none', 'circle', '.']) expect(textOrNothing(path.join(dir, name))).toBe('')
})

it('knows regular files, and refuses what never ends', () => {
  expect(['file', 'none', 'circle', '.'].map((name) => isRegularFile(path.join(dir, name)))).toEqual([
    true,
    false,
    false,
    false,
  ])
  expect(() => checkEnds('/dev/zero')).toThrow('it is not a regular file')
  for (const ends of [file, dir, '/dev/null']) expect(() => checkEnds(ends)).not.toThrow()
})
