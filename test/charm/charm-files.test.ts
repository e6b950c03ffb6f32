import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  checkConfigDefaults,
  readActions,
  readConfigOptions,
  readLayer,
  readMetadata,
  readYaml,
} from '../../src/charm/charm-files.ts'
import { ReactiveError } from '../../src/errors.ts'

let charmDir = ''

beforeEach(() => {
  charmDir = mkdtempSync(join(tmpdir(), 'charm-files-'))
})

afterEach(() => {
  rmSync(charmDir, { recursive: true })
})

function write(name: string, content: string | Buffer): string {
  const path = join(charmDir, name)
  writeFileSync(path, content)
  return path
}

function read(content: string | Buffer): unknown {
  return readYaml(write('any.yaml', content))
}

/** The message of the ReactiveError, with the charm dir as `CHARM`. */
function failure(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(ReactiveError)
    expect(error).toMatchObject({ exitStatus: 3 })
    return (error as Error).message.replaceAll(charmDir, 'CHARM')
  }
  throw new Error('it did not fail')
}

/** What PyYAML 6.0.3 makes of `k: TEXT`, in the words of JavaScript. */
const SCALARS: [string, unknown][] = [
  ['yes', true],
  ['Yes', true],
  ['YES', true],
  ['yEs', 'yEs'],
  ['no', false],
  ['No', false],
  ['NO', false],
  ['nO', 'nO'],
  ['on', true],
  ['On', true],
  ['ON', true],
  ['oN', 'oN'],
  ['off', false],
  ['Off', false],
  ['OFF', false],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['tRUE', 'tRUE'],
  ['false', false],
  ['False', false],
  ['FALSE', false],
  ['y', 'y'],
  ['Y', 'Y'],
  ['n', 'n'],
  ['N', 'N'],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['nULL', 'nULL'],
  ['None', 'None'],
  ['0', 0],
  ['00', 0],
  ['+0', 0],
  ['-0', 0],
  ['7', 7],
  ['-7', -7],
  ['+7', 7],
  ['08', '08'],
  ['0755', 493],
  ['-0755', -493],
  ['0o755', '0o755'],
  ['0x1F', 31],
  ['0X1F', '0X1F'],
  ['-0x1f', -31],
  ['0b101', 5],
  ['0b12', '0b12'],
  ['1_000', 1000],
  ['1__0_', 10],
  ['_1', '_1'],
  ['1,000', '1,000'],
  ['1:30', 90],
  ['1:60', '1:60'],
  ['0:30', '0:30'],
  ['-1:30', -90],
  ['1:30.5', 90.5],
  ['190:20:30', 685230],
  ['1e3', '1e3'],
  ['1E3', '1E3'],
  ['1.0', 1],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', '-.5'],
  ['-0.5', -0.5],
  ['1.5e3', '1.5e3'],
  ['1.5e+3', 1500],
  ['1.5E-3', 0.0015],
  ['1_0.5_0', 10.5],
  ['1.10', 1.1],
  ['1.0.0', '1.0.0'],
  ['.inf', Number.POSITIVE_INFINITY],
  ['.Inf', Number.POSITIVE_INFINITY],
  ['-.INF', Number.NEGATIVE_INFINITY],
  ['+.inf', Number.POSITIVE_INFINITY],
  ['.iNF', '.iNF'],
  ['.nan', Number.NaN],
  ['.NaN', Number.NaN],
  ['.NAN', Number.NaN],
  ['inf', 'inf'],
  ['nan', 'nan'],
  ['.', '.'],
  ['.5_', 0.5],
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', '9007199254740992'],
  ['-9007199254740993', '-9007199254740993'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['0xffffffffffffffffff', '4722366482869645213695'],
  ['1.0e+400', Number.POSITIVE_INFINITY],
  ['2001-12-14', '2001-12-14'],
  ['2001-1-1', '2001-1-1'],
  ['2001-12-14T21:59:43Z', '2001-12-14 21:59:43+00:00'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.100000-05:00'],
  ['2001-12-14T1:59:43', '2001-12-14 01:59:43'],
  ['2001-12-14T21:59:43+5', '2001-12-14 21:59:43+05:00'],
  ['12-12-2001', '12-12-2001'],
  ['v1', 'v1'],
  ['1a', '1a'],
  ['10.0.0.1/24', '10.0.0.1/24'],
  ['http://x:80/y', 'http://x:80/y'],
  ['a:b', 'a:b'],
  ['2001-12-14 21:59:43.10 -5', '2001-12-14 21:59:43.100000-05:00'],
  ['1 2', '1 2'],
  ['yes no', 'yes no'],
  ['!!bool "true"', true],
  ["!!bool 'off'", false],
  ['!!int "12"', 12],
  ['!!int "0755"', 493],
  ['!!float "1e3"', 1000],
  ['!!float 1', 1],
  ['!!null "x"', null],
  ['!!str 12', '12'],
  ['!!str', ''],
  ['!!timestamp "2001-01-01"', '2001-01-01'],
  ["! '12'", 12],
  ['"12"', '12'],
  ["'yes'", 'yes'],
  ['"\\u00e9\\t"', 'é\t'],
  ['', null],
]

describe('a scalar', () => {
  it.each(SCALARS)('%j is what PyYAML reads', (text, value) => {
    expect(read(`k: ${text}\n`)).toEqual({ k: value })
  })

  it('that PyYAML takes for a number or a date and fails on stays a string', () => {
    const texts = ['0b_', '0x_', '2001-13-01', '2001-02-30', '0000-01-01', '2001-12-14T25:00:00Z', '=']
    expect(read(`[${texts.join(', ')}]`)).toEqual(texts)
  })

  it('is read the same in flow lists and block lists', () => {
    expect(read('[yes, 0755, y]')).toEqual([true, 493, 'y'])
    expect(read('- yes\n- 0755\n- y\n')).toEqual([true, 493, 'y'])
  })

  it('of many lines keeps and folds lines as PyYAML does', () => {
    expect(read('a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\nc: "p\n  q"\n')).toEqual({
      a: 'x\n y\n',
      b: 'x y\nz',
      c: 'p q',
    })
    expect(read('a: |\n  x')).toEqual({ a: 'x' })
  })

  it('is an error when it does not fit its tag', () => {
    expect(failure(() => read('a: 1\nk: !!int "x"'))).toBe('CHARM/any.yaml:2:10: not a valid !!int: "x"')
    expect(failure(() => read('k: !!bool "y"'))).toBe('CHARM/any.yaml:1:11: not a valid !!bool: "y"')
    expect(failure(() => read('k: !foo x'))).toBe('CHARM/any.yaml:1:9: a tag that cannot be used here: !foo')
    expect(failure(() => read('k: !!python/name:os.system x'))).toMatch(/cannot be used here: !!python/)
    expect(failure(() => read('k: !!map [1]'))).toMatch(/cannot be used here: !!map$/)
  })
})

describe('a map', () => {
  it('has no prototype, so hostile keys are only data', () => {
    const value = read('__proto__: {polluted: 1}\nconstructor: {__proto__: 2}\n<<: {toString: 3}\n')
    expect(Object.getPrototypeOf(value)).toBeNull()
    expect(JSON.stringify(value)).toBe(
      '{"toString":3,"__proto__":{"polluted":1},"constructor":{"__proto__":2}}',
    )
    expect({}).not.toHaveProperty('polluted')
  })

  it('keeps a key that is no string as its own text', () => {
    const value = read('on: 1\n1.10: 2\n~: 3\n0755: 4\n2001-01-01: 5\n"q": 6\n')
    expect(value).toEqual({ on: 1, '1.10': 2, '~': 3, '0755': 4, '2001-01-01': 5, q: 6 })
  })

  it('takes the last of equal keys', () => {
    expect(read('a: 1\na: 2\n')).toEqual({ a: 2 })
  })

  it('merges with <<, its own keys first, then the first map of a list', () => {
    expect(read('d: &d {x: 1, y: 2}\ne:\n  <<: [*d, {y: 8, z: 9}]\n  x: 0\n')).toEqual({
      d: { x: 1, y: 2 },
      e: { x: 0, y: 2, z: 9 },
    })
    expect(read('"<<": {a: 1}')).toEqual({ '<<': { a: 1 } })
    expect(failure(() => read('<<: 3'))).toBe('CHARM/any.yaml:1:5: only maps can be merged with <<: 3')
  })

  it('refuses a key that is no scalar, or is missing', () => {
    expect(failure(() => read('? [a]\n: b'))).toBe('CHARM/any.yaml:1:3: a key is not a scalar: ["a"]')
    expect(failure(() => read('x: [1]: 3'))).toBe('CHARM/any.yaml:1:7: a key is missing before this colon')
  })
})

describe('an alias', () => {
  it('is the value of its anchor', () => {
    expect(read('a: &x [1]\nb: *x\nc: 1\n')).toEqual({ a: [1], b: [1], c: 1 })
    expect(read('&k a: 1\nb: *k\n')).toEqual({ a: 1, b: 'a' })
  })

  it('needs one anchor above it that does not contain it', () => {
    expect(failure(() => read('a: *x'))).toBe('CHARM/any.yaml:1:4: an alias without an anchor: *x')
    expect(failure(() => read('a: &x [*x]'))).toBe(
      'CHARM/any.yaml:1:8: an alias to a value that contains it: *x',
    )
    expect(failure(() => read('a: &x 1\nb: &x 2'))).toBe('CHARM/any.yaml:2:7: an anchor is defined twice: &x')
  })

  it('cannot blow a small file up', () => {
    const level = (n: number) =>
      `a${n}: &a${n} [${Array(9)
        .fill(`*a${n - 1}`)
        .join(', ')}]\n`
    const bomb = `a0: &a0 [1, 2, 3]\n${[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level).join('')}`
    expect(failure(() => read(bomb))).toMatch(
      /^CHARM\/any\.yaml:7:\d+: too many values once its aliases are expanded: 1000000$/,
    )
  })
})

describe('a file', () => {
  it('that does not exist is undefined, an empty one is null', () => {
    expect(readYaml(join(charmDir, 'no.yaml'))).toBeUndefined()
    for (const content of ['', '\n', '# only a comment\n', '---\n', '\ufeff'])
      expect(read(content)).toBeNull()
  })

  it('may have a byte order mark, CRLF, lone CR, and no line end at its end', () => {
    expect(read('\ufeffa: 1\r\nb: |\r\n  x\r\n  y\r\nc: [1,\r\n2]')).toEqual({ a: 1, b: 'x\ny\n', c: [1, 2] })
    expect(read('a: 1\rb: 2\r')).toEqual({ a: 1, b: 2 })
  })

  it('may have tabs between tokens, not as indentation', () => {
    expect(read("a:\tb\t# c\nd: 'x\ty'\n")).toEqual({ a: 'b', d: 'x\ty' })
    expect(failure(() => read('a: 1\nb:\n\tc: 1\n'))).toMatch(/^CHARM\/any\.yaml:3:1: Tabs are not allowed/)
  })

  it('may go on at the first column inside quotes and brackets, as for PyYAML', () => {
    expect(read('a:\n  b: "x\ny"\n  c: [1,\n2\n]\n  d: {\n}\ne: 3\n')).toEqual({
      a: { b: 'x y', c: [1, 2], d: {} },
      e: 3,
    })
    expect(failure(() => read('a:\n  b: "x\ny"\nc: *no\n'))).toMatch(
      /^CHARM\/any\.yaml:4:4: an alias without/,
    )
    expect(failure(() => read('a: "x\nb: 1\n'))).toMatch(
      /^CHARM\/any\.yaml:1:4: a quote is not closed: a: "x$/,
    )
  })

  it('with an error in its syntax is named with line, column and text', () => {
    expect(failure(() => read('a: 1\nb: c: d\n'))).toBe(
      'CHARM/any.yaml:2:4: Nested mappings are not allowed in compact mappings: b: c: d',
    )
    expect(failure(() => read('a: [1, 2\nb: 3\n'))).toMatch(/^CHARM\/any\.yaml:2:\d+: .*: b: 3$/)
  })

  it('has one document', () => {
    expect(read('%YAML 1.1\n---\na: 1\n...\n# end\n')).toEqual({ a: 1 })
    expect(failure(() => read('a: 1\n---\nb: 2\n'))).toBe(
      'CHARM/any.yaml:2:1: expected a single document, but found another: ---',
    )
  })

  it('that is not UTF-8 is an error at the first bad byte', () => {
    expect(failure(() => read(Buffer.from('a: é\nb: \xff\xfe\n', 'latin1')))).toBe(
      'CHARM/any.yaml:1:4: not valid UTF-8: byte 0xe9',
    )
    expect(failure(() => read(Buffer.concat([Buffer.from('é: 1\nb: é'), Buffer.from([0xc3])])))).toBe(
      'CHARM/any.yaml:2:5: not valid UTF-8: byte 0xc3',
    )
  })

  it('with control characters is an error', () => {
    expect(failure(() => read('a: 1\nb: \u0001\n'))).toBe(
      'CHARM/any.yaml:2:4: YAML does not allow the character: U+0001',
    )
  })

  it('that is a directory cannot be read', () => {
    mkdirSync(join(charmDir, 'config.yaml'))
    expect(failure(() => readConfigOptions(charmDir))).toBe(
      'a charm file cannot be read: CHARM/config.yaml: EISDIR: illegal operation on a directory',
    )
  })

  it('that is nested too deeply is an error', () => {
    const message = failure(() => read(`${'['.repeat(600)}${']'.repeat(600)}`))
    expect(message).toBe('CHARM/any.yaml:1:502: nested too deeply: more than 500 levels')
    expect(failure(() => read('['.repeat(100_000)))).toMatch(/^CHARM\/any\.yaml:\d+:\d+: /)
  })
})

describe('metadata.yaml', () => {
  it('declares endpoints by role, in full or in short, and storage', () => {
    write(
      'metadata.yaml',
      `name: my-charm
summary: Does things
subordinate: yes
provides:
  website: http
  host: {interface: juju-info, scope: container}
requires:
  db: mysql
peers:
  cluster: {interface: peer}
extra-bindings: {admin:}
storage:
  data: {type: filesystem}
`,
    )
    expect(readMetadata(charmDir)).toMatchObject({
      name: 'my-charm',
      summary: 'Does things',
      subordinate: true,
      endpoints: [
        { name: 'website', role: 'provides', interface: 'http' },
        { name: 'host', role: 'provides', interface: 'juju-info', scope: 'container' },
        { name: 'db', role: 'requires', interface: 'mysql' },
        { name: 'cluster', role: 'peers', interface: 'peer' },
      ],
      storage: ['data'],
      raw: { 'extra-bindings': { admin: null } },
    })
  })

  it('may have nothing but a name', () => {
    write('metadata.yaml', 'name: x\nprovides:\n')
    const { raw, ...metadata } = readMetadata(charmDir)
    expect(metadata).toEqual({ name: 'x', subordinate: false, endpoints: [], storage: [] })
    expect(raw).toEqual({ name: 'x', provides: null })
  })

  it('must exist', () => {
    expect(failure(() => readMetadata(charmDir))).toBe('the charm has no metadata.yaml: CHARM/metadata.yaml')
  })

  it.each([
    ['', '1:1: the file must be a map: null'],
    ['[a]', '1:1: the file must be a map: ["a"]'],
    ['summary: x', '1:1: is missing: name'],
    ['name: 1.0', '1:7: name must be a string that is not empty: 1'],
    ['name: ""', '1:7: name must be a string that is not empty: ""'],
    ['name: x\nprovides: [a]', '2:11: provides must be a map: ["a"]'],
    ['name: x\nrequires:\n  db:\n', '3:3: requires.db must name an interface: null'],
    ['name: x\nrequires:\n  db: {scope: global}', '3:7: is missing: requires.db.interface'],
    [
      'name: x\nrequires:\n  db:\n    interface: [1]',
      '4:16: requires.db.interface must be a string that is not empty: [1]',
    ],
    ['name: x\nsubordinate: maybe', '2:14: subordinate must be true or false: "maybe"'],
    ['name: x\nstorage: 3', '2:10: storage must be a map: 3'],
  ])('%j is an error with its place', (content, message) => {
    write('metadata.yaml', content)
    expect(failure(() => readMetadata(charmDir))).toBe(`CHARM/metadata.yaml:${message}`)
  })
})

describe('config.yaml', () => {
  it('declares options with their defaults', () => {
    write(
      'config.yaml',
      `options:
  port: {type: int, default: 0x50, description: the port}
  debug: {type: boolean, default: off}
  ratio: {type: float, default: 1.5}
  title: {type: string}
  plain: {default: y}
  token: {type: secret}
  on:
`,
    )
    expect([...readConfigOptions(charmDir).values()]).toEqual([
      { name: 'port', type: 'int', default: 80, description: 'the port' },
      { name: 'debug', type: 'boolean', default: false, description: '' },
      { name: 'ratio', type: 'float', default: 1.5, description: '' },
      { name: 'title', type: 'string', default: null, description: '' },
      { name: 'plain', type: 'string', default: 'y', description: '' },
      { name: 'token', type: 'secret', default: null, description: '' },
      { name: 'on', type: 'string', default: null, description: '' },
    ])
  })

  it('may be absent, empty or without options', () => {
    expect(readConfigOptions(charmDir).size).toBe(0)
    for (const content of ['', '# none\n', 'options:\n', 'options: {}\n', '{}']) {
      write('config.yaml', content)
      expect(readConfigOptions(charmDir).size).toBe(0)
    }
  })

  it.each([
    ['options: [a]', '1:10: options must be a map: ["a"]'],
    ['options:\n  a: 3', '2:6: options.a must be a map: 3'],
    [
      'options:\n  a: {type: text}',
      '2:13: options.a.type must be one of string, int, float, boolean, secret: "text"',
    ],
    ['options:\n  a: {default: [1]}', '2:16: options.a.default must be a single value: [1]'],
  ])('%j is an error with its place', (content, message) => {
    write('config.yaml', content)
    expect(failure(() => readConfigOptions(charmDir))).toBe(`CHARM/config.yaml:${message}`)
  })
})

describe('a default that config.yaml gives another type than its option', () => {
  it.each([
    ['string', '1.10', '1.10: quote it: "1.10"'],
    ['string', '0117', '0117: quote it: "0117"'],
    ['string', 'yes', 'yes: quote it: "yes"'],
    ['secret', '1', '1: quote it: "1"'],
    ['int', '"80"', '"80": correct it'],
    ['int', '1.5', '1.5: correct it'],
    ['boolean', "'true'", '"true": correct it'],
    ['float', 'much', 'much: correct it'],
  ])('is refused where a %s has %s', (type, value, message) => {
    write('config.yaml', `options:\n  x:\n    type: ${type}\n    default: ${value}\n`)
    expect(() => checkConfigDefaults(charmDir)).toThrow(
      new ReactiveError(`${charmDir}/config.yaml:4:14: the default of x must be of type ${type}: ${message}`),
    )
  })

  it.each([
    ['string', '"1.10"'],
    ['string', "''"],
    ['string', 'y'],
    ['int', '80'],
    ['float', '1'],
    ['float', '1.10'],
    ['boolean', 'yes'],
    ['int', ''],
    ['secret', 'secret:x'],
  ])('is none where a %s has %s', (type, value) => {
    write('config.yaml', `options: {x: {type: ${type}, default: ${value}}}\n`)
    checkConfigDefaults(charmDir)
  })

  it('cannot be where there is no config.yaml', () => {
    checkConfigDefaults(charmDir)
  })
})

describe('layer.yaml', () => {
  it('has includes, options and definitions', () => {
    write('layer.yaml', 'includes: ["layer:basic"]\noptions: {basic: {use_venv: yes}}\ndefines:\nis: x\n')
    const layer = readLayer(charmDir)
    expect(layer).toMatchObject({
      includes: ['layer:basic'],
      options: { basic: { use_venv: true } },
      raw: { is: 'x' },
    })
    expect(layer?.defines).toEqual({})
  })

  it('may be absent or empty', () => {
    expect(readLayer(charmDir)).toBeUndefined()
    write('layer.yaml', '')
    expect(readLayer(charmDir)).toMatchObject({ includes: [], options: {}, defines: {}, raw: {} })
  })

  it.each([
    ['3', '1:1: the file must be a map: 3'],
    ['includes: layer:basic', '1:11: includes must be a list: "layer:basic"'],
    ['includes: [a, {b: 1}]', '1:15: includes.1 must be a string: {"b":1}'],
    ['options: 3', '1:10: options must be a map: 3'],
  ])('%j is an error with its place', (content, message) => {
    write('layer.yaml', content)
    expect(failure(() => readLayer(charmDir))).toBe(`CHARM/layer.yaml:${message}`)
  })
})

describe('actions.yaml', () => {
  it('declares actions with their parameters', () => {
    write('actions.yaml', 'backup:\n  description: Make one\n  params:\n    path: {type: string}\nping:\n')
    const actions = readActions(charmDir)
    expect([...actions.keys()]).toEqual(['backup', 'ping'])
    expect(actions.get('backup')).toMatchObject({
      description: 'Make one',
      params: { path: { type: 'string' } },
    })
    expect(actions.get('ping')).toEqual({ name: 'ping', description: '', params: {}, raw: {} })
  })

  it('may be absent or empty', () => {
    expect(readActions(charmDir).size).toBe(0)
    write('actions.yaml', '\n')
    expect(readActions(charmDir).size).toBe(0)
  })

  it('is an error when an action is no map', () => {
    write('actions.yaml', 'backup:\n  params: [a]\n')
    expect(failure(() => readActions(charmDir))).toBe(
      'CHARM/actions.yaml:2:11: backup.params must be a map: ["a"]',
    )
  })
})
