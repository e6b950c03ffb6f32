import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layerOption, layerOptions } from '../../src/charm/layer-options.ts'
import { ReactiveError, UsageError } from '../../src/errors.ts'

let charmDir = ''

beforeEach(() => {
  charmDir = mkdtempSync(join(tmpdir(), 'layer-options-'))
})

afterEach(() => {
  rmSync(charmDir, { recursive: true })
})

function write(name: string, content: string): void {
  writeFileSync(join(charmDir, name), content)
}

/** Exit status and message of the error, with the charm dir as `CHARM`. */
function failure(work: () => unknown): string {
  let error: unknown
  try {
    work()
  } catch (thrown) {
    error = thrown
  }
  if (!(error instanceof ReactiveError)) throw new Error(`not a ReactiveError: ${String(error)}`)
  expect(error instanceof UsageError).toBe(error.exitStatus === 2)
  return `${error.exitStatus} ${error.message.replaceAll(charmDir, 'CHARM')}`
}

const SOURCE = `includes: ['layer:basic']
defines: # define some options for this layer (the layer "foo")
  enable-bar: # define an "enable-bar" option for this layer
    description: If true, enable support for "bar".
    type: boolean
    default: false
  bar-value:
    type: string
    default: plain
  limit:
    type: integer
`

const BUILT = `"includes":
- "layer:options"
- "layer:basic"
"exclude": [".travis.yml"]
"options":
  "basic":
    "packages":
    - "unzip"
    "use_venv": !!bool "true"
    "retries": !!int "3"
    "name": !!null ""
  "foo":
    "enable-bar": !!bool "false"
  "empty": {}
"repo": "git@example.com:foo.git"
"is": "local:xenial/foo"
`

const BY_LAYER = `includes: ['layer:foo', 'layer:other']
defines:
  foo:
    enable-bar: {type: boolean, default: false}
    bar-value: {type: string, default: plain}
  other:
    default: {type: string, default: x}
    type: {enum: [a, b]}
options:
  foo:
    enable-bar: true # set the "enable-bar" option to true
`

describe('the examples of the documentation', () => {
  it('define an option with a default in the layer "foo"', () => {
    write('layer.yaml', SOURCE)
    write('metadata.yaml', 'name: foo\n')
    expect(layerOption(charmDir, 'foo', 'enable-bar')).toBe(false)
    expect(layerOption(charmDir, 'foo', 'bar-value')).toBe('plain')
    expect(layerOptions(charmDir, 'foo')).toEqual({
      'enable-bar': false,
      'bar-value': 'plain',
      limit: null,
    })
  })

  it('set it in a charm that uses the layer', () => {
    write('layer.yaml', "includes: ['layer:foo']\noptions:\n  foo:\n    enable-bar: true\n")
    expect(layerOption(charmDir, 'foo', 'enable-bar')).toBe(true)
    expect(layerOptions(charmDir, 'foo')).toEqual({ 'enable-bar': true })
  })

  it('work together in one file', () => {
    write('layer.yaml', `${SOURCE}options:\n  foo:\n    enable-bar: true\n`)
    write('metadata.yaml', 'name: my-charm\n')
    expect(layerOptions(charmDir, 'foo')).toEqual({
      'enable-bar': true,
      'bar-value': 'plain',
      limit: null,
    })
  })
})

describe('the layer.yaml of a built charm', () => {
  it('has only values, with explicit tags', () => {
    write('layer.yaml', BUILT)
    expect(layerOptions(charmDir, 'basic')).toEqual({
      packages: ['unzip'],
      use_venv: true,
      retries: 3,
      name: null,
    })
    expect(layerOption(charmDir, 'foo', 'enable-bar')).toBe(false)
    expect(layerOptions(charmDir, 'empty')).toEqual({})
    expect(layerOptions(charmDir, 'options')).toEqual({})
  })
})

describe('definitions by layer', () => {
  it('give the defaults of each layer, also for options called like words of JSON schema', () => {
    write('layer.yaml', BY_LAYER)
    expect(layerOptions(charmDir, 'foo')).toEqual({ 'enable-bar': true, 'bar-value': 'plain' })
    expect(layerOptions(charmDir, 'other')).toEqual({ default: 'x', type: null })
  })

  it('make a layer exist that nothing else mentions', () => {
    write('layer.yaml', 'defines:\n  foo:\n    a: {default: 1}\n')
    expect(layerOptions(charmDir, 'foo')).toEqual({ a: 1 })
  })

  it('may stand beside those of the own layer', () => {
    write(
      'layer.yaml',
      'is: mine\nincludes: [layer:foo]\ndefines:\n  a: {type: integer, default: 1}\n  foo:\n    b: {default: 2}\n',
    )
    expect(layerOptions(charmDir, 'mine')).toEqual({ a: 1 })
    expect(layerOptions(charmDir, 'foo')).toEqual({ b: 2 })
  })
})

describe('definitions of the own layer', () => {
  it('count for no layer that is not in the file, or sets other options', () => {
    write('layer.yaml', `${SOURCE}options: {basic: {use_venv: true}}\n`)
    write('metadata.yaml', 'name: foo\n')
    expect(layerOptions(charmDir, 'basic')).toEqual({ use_venv: true })
    expect(failure(() => layerOption(charmDir, 'basic', 'enable-bar'))).toBe(
      '2 no such option of layer basic: "enable-bar"',
    )
    expect(failure(() => layerOption(charmDir, 'nolayer', 'enable-bar'))).toBe(
      '2 no such layer in layer.yaml: "nolayer"',
    )
  })

  it('may be empty, or use only words that hold maps', () => {
    write(
      'layer.yaml',
      'is: foo\ndefines:\n  a:\n  b: {}\n  c: {properties: {x: {type: string}}}\n  d: {default: {}}\n',
    )
    expect(layerOptions(charmDir, 'foo')).toEqual({ a: null, b: null, c: null, d: {} })
  })
})

describe('a layer or option that does not exist', () => {
  it('is wrong usage', () => {
    write('layer.yaml', BY_LAYER)
    expect(failure(() => layerOption(charmDir, 'foo', 'baz'))).toBe('2 no such option of layer foo: "baz"')
    expect(failure(() => layerOption(charmDir, 'baz', 'foo'))).toBe('2 no such layer in layer.yaml: "baz"')
    expect(failure(() => layerOptions(charmDir, 'baz'))).toBe('2 no such layer in layer.yaml: "baz"')
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('is %j too', (name) => {
    write('metadata.yaml', 'name: foo\n')
    for (const content of [SOURCE, BUILT, BY_LAYER, '']) {
      write('layer.yaml', content)
      expect(failure(() => layerOptions(charmDir, name))).toBe(`2 no such layer in layer.yaml: "${name}"`)
    }
    write('layer.yaml', BY_LAYER)
    expect(failure(() => layerOption(charmDir, 'foo', name))).toBe(`2 no such option of layer foo: "${name}"`)
  })

  it('is everything in a charm without layer.yaml, or with an empty one', () => {
    expect(failure(() => layerOptions(charmDir, 'foo'))).toBe(
      '2 the charm has no layer.yaml: CHARM/layer.yaml',
    )
    write('layer.yaml', '# empty\n')
    expect(failure(() => layerOption(charmDir, 'foo', 'a'))).toBe('2 no such layer in layer.yaml: "foo"')
  })
})

describe('a malformed layer.yaml', () => {
  it.each([
    ['a: b: c', 'foo', '1:4: Nested mappings are not allowed in compact mappings: a: b: c'],
    ['options: [foo]', 'foo', '1:10: options must be a map: ["foo"]'],
    ['options:\n  foo: 3', 'foo', '2:8: options.foo must be a map: 3'],
    ['defines: 3', 'foo', '1:10: defines must be a map: 3'],
    ['defines:\n  foo: 3', 'foo', '2:8: defines.foo must be a map: 3'],
  ])('%j is an error with its place', (content, layer, message) => {
    write('layer.yaml', content)
    expect(failure(() => layerOptions(charmDir, layer))).toBe(`3 CHARM/layer.yaml:${message}`)
  })

  it('does not matter where another layer is concerned', () => {
    write('layer.yaml', 'options:\n  other: 3\n  foo: {a: 1}\n')
    expect(layerOptions(charmDir, 'foo')).toEqual({ a: 1 })
  })
})

describe('a value', () => {
  function check(schema: string, value?: string): unknown {
    const set = value === undefined ? '' : `\noptions:\n  foo: {opt: ${value}}`
    write('layer.yaml', `includes: [layer:foo]\ndefines:\n  foo:\n    opt: ${schema}${set}\n`)
    return layerOption(charmDir, 'foo', 'opt')
  }

  it.each([
    ['{type: boolean}', 'yes', true],
    ['{type: string}', 'y', 'y'],
    ['{type: int, required: true}', '3', 3],
    ['{type: bool}', 'off', false],
    ['{type: [string, "null"]}', '', null],
    ['{type: password, widget: big, format: uri}', 'x', 'x'],
    ['{$schema: "http://json-schema.org/draft-04/schema#", id: x, enum: [x, {a: 1}]}', '{a: 1}', { a: 1 }],
    ['{minimum: 0, exclusiveMinimum: true}', '1', 1],
    ['{type: array, items: {type: string}, uniqueItems: true}', '[a, b]', ['a', 'b']],
    ['{type: object, properties: {a: {default: 5}, b: {type: int}}}', '{b: 1}', { a: 5, b: 1 }],
    ['{pattern: "^[\\\\w\\\\_-]+$"}', 'a_b', 'a_b'],
  ])('that fits %s is returned: %s', (schema, value, result) => {
    expect(check(schema, value)).toEqual(result)
  })

  it.each([
    ['{type: boolean}', 'maybe', ' must be boolean: "maybe"', 6, 14],
    ['{type: boolean}', '', ' must be boolean: null', 6, 9],
    ['{type: string}', '0755', ' must be string: 493', 6, 14],
    ['{enum: [a, b]}', 'c', ' must be one of ["a","b"]: "c"', 6, 14],
    ['{type: int, maximum: 3}', '4', ' must be <= 3: 4', 6, 14],
    ['{minimum: 0, exclusiveMinimum: true}', '0', ' must be > 0: 0', 6, 14],
    ['{type: array, items: {type: string}}', '[a, 3]', '/1 must be string: 3', 6, 18],
    [
      '{type: object, required: [constructor]}',
      '{a: 1}',
      ' must have required property \'constructor\': {"a":1}',
      6,
      14,
    ],
    [
      '{type: object, additionalProperties: false}',
      '{a: 1}',
      ' must NOT have additional properties: {"a":1}',
      6,
      14,
    ],
  ])('that does not fit %s is an error: %s', (schema, value, message, line, column) => {
    expect(failure(() => check(schema, value))).toBe(
      `3 CHARM/layer.yaml:${line}:${column}: layer option foo opt${message}`,
    )
  })

  it('is the default when nothing is set, else null', () => {
    expect(check('{type: boolean, default: on}')).toBe(true)
    expect(check('{type: string, default: }')).toBeNull()
    expect(check('{type: string}')).toBeNull()
    expect(check('{type: array, default: []}')).toEqual([])
  })

  it('is an error as well when the default does not fit, or the definition is of no use', () => {
    expect(failure(() => check('{type: boolean, default: maybe}'))).toBe(
      '3 CHARM/layer.yaml:4:35: layer option foo opt must be boolean: "maybe"',
    )
    expect(failure(() => check('{pattern: "("}', 'x'))).toMatch(
      /^3 CHARM\/layer\.yaml:4:10: the definition of layer option foo opt cannot be used: Invalid regular/,
    )
  })

  it('that is wrong does not matter for another option', () => {
    write('layer.yaml', `${BY_LAYER}    bar-value: 3\n`)
    expect(layerOption(charmDir, 'foo', 'enable-bar')).toBe(true)
    expect(failure(() => layerOptions(charmDir, 'foo'))).toBe(
      '3 CHARM/layer.yaml:12:16: layer option foo bar-value must be string: 3',
    )
  })
})
