import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { declarationsOf, ENTRIES } from '../../src/build/types.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const TYPES = path.join(ROOT, 'dist/types')
const names = (text: string) =>
  [...text.matchAll(/(?:from|import\() ?'(\.[^']+)\.ts'/g)].map(([, name]) => name)

/** The files that an entry refers to, directly or not. */
function reached(file: string, known: Set<string>): Set<string> {
  if (!known.has(file)) {
    known.add(file)
    for (const name of names(fs.readFileSync(file, 'utf8')))
      reached(path.resolve(path.dirname(file), `${name}.d.ts`), known)
  }
  return known
}

describe('the declarations of the package', () => {
  it('are where package.json says', () => {
    const { exports } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
    expect([exports['.'], exports['./testing']].map(({ types }) => path.join(ROOT, types))).toEqual(
      Object.values(ENTRIES).map((entry) => declarationsOf(TYPES, entry)),
    )
  })

  it('are all that the entries refer to, and nothing else', () => {
    const needed = new Set<string>()
    for (const entry of Object.values(ENTRIES)) reached(declarationsOf(TYPES, entry), needed)
    const there = fs
      .readdirSync(TYPES, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(TYPES, name))
    const files = there.filter((file) => fs.statSync(file).isFile())
    expect(files.sort()).toEqual([...needed].sort())
    const isEmpty = (file: string) => fs.statSync(file).isDirectory() && fs.readdirSync(file).length === 0
    expect(there.filter(isEmpty)).toEqual([])
  })
})
