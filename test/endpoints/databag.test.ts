import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Databag, decode, isTooDeep, type RelationData } from '../../src/endpoints/databag.ts'

function own(data: RelationData = {}): Databag {
  return new Databag({ load: () => data, refusal: () => undefined })
}

/** Keys that are properties of every object elsewhere. */
const ODD: RelationData = JSON.parse(
  '{"__proto__": "1", "constructor": "2", "a b": "3", "$(id)": "4", "{endpoint_name}": "5", "toJSON": "6", "then": "7"}',
)

describe('data', () => {
  it('is read as text and as JSON, and an unknown key is null', () => {
    const { raw, json } = Databag.received(() => ({
      port: '80',
      list: '["a",1]',
      host: 'db.local',
      empty: '',
    }))
    expect({ ...raw }).toEqual({ port: '80', list: '["a",1]', host: 'db.local', empty: '' })
    expect([json.port, json.list, json.host, json.empty]).toEqual([80, ['a', 1], 'db.local', ''])
    expect([raw.none, json.none, json.constructor, Reflect.get(json, '__proto__'), json.toString]).toEqual(
      Array(5).fill(null),
    )
    expect(['port' in json, 'none' in json, 'constructor' in json]).toEqual([true, false, false])
    expect(JSON.stringify(json)).toBe('{"port":80,"list":["a",1],"host":"db.local","empty":""}')
  })

  it('is loaded once, at the first use', () => {
    let loads = 0
    const databag = Databag.received(() => ({ loads: String(++loads) }))
    expect(loads).toBe(0)
    expect([databag.json.loads, databag.raw.loads, Object.keys(databag.json)]).toEqual([1, '1', ['loads']])
    expect(loads).toBe(1)
  })

  it('may have any key', async () => {
    const { raw, json } = Databag.received(() => ODD)
    expect(Object.entries(raw)).toEqual(Object.entries(ODD))
    expect(Object.values(json)).toEqual([1, 2, 3, 4, 5, 6, 7])
    // Neither a promise nor an object that says itself what JSON it is.
    expect(await json).toBe(json)
    expect(JSON.parse(JSON.stringify(json))).toEqual(
      JSON.parse(
        '{"__proto__": 1, "constructor": 2, "a b": 3, "$(id)": 4, "{endpoint_name}": 5, "toJSON": 6, "then": 7}',
      ),
    )
    expect(Object.getPrototypeOf({ ...json })).toBe(Object.prototype)
  })

  it('is shown by console.log', () => {
    const { raw, json } = Databag.received(() => ({ port: '80', list: '[1]' }))
    expect(inspect(json)).toBe('{ port: 80, list: [ 1 ] }')
    expect(inspect(raw)).toBe("{ port: '80', list: '[1]' }")
  })

  it('of the other side cannot be changed', () => {
    const databag = Databag.received(() => ({ host: 'a' }))
    const refused = 'only the other side can change its data: host'
    expect(() => Object.assign(databag.json, { host: 'b' })).toThrow(refused)
    expect(() => Object.assign(databag.raw, { host: 'b' })).toThrow(refused)
    expect(() => delete databag.raw.host).toThrow(refused)
    expect([databag.raw.host, databag.changes()]).toEqual(['a', {}])
  })
})

describe('a value', () => {
  it.each<[string, unknown]>([
    ['1', 1],
    ['1.10', 1.1],
    ['true', true],
    ['null', null],
    ['"a"', 'a'],
    ['{"b": [1, {"c": null}]}', { b: [1, { c: null }] }],
    ['', ''],
    ['db.local', 'db.local'],
    ['{"a": 1', '{"a": 1'],
    ["{'a': 1}", "{'a': 1}"],
    ['True', 'True'],
    ['1 2', '1 2'],
    ['\ufffd\ufffd', '\ufffd\ufffd'],
  ])('%j is %j', (text, value) => {
    expect(decode(text)).toEqual(value)
  })

  it('keeps names that are special elsewhere', () => {
    const value = decode('{"__proto__": {"a": 1}, "constructor": 2}') as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect((value as { a?: unknown }).a).toBeUndefined()
  })

  it('stays text where it is nested too deep', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(Array.isArray(decode(nested(500)))).toBe(true)
    for (const depth of [501, 10_000, 1_000_000]) expect(decode(nested(depth))).toBe(nested(depth))
    const map = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
    expect(decode(map)).toBe(map)
    // Many lists one after the other are not deep, and brackets in strings are no lists.
    expect(isTooDeep(`[${'[],'.repeat(10_000)}1]`)).toBe(false)
    expect(isTooDeep(JSON.stringify(`\\"${'['.repeat(1000)}`))).toBe(false)
  })

  it('takes time in proportion to its length, whatever it is', { timeout: 5000 }, () => {
    const megabyte = 1_000_000
    const texts = [
      'a'.repeat(megabyte),
      `"${'\\"'.repeat(megabyte / 2)}`,
      `"${'\\\\'.repeat(megabyte / 2)}`,
      '"'.repeat(megabyte),
      '{"'.repeat(megabyte / 2),
      '-'.repeat(megabyte),
    ]
    for (const text of texts) expect(decode(text) === text).toBe(true)
    expect(decode(JSON.stringify('"\\'.repeat(megabyte / 4)))).toBe('"\\'.repeat(megabyte / 4))
  })
})

describe('what is published', () => {
  it('is what differs from what was there', () => {
    const databag = own({ same: '1', other: '2', gone: '3', emptied: '4', back: '5' })
    databag.json.same = 1
    databag.json.other = 'two'
    delete databag.json.gone
    databag.raw.emptied = ''
    databag.json.back = 'x'
    databag.raw.back = '5'
    databag.json.fresh = { b: 1, a: [null, true] }
    databag.raw.raw = 'text'
    databag.json.never = 1
    delete databag.json.never
    expect(databag.changes()).toEqual({
      other: '"two"',
      gone: '',
      emptied: '',
      fresh: '{"a": [null, true], "b": 1}',
      raw: 'text',
    })
    expect([databag.json.fresh, databag.raw.fresh]).toEqual([
      { a: [null, true], b: 1 },
      '{"a": [null, true], "b": 1}',
    ])
    expect([databag.json.gone, 'gone' in databag.raw, 'emptied' in databag.json]).toEqual([
      null,
      false,
      false,
    ])
  })

  it('is nothing where nothing was written, and reads nothing then', () => {
    const unread = new Databag({
      load: () => {
        throw new Error('nobody needs it')
      },
      refusal: () => undefined,
    })
    expect(unread.changes()).toEqual({})
    const read = own({ a: '1' })
    expect([read.json.a, read.changes()]).toEqual([1, {}])
  })

  it.each<[unknown, string]>([
    [null, 'null'],
    [true, 'true'],
    ['é"\n\u2028', '"\\u00e9\\"\\n\\u2028"'],
    [{ 'ä b': 1, B: 2, a: { z: 1, y: [] } }, '{"B": 2, "a": {"y": [], "z": 1}, "\\u00e4 b": 1}'],
    [[1, 2.5, 1e21, -0, 1e-7], '[1, 2.5, 1e+21, 0, 1e-07]'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ kept: 1, left: undefined }, '{"kept": 1}'],
  ])('as JSON, %j is %s', (value, text) => {
    const databag = own()
    databag.json.value = value
    expect(databag.raw.value).toBe(text)
  })

  it('is text where it is raw: a number is written out, nothing else is taken', () => {
    const databag = own({ c: '1' })
    Object.assign(databag.raw, { a: 1, b: false, c: null, d: undefined })
    expect(databag.changes()).toEqual({ a: '1', b: 'false', c: '' })
    for (const value of [{}, [], () => 1]) {
      expect(() => Object.assign(databag.raw, { e: value })).toThrow('raw relation data must be text: e:')
    }
  })

  it('has a key', () => {
    expect(() => Object.assign(own().json, { '': 1 })).toThrow('relation data needs a key')
  })

  it.each<[string, unknown]>([
    ['a function', () => 1],
    ['a bigint', 1n],
    ['a symbol', Symbol('s')],
  ])('cannot be %s', (_, value) => {
    expect(() => Object.assign(own().json, { key: value })).toThrow('relation data must be JSON: key:')
  })

  it('cannot go round in a circle', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(() => Object.assign(own().json, { key: circle })).toThrow('relation data must be JSON: key:')
  })

  it('may have keys that are special elsewhere', () => {
    const databag = own()
    for (const key of Object.keys(ODD)) databag.json[key] = key
    expect(Object.entries(databag.changes())).toEqual(
      Object.keys(ODD).map((key) => [key, JSON.stringify(key)]),
    )
    Reflect.deleteProperty(databag.json, '__proto__')
    expect(Object.keys(databag.changes())).not.toContain('__proto__')
  })

  it('is refused with the reason of the moment', () => {
    let refusal: string | undefined
    const databag = new Databag({ load: () => ({}), refusal: () => refusal })
    databag.json.a = 1
    refusal = 'not now'
    expect(() => Object.assign(databag.json, { a: 2 })).toThrow('not now: a')
    expect(databag.changes()).toEqual({ a: '1' })
  })
})
