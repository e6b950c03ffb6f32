// The methods of Python's list, tuple, dict and numbers.

import { Bound } from './arguments.ts'
import { dictKey, equals, order } from './compare.ts'
import { DictView, listOf } from './iterate.ts'
import { asDouble, type Float } from './numbers.ts'
import { repr } from './repr.ts'
import { type Arguments, type Dict, TemplateFault, tuple, type Value } from './values.ts'

type Method<Self> = (self: Self, given: Arguments) => Value

function method<Self>(
  name: string,
  params: string[],
  run: (self: Self, args: Bound) => Value,
): [string, Method<Self>] {
  return [name, (self, given) => run(self, new Bound(name, params, given))]
}

/** Do it, and answer None as Python's changing methods do. */
function none(_done: unknown): null {
  return null
}

export const tupleMethods = new Map<string, Method<Value[]>>([
  method('count', ['value'], (list, args) => list.filter((item) => equals(item, args.need('value'))).length),
  method('index', ['value'], (list, args) => indexOf(list, args.need('value'))),
])

export const listMethods = new Map<string, Method<Value[]>>([
  ...tupleMethods,
  method('append', ['object'], (list, args) => none(list.push(args.need('object')))),
  method('clear', [], (list) => none(list.splice(0))),
  method('copy', [], (list) => Array.from(list)),
  method('extend', ['iterable'], (list, args) => none(extend(list, listOf(args.need('iterable'))))),
  method('insert', ['index', 'object'], (list, args) =>
    none(list.splice(args.int('index', 0), 0, args.need('object'))),
  ),
  method('pop', ['index'], (list, args) => popItem(list, args.int('index', -1))),
  method('remove', ['value'], (list, args) => none(list.splice(indexOf(list, args.need('value')), 1))),
  method('reverse', [], (list) => none(list.reverse())),
  method('sort', ['reverse'], (list, args) =>
    none(list.sort((a, b) => (args.flag('reverse') ? order(b, a) : order(a, b)))),
  ),
])

export const dictMethods = new Map<string, Method<Dict>>([
  method('clear', [], (dict) => none(dict.clear())),
  method('copy', [], (dict) => new Map(dict)),
  method('get', ['key', 'default'], (dict, args) => getKey(dict, args)),
  method('items', [], (dict) => new DictView('items', itemsOf(dict))),
  method('keys', [], (dict) => new DictView('keys', Array.from(dict.keys()))),
  method('pop', ['key', 'default'], (dict, args) => popKey(dict, args)),
  method('setdefault', ['key', 'default'], (dict, args) => setDefault(dict, args)),
  ['update', update],
  method('values', [], (dict) => new DictView('values', Array.from(dict.values()))),
])

export const floatMethods = new Map<string, Method<number | Float>>([
  method('is_integer', [], (value) => Number.isInteger(asDouble(value))),
])

/** The items of the dict as tuples. */
export function itemsOf(dict: Dict): Value[] {
  return Array.from(dict, ([key, value]) => tuple(key, value))
}

/** Add a mapping, or a list of pairs, and the named arguments to the dict. */
export function update(dict: Dict, { positional, named }: Arguments): null {
  for (const source of positional) {
    const pairs = source instanceof Map ? itemsOf(source) : listOf(source)
    for (const pair of pairs) {
      const [key = null, value = null, ...rest] = listOf(pair)
      if (rest.length > 0) throw new TemplateFault(`not a pair: ${repr(pair)}`)
      dict.set(dictKey(key), value)
    }
  }
  for (const [key, value] of named) dict.set(key, value)
  return null
}

// Not push(...items), whose arguments fill the stack.
function extend(list: Value[], items: Value[]): void {
  for (const item of items) list.push(item)
}

function indexOf(list: Value[], value: Value): number {
  const index = list.findIndex((item) => equals(item, value))
  if (index === -1) throw new TemplateFault(`not in the list: ${repr(value)}`)
  return index
}

function popItem(list: Value[], index: number): Value {
  const item = list.splice(index < 0 ? index + list.length : index, 1)[0]
  if (item === undefined) throw new TemplateFault(`no item to pop: ${index}`)
  return item
}

function getKey(dict: Dict, args: Bound): Value {
  const value = dict.get(dictKey(args.need('key')))
  return value === undefined ? args.orNone('default') : value
}

function popKey(dict: Dict, args: Bound): Value {
  const key = dictKey(args.need('key'))
  const value = dict.has(key) ? dict.get(key) : args.value('default')
  if (value === undefined) throw new TemplateFault(`no such key: ${repr(key)}`)
  dict.delete(key)
  return value
}

function setDefault(dict: Dict, args: Bound): Value {
  const key = dictKey(args.need('key'))
  const value = dict.get(key)
  if (value !== undefined) return value
  dict.set(key, args.orNone('default'))
  return args.orNone('default')
}
