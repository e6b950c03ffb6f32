import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { KIT_FUNCTIONS } from '../../../src/simulator/test-kit/kit-functions.ts'

const dir = path.resolve(import.meta.dirname, '../../../bats')
const tests = fs
  .readdirSync(dir)
  .filter((name) => /^kit.*\.bats$/.test(name))
  .map((name) => fs.readFileSync(path.join(dir, name), 'utf8'))
  .join('\n')

describe('every function of the test kit', () => {
  it.each(Object.keys(KIT_FUNCTIONS))('%s holds somewhere, and fails somewhere with a message', (name) => {
    expect(tests).toMatch(new RegExp(`^ +${name}( |$)`, 'm'))
    expect(tests).toMatch(new RegExp(`^ +run ${name}( .*)?\\n +assert_(refused|block)`, 'm'))
  })
})
