import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = path.resolve(import.meta.dirname, '../src')

/** The folders of `src/` and its own files: imports run from left to right, and never back. */
const ORDER =
  'build main cli building insight simulator dispatch handlers endpoints templating unit juju charm system errors version'.split(
    ' ',
  )

const rankOf = (file: string) => ORDER.indexOf(file.split('/')[0]?.replace(/\.ts$/, '') ?? '')

function upwardImports(file: string, text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, target = '']) => path.join(path.dirname(file), target))
    .filter((target) => !target.startsWith('..') && rankOf(target) < rankOf(file))
    .map((target) => `${file} imports ${target}`)
}

const SOURCES = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: fs.readFileSync(path.join(SRC, file), 'utf8') }))

it('lets no import run up between folders', () => {
  expect(SOURCES.flatMap(({ file, text }) => upwardImports(file, text))).toEqual([])
})

it.each([
  ["import type { A } from '../cli/cli.ts'", 'cli/cli.ts'],
  ["const a = () => import('../dispatch/trace.ts')", 'dispatch/trace.ts'],
  ["export { a } from '../new-folder/a.ts'", 'new-folder/a.ts'],
])('would notice %s', (text, target) => {
  expect(upwardImports('unit/flags.ts', text)).toEqual([`unit/flags.ts imports ${target}`])
  expect(upwardImports('main.ts', "import { a } from './unit/flags.ts'")).toEqual([])
})

/** What only some files may do: the rules of CONTRIBUTING, with all of their exceptions. */
const ONLY: [string, RegExp, string[]][] = [
  [
    'sets the exit status',
    /\bprocess\.exit(Code)?\b/,
    ['handlers/javascript/unhandled-errors.ts', 'main.ts'],
  ],
  [
    'touches the environment of the process',
    /\bprocess\.env\b/,
    ['handlers/javascript/child-environment.ts', 'juju/context.ts'],
  ],
  [
    'keeps something at module level',
    /^(export )?(let |const \w+ = new (Map|Set|WeakMap)(<.*>)?\(\))/m,
    [
      'charm/charm-files/yaml-memory.ts',
      'dispatch/running-hook.ts',
      'endpoints/session-endpoints.ts',
      'handlers/children.ts',
      'handlers/javascript/modules.ts',
      'handlers/session-handlers.ts',
      'juju/hook-tools/calls.ts',
      'juju/hook-tools/early-answers.ts',
      'simulator/consistency/charm.ts',
      'simulator/overlay-support.ts',
      'system/word-count.ts',
      'unit/current-session.ts',
    ],
  ],
]

it.each(ONLY)('knows each file that %s', (_, pattern, files) => {
  const found = SOURCES.filter(({ file, text }) => !file.startsWith('build/') && pattern.test(text))
  expect(found.map(({ file }) => file).sort()).toEqual(files)
})

describe('the full sets', () => {
  const TEST = import.meta.dirname
  const scripts: Record<string, string> = JSON.parse(
    fs.readFileSync(path.join(TEST, '../package.json'), 'utf8'),
  ).scripts
  const full = Object.entries(scripts).filter(([, script]) => script.includes('EFFORT=full'))

  it('are run by two commands, each with the files of its folder', () => {
    for (const [name, script] of full) expect(script).toContain(`EFFORT=full vitest run --dir test/${name} `)
    expect(full.map(([name]) => name)).toEqual(['reliability', 'conformance'])
  })

  it('are of files that one of them runs', () => {
    const files = fs.readdirSync(TEST, { recursive: true, encoding: 'utf8' })
    const isInFull = (file: string) => full.some(([name]) => file.startsWith(`${name}/`))
    const known = ['effort.ts', 'layout.test.ts']
    const others = files.filter((file) => file.endsWith('.ts') && !isInFull(file) && !known.includes(file))
    const asks = /effort\.ts'|\bEFFORT\b/
    expect(others.filter((file) => asks.test(fs.readFileSync(path.join(TEST, file), 'utf8')))).toEqual([])
    expect(files.filter((file) => isInFull(file) && file.endsWith('.test.ts')).length).toBeGreaterThan(20)
  })
})
