import { expect, it } from 'vitest'
import { readJavaScript } from '../../../src/insight/sources/javascript.ts'

const read = (text: string, path = 'reactive/app.mjs') =>
  readJavaScript({ path, language: 'javascript' }, text)

const calls = async (text: string, path?: string) =>
  (await read(text, path)).calls.map(({ name, words, inside }) => {
    const all = [name, ...words.map((word) => word.text)].join(' ')
    return inside === undefined ? all : `${all} in ${inside}`
  })

it.each([
  ['names in camel case', "setFlag('a.b')", ['set_flag a.b']],
  ['templates', 'setFlag(`app.${name}.ready`)', ['set_flag app.*.ready']],
  [
    'constants',
    "const PREFIX = 'app'\nsetFlag(`${PREFIX}.a`); setFlag(PREFIX + '.b')",
    ['set_flag app.a', 'set_flag app.b'],
  ],
  [
    'functions',
    "function f() { setFlag('a') }\nconst g = () => clearFlag('b')",
    ['set_flag a in f', 'clear_flag b in g'],
  ],
  ['handlers without a name', "\nwhen('x', () => setFlag('a'))", ['when x', 'set_flag a in line-2']],
  ['alternatives', "setFlag(x ? 'a' : 'b')", ['set_flag a b']],
  [
    'methods of endpoints',
    "class A extends Endpoint { manageFlags() { setFlag(this.expandName('{endpoint_name}.a')) } }",
    ['set_flag {endpoint_name}.a in manageFlags', 'expand_name {endpoint_name}.a in manageFlags'],
  ],
])('reads %s', async (_, text, expected) => {
  expect(await calls(text)).toEqual(expected)
})

it('reads TypeScript with its places', async () => {
  const { calls: found } = await read("const x: string = 'a' as const\nsetFlag<string>(x)", 'reactive/app.ts')
  expect(found).toMatchObject([{ name: 'set_flag', words: [{ text: 'a' }], line: 2, column: 1 }])
})

it('reads options and their lists', async () => {
  const { calls: found } = await read("registerTrigger({ whenNot: 'a', setFlags: ['b', 'c'] })")
  expect(found).toMatchObject([
    {
      name: 'register_trigger',
      options: { when_not: [{ text: 'a' }], set_flags: [{ text: 'b' }, { text: 'c' }] },
    },
  ])
})

it('says why it cannot read a text', async () => {
  expect(await read('when(')).toMatchObject({ calls: [], fault: 'Unexpected token (1:5)' })
})
