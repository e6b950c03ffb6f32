import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeDirectories } from '../../src/system/make-directories.ts'
import { makeDir } from '../test-unit.ts'

it('makes a directory with those above it, and leaves one that is there', () => {
  const dir = makeDir()
  const deep = path.join(dir, 'a/b/c')
  makeDirectories(deep)
  makeDirectories(deep)
  expect(fs.readdirSync(path.join(dir, 'a/b'))).toEqual(['c'])
})

it('fails below a file, and where the system makes none', () => {
  const file = path.join(makeDir(), 'file')
  fs.writeFileSync(file, '')
  expect(() => makeDirectories(path.join(file, 'a'))).toThrow(/EEXIST/)
  expect(() => makeDirectories(file)).toThrow(/EEXIST/)
  expect(() => makeDirectories('/proc/x/y')).toThrow(/ENOENT/)
})
