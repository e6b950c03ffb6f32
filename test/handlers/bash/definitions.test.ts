import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { definitionBehind, lastDefinition } from '../../../src/handlers/bash/definitions.ts'
import { Random } from '../../random.ts'
import { bareEnv, makeDir, run, SHELL } from '../../test-unit.ts'

describe('the function behind a decorator', () => {
  it.each([
    ['in the next line', '@when a\nfunction one() {', { name: 'one', line: 2 }],
    ['without the word function', '@when a\none () {', { name: 'one', line: 2 }],
    ['without parentheses', '@when a\nfunction one-two.three {', { name: 'one-two.three', line: 2 }],
    [
      'behind lines of other things',
      '@when a\n# two words()\nx=$(date)\n  \tone(){',
      { name: 'one', line: 4 },
    ],
    ['on the same line', '@when a; @when b && one() {', { name: 'one', line: 1 }],
    [
      'and not behind a semicolon of a later line',
      '@when a\n:; one() { :; }\ntwo() { :; }',
      { name: 'two', line: 3 },
    ],
    ['with letters of other alphabets', '@when a\ngrüße() {', { name: 'grüße', line: 2 }],
    ['with the carriage return of Windows', '@when a\r\none() {\r', { name: 'one', line: 2 }],
    ['nowhere', '@when a\necho "(function)"\n', undefined],
    ['before it only', 'one() { :; }\n@when a\n', undefined],
  ])('stands %s', (_, text, found) => {
    const lines = text.split('\n')
    expect(definitionBehind(lines, lines.findIndex((line) => line.startsWith('@')) + 1)).toEqual(found)
  })

  it('is found in lines of any length', () => {
    expect(lastDefinition(['one() { :; }', ';'.repeat(1_000_000), `${'x'.repeat(1_000_000)}; (`])).toBe(1)
  })

  it('is none behind the last definition', () => {
    expect(lastDefinition(['one() {', ':', '}', '@when a; two() { :; }', '@when b'])).toBe(4)
    expect(lastDefinition(['echo'])).toBe(0)
  })

  it('is the one that shell/find-functions.sh finds, at every line of examples and random texts', async () => {
    const texts = [...handlerFiles('examples'), ...randomTexts(60)]
    const dir = makeDir()
    const files = texts.map((text, index) => {
      const file = path.join(dir, `${index}`)
      fs.writeFileSync(file, text)
      return file
    })
    const found = await run('bash', ['-c', FIND, 'find', ...files], {
      env: { ...bareEnv(dir), SHELL_DIR: SHELL },
    })
    const expected = texts.flatMap((text, index) => {
      const lines = text.split('\n')
      return lines.map((_, at) => {
        const definition = definitionBehind(lines, at + 1)
        return `${index}:${at + 1} ${definition === undefined ? 'none' : `${definition.line} ${definition.name}`}`
      })
    })
    expect(found.stdout.split('\n').slice(0, -1)).toEqual(expected)
    expect(expected.filter((line) => !line.endsWith('none')).length).toBeGreaterThan(500)
  })
})

/** What the library says of every line of the files. */
const FIND = `source "$SHELL_DIR/charms.reactive.sh"
_reactive_part find-functions.sh
for file; do
  # As many lines as there are line ends, and one more.
  mapfile -t all <"$file"
  for ((line = 1; line <= \${#all[@]} + 1; line++)); do
    _reactive_latest=''
    answer=none
    if _reactive_find "$file" "$line"; then answer="$_reactive_found \${_reactive_names[-1]}"; fi
    printf '%s:%s %s\\n' "\${file##*/}" "$line" "$answer"
  done
done`

function handlerFiles(dir: string): string[] {
  const all = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' })
  return all
    .filter((name) => name.endsWith('.sh') && /reactive|hooks/.test(name))
    .map((name) => fs.readFileSync(path.join(dir, name), 'utf8'))
}

const PIECES = [
  'function a() {',
  'b ()',
  'c(){',
  '# x() y',
  'echo "d()"',
  'x=$(foo)',
  '@when a; e() {',
  '@when a && function f {',
  'g-h.i() {',
  'function\tj',
  '};k(){',
  'if x; then l() (',
  'm() { :; }; n() { :; }',
  '[ -f x ] && o()',
  'é() {',
  'functionary() {',
  'function ()',
  'function() {',
  '[p]() {',
  'q\\r() {',
  '@when b',
  ':',
  '',
]

function randomTexts(count: number): string[] {
  const random = new Random(20)
  return Array.from({ length: count }, () => {
    const lines = Array.from({ length: 1 + random.below(12) }, () => {
      const [indent, piece] = [random.pick(['', '  ', '\t']), random.pick(PIECES)]
      return `${indent}${piece}${random.pick(['', '', ' ', '\r', ' # (function)'])}`
    })
    return `${lines.join('\n')}\n`
  })
}
