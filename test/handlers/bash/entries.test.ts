import { expect, it } from 'vitest'
import { parseEntries } from '../../../src/handlers/bash/entries.ts'

const LINES = [
  '#!/bin/bash',
  '@when a b,',
  '@when_not c',
  'f() {',
  '}',
  '@method',
  'function answers-it { :; }',
]

function parse(...words: string[]) {
  const warnings: string[] = []
  const relative = (file: string) => file.replace('/charm/', '')
  return {
    entries: () => parseEntries(words, { lines: LINES, relative, warn: (line) => void warnings.push(line) }),
    warnings,
  }
}

const OWN = ['file', '/charm/app.sh']

it('puts the decorators of a function together, in the file that registers and in others', () => {
  const { entries, warnings } = parse(
    ...OWN,
    ...['here', 'when', '2', '2', 'a', 'b,', 'here', 'when_not', '3', '1', 'c'],
    ...['here', 'method', '6', '1', '--json'],
    ...['function', 'g', '8', '/charm/lib.sh', 'condition', 'when', '7', '1', 'd'],
    ...['condition', 'not_unless', '7', '1', 'e'],
  )
  expect(entries()).toEqual([
    {
      name: 'f',
      line: 4,
      file: 'app.sh',
      place: '4 /charm/app.sh',
      conditions: [
        { name: 'when', args: ['a', 'b,'] },
        { name: 'when_not', args: ['c'] },
      ],
    },
    {
      name: 'answers-it',
      line: 7,
      file: 'app.sh',
      place: '7 /charm/app.sh',
      conditions: [],
      method: { json: true },
    },
    {
      name: 'g',
      line: 8,
      file: 'lib.sh',
      place: '8 /charm/lib.sh',
      conditions: [{ name: 'when', args: ['d'] }],
    },
  ])
  expect(warnings).toEqual([
    'a word of @when ends with a comma, which becomes part of the word: app.sh:2: b,',
  ])
})

it.each([
  [
    ['here', 'method', '6', '1', '--text'],
    'the decorator takes --json or nothing: @method --text, at app.sh:7 answers-it',
  ],
  [
    ['here', 'method', '6', '2', '--json', 'x'],
    'the decorator takes --json or nothing: @method --json x, at app.sh:7 answers-it',
  ],
  [
    ['function', '_g', '8', '/charm/lib.sh', 'condition', 'method', '7', '0'],
    'the name of a method is a letter, then letters, digits, _ and -: _g, at lib.sh:8 _g',
  ],
  [['here', 'not_unless', '2', '1', ''], 'a flag needs a name: "", at app.sh:4 f'],
  [['here', 'when', '2', '0'], 'the decorator needs words: @when, at app.sh:4 f'],
  [['here', 'when', '8', '1', 'a'], 'a decorator without a function: app.sh:8'],
  [['condition', 'when', '7', '1', 'a'], 'a condition without a function: when'],
  [['other', 'x'], 'unknown entry: other'],
])('refuses %j', (words, message) => {
  expect(parse(...OWN, ...words).entries).toThrow(message)
})
