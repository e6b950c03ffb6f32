import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { jsonOrText, parseOrString, plain, pythonJson } from '../../src/unit/python-json.ts'

/** JSON texts, each with what Python's `json.dumps(json.loads(text), sort_keys=True)` makes of it. */
const CASES: [string, string][] = JSON.parse(
  fs.readFileSync(new URL('../fixtures/python-json.json', import.meta.url), 'utf8'),
)

const PYTHON = `
import json, sys
cases = json.load(sys.stdin)
print(json.dumps([json.dumps(json.loads(text), sort_keys=True) for text, _ in cases]))
`

describe('the JSON text of Python', () => {
  it.each(CASES)('of %s', (text, expected) => {
    expect(pythonJson(parseOrString(text))).toBe(expected)
  })

  it('is what Python itself writes, where it is installed', () => {
    const { status, stdout, error } = spawnSync('python3', ['-c', PYTHON], {
      input: JSON.stringify(CASES),
      encoding: 'utf8',
    })
    if (error !== undefined) return
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual(CASES.map(([, expected]) => expected))
  })

  it.each<[unknown, string]>([
    [undefined, 'null'],
    [1, '1'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [1e-7, '1e-07'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [Number.NaN, 'NaN'],
    [{ b: [undefined], a: new Map() }, '{"a": {}, "b": [null]}'],
  ])('of the JavaScript value %j is %s', (value, expected) => {
    expect(pythonJson(value)).toBe(expected)
  })
})

describe('the value of a word', () => {
  it.each([
    '',
    'text',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '--',
    '{',
    '{a: 1}',
    "'a'",
    'nan',
    '[1,]',
    'True',
    '"a',
    '"\n"',
  ])('is the string itself when it is no JSON: %j', (text) => {
    expect(parseOrString(text)).toBe(text)
  })

  it('has plain numbers where it is kept', () => {
    expect(plain(parseOrString('[1.0, {"a": 1e3}, null, "1.0", -0.5]'))).toEqual([
      1,
      { a: 1000 },
      null,
      '1.0',
      -0.5,
    ])
    expect(Object.keys(plain(parseOrString('{"__proto__": {"a": 1}}')) as object)).toEqual(['__proto__'])
  })

  it('may be nested deeply', () => {
    const text = `${'['.repeat(2000)}1.0${']'.repeat(2000)}`
    expect(pythonJson(parseOrString(text))).toBe(text)
  })

  it('may be large', () => {
    const text = `[${'"\\"\\\\\\"", 1.50, '.repeat(50_000)}1]`
    expect(pythonJson(parseOrString(text))).toBe(text.replaceAll('1.50', '1.5'))
  })
})

describe('jsonOrText', () => {
  it('reads JSON where the text is some', () => {
    expect(['1', '[1]', '"a"', '1.1.1', ''].map(jsonOrText)).toEqual([1, [1], 'a', '1.1.1', ''])
  })
})
