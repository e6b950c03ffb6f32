import { describe, expect, it } from 'vitest'
import { AsText, AsYaml, FORMATS, format, InFormats } from '../../src/cli/output.ts'

const ODD = 'a "b", c\nd'

/** A value, and what it looks like in each of the formats, in their order. */
const CASES: [unknown, raw: string, json: string, yaml: string, csv: string, tab: string][] = [
  [null, '', 'null\n', 'null\n', '', ''],
  ['', '\n', '""\n', '""\n', '\n', '\n'],
  ['text', 'text\n', '"text"\n', 'text\n', 'text\n', 'text\n'],
  ['ü😀', 'ü😀\n', '"ü😀"\n', 'ü😀\n', 'ü😀\n', 'ü😀\n'],
  [ODD, `${ODD}\n`, '"a \\"b\\", c\\nd"\n', '|-\na "b", c\nd\n', '"a ""b"", c\nd"\n', '"a ""b"", c\nd"\n'],
  ['a\tb', 'a\tb\n', '"a\\tb"\n', 'a\tb\n', 'a\tb\n', '"a\tb"\n'],
  [0, '0\n', '0\n', '0\n', '0\n', '0\n'],
  [-1.5, '-1.5\n', '-1.5\n', '-1.5\n', '-1.5\n', '-1.5\n'],
  [true, 'true\n', 'true\n', 'true\n', 'true\n', 'true\n'],
  [false, 'false\n', 'false\n', 'false\n', 'false\n', 'false\n'],
  [[], '', '[]\n', '[]\n', '', ''],
  [['b', 'a c', ''], 'b\na c\n\n', '["b","a c",""]\n', '- b\n- a c\n- ""\n', 'b\na c\n\n', 'b\na c\n\n'],
  [[null, 1, 'x,y'], '\n1\nx,y\n', '[null,1,"x,y"]\n', '- null\n- 1\n- x,y\n', '\n1\n"x,y"\n', '\n1\nx,y\n'],
  [
    [
      ['a', 1],
      ['b', null],
    ],
    '["a",1]\n["b",null]\n',
    '[["a",1],["b",null]]\n',
    '- - a\n  - 1\n- - b\n  - null\n',
    'a,1\nb,\n',
    'a\t1\nb\t\n',
  ],
  [{}, '{}\n', '{}\n', '{}\n', '', ''],
  [
    { a: null, b: 'x' },
    '{"a":null,"b":"x"}\n',
    '{"a":null,"b":"x"}\n',
    'a: null\nb: x\n',
    'a,\nb,x\n',
    'a\t\nb\tx\n',
  ],
  [
    { a: { b: [1, { c: 'd' }] } },
    '{"a":{"b":[1,{"c":"d"}]}}\n',
    '{"a":{"b":[1,{"c":"d"}]}}\n',
    'a:\n  b:\n    - 1\n    - c: d\n',
    'a,"{""b"":[1,{""c"":""d""}]}"\n',
    'a\t"{""b"":[1,{""c"":""d""}]}"\n',
  ],
  // Words that PyYAML would read as something else are quoted.
  [
    ['yes', 'y', 'on', '1', '1.0', '0x1', '1_0', '~', 'null', '2001-01-01', '1:30'],
    'yes\ny\non\n1\n1.0\n0x1\n1_0\n~\nnull\n2001-01-01\n1:30\n',
    '["yes","y","on","1","1.0","0x1","1_0","~","null","2001-01-01","1:30"]\n',
    '- "yes"\n- "y"\n- "on"\n- "1"\n- "1.0"\n- "0x1"\n- "1_0"\n- "~"\n- "null"\n- "2001-01-01"\n- "1:30"\n',
    'yes\ny\non\n1\n1.0\n0x1\n1_0\n~\nnull\n2001-01-01\n1:30\n',
    'yes\ny\non\n1\n1.0\n0x1\n1_0\n~\nnull\n2001-01-01\n1:30\n',
  ],
]

describe('the output', () => {
  for (const [value, ...texts] of CASES) {
    it.each(FORMATS.map((name, index) => [name, texts[index]] as const))(
      `of ${JSON.stringify(value)} as %s`,
      async (name, text) => {
        expect(await format(value, name)).toBe(text)
      },
    )
  }

  it('is raw where no format is asked for', async () => {
    for (const [value, raw] of CASES) expect(await format(value, undefined)).toBe(raw)
  })

  it('keeps long lines in YAML as they are', async () => {
    const text = 'word '.repeat(100).trim()
    expect(await format({ text }, 'yaml')).toBe(`text: ${text}\n`)
  })

  it('with NUL is for JSON and YAML only: no shell variable could hold it', async () => {
    for (const value of ['a\0b', ['a\0b']]) {
      expect(() => format(value, undefined)).toThrow('the value contains NUL, print it with --format json')
      await expect(async () => format(value, 'csv')).rejects.toThrow(
        'the value contains NUL, print it with --format json',
      )
      await expect(async () => format(value, 'tab')).rejects.toThrow(
        'the value contains NUL, print it with --format json',
      )
      expect(await format(value, 'json')).toContain('"a\\u0000b"')
      expect(await format(value, 'yaml')).toContain('"a\\0b"')
    }
    expect(await format({ a: '\0' }, 'raw')).toBe('{"a":"\\u0000"}\n')
  })

  it('has its own text or YAML where the value says so, unless a format is asked for', async () => {
    const text = new AsText({ a: 1 }, 'a is 1\n')
    expect(await format(text, undefined)).toBe('a is 1\n')
    expect(await format(text, 'raw')).toBe('{"a":1}\n')
    expect(await format(text, 'json')).toBe('{"a":1}\n')
    const yaml = new AsYaml({ a: [true] })
    expect(await format(yaml, undefined)).toBe('a:\n  - true\n')
    expect(await format(yaml, 'json')).toBe('{"a":[true]}\n')
    expect(await format(new InFormats(true), undefined)).toBe('')
    expect(await format(new InFormats(true), 'yaml')).toBe('true\n')
  })
})
