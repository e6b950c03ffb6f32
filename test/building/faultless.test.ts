import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { isFaultless, rememberFaultless } from '../../src/building/faultless.ts'
import { makeDir } from '../test-unit.ts'

it('knows the charms without errors, the newest hundred of them', () => {
  const dir = path.join(makeDir(), 'cache')
  expect(isFaultless('0', dir)).toBe(false)
  for (let charm = 0; charm <= 100; charm++) rememberFaultless(String(charm), dir)
  expect([0, 1, 100, 101].filter((charm) => isFaultless(String(charm), dir))).toEqual([1, 100])
  expect(fs.readdirSync(dir)).toEqual(['faultless'])
})

it('knows none where nobody may write', () => {
  const file = path.join(makeDir(), 'file')
  fs.writeFileSync(file, '')
  rememberFaultless('0', file)
  expect(isFaultless('0', file)).toBe(false)
})
