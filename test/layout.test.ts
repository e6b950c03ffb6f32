import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const SRC = path.resolve(import.meta.dirname, '../src')

/** The folders of `src/` and its own files: imports run from left to right, and never back. */
const ORDER =
  'main cli building insight simulator dispatch handlers endpoints templating unit juju charm system errors version'.split(
    ' ',
  )

const rankOf = (file: string) => ORDER.indexOf(file.split('/')[0]?.replace(/\.ts$/, '') ?? '')

function upwardImports(file: string, text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, target = '']) => path.join(path.dirname(file), target))
    .filter((target) => !target.startsWith('..') && rankOf(target) < rankOf(file))
    .map((target) => `${file} imports ${target}`)
}

it('lets no import run up between folders', () => {
  const files = fs.readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => file.endsWith('.ts'))
  expect(
    sources.flatMap((file) => upwardImports(file, fs.readFileSync(path.join(SRC, file), 'utf8'))),
  ).toEqual([])
})

it.each([
  ["import type { A } from '../cli/cli.ts'", 'cli/cli.ts'],
  ["const a = () => import('../dispatch/trace.ts')", 'dispatch/trace.ts'],
  ["export { a } from '../new-folder/a.ts'", 'new-folder/a.ts'],
])('would notice %s', (text, target) => {
  expect(upwardImports('unit/flags.ts', text)).toEqual([`unit/flags.ts imports ${target}`])
  expect(upwardImports('main.ts', "import { a } from './unit/flags.ts'")).toEqual([])
})
