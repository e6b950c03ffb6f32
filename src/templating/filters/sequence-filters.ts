// The filters of Jinja2 that take lists and dicts apart and put them together.

import { identity } from '../python/compare.ts'
import { itemsOf } from '../python/container-methods.ts'
import { DictView, Generator, iterate, listOf, sizeOf } from '../python/iterate.ts'
import { attribute, attributeGetter } from '../python/lookup.ts'
import { operate } from '../python/operators.ts'
import { str } from '../python/repr.ts'
import { characters } from '../python/text.ts'
import { type Engine, TemplateFault, typeName, Undefined, type Value } from '../python/values.ts'
import { type FilterEntry, valueFilter } from './define.ts'
import { dictSort, extreme, groupBy, ignoreCase, sorted } from './sorting.ts'

export const sequenceFilters: FilterEntry[] = [
  valueFilter('attr', ['name'], (value, args, engine) => attributeOnly(engine, value, args.text('name', ''))),
  valueFilter(
    'batch',
    ['linecount', 'fill_with'],
    (value, args) =>
      new Generator('batch', batch(listOf(value), args.int('linecount', 0), args.orNone('fill_with'))),
  ),
  valueFilter('count', [], sizeOf),
  valueFilter('dictsort', ['case_sensitive', 'by', 'reverse'], dictSort),
  valueFilter('first', [], (value, _args, engine) => firstOf(iterate(value), engine, 'first')),
  valueFilter('groupby', ['attribute', 'default', 'case_sensitive'], groupBy),
  valueFilter('items', [], (value) => new Generator('items', items(value))),
  valueFilter('join', ['d', 'attribute'], (value, args, engine) => {
    const get = attributeGetter(engine, args.orNone('attribute'))
    return Array.from(iterate(value), (item) => str(get(item))).join(args.text('d', ''))
  }),
  valueFilter('last', [], (value, _args, engine) => firstOf(reversed(value), engine, 'last')),
  valueFilter('length', [], sizeOf),
  valueFilter('list', [], listOf),
  valueFilter('max', ['case_sensitive', 'attribute'], (value, args, engine) =>
    extreme(value, args, engine, 1),
  ),
  valueFilter('min', ['case_sensitive', 'attribute'], (value, args, engine) =>
    extreme(value, args, engine, -1),
  ),
  valueFilter('random', [], (value, _args, engine) => {
    const all = listOf(value)
    return all[Math.floor(Math.random() * all.length)] ?? engine.undefined('an empty list has no random item')
  }),
  valueFilter('reverse', [], (value) =>
    typeof value === 'string'
      ? characters(value).reverse().join('')
      : new Generator('reverse', reversed(value)),
  ),
  valueFilter(
    'slice',
    ['slices', 'fill_with'],
    (value, args) =>
      new Generator('slice', slices(listOf(value), args.int('slices', 0), args.orNone('fill_with'))),
  ),
  valueFilter('sort', ['reverse', 'case_sensitive', 'attribute'], sorted),
  valueFilter('sum', ['attribute', 'start'], (value, args, engine) => {
    const get = attributeGetter(engine, args.orNone('attribute'))
    return listOf(value).reduce((total, item) => operate('+', total, get(item)), args.value('start') ?? 0)
  }),
  valueFilter('unique', ['case_sensitive', 'attribute'], (value, args, engine) => {
    const get = attributeGetter(engine, args.orNone('attribute'))
    const key = (item: Value) => identity(args.flag('case_sensitive') ? get(item) : ignoreCase(get(item)))
    return new Generator('unique', unique(listOf(value), key))
  }),
]

function attributeOnly(engine: Engine, value: Value, name: string): Value {
  // Items of a dict are no attributes, its methods are.
  const target = value instanceof Map ? new Map() : value
  return attribute(engine, target, name, name)
}

function items(value: Value): Value[] {
  if (value instanceof Undefined) return listOf(value)
  if (value instanceof Map) return itemsOf(value)
  throw new TemplateFault(`only a dict has items: ${typeName(value)}`)
}

function reversed(value: Value): Value[] {
  if (value instanceof Generator) throw new TemplateFault(`cannot be reversed, add |list: ${value.source}`)
  if (value instanceof DictView && value.items.length === 0) return []
  return listOf(value).reverse()
}

function firstOf(values: Iterable<Value>, engine: Engine, which: string): Value {
  for (const value of values) return value
  return engine.undefined(`an empty list has no ${which} item`)
}

function* batch(values: Value[], size: number, fill: Value): Iterable<Value> {
  if (size < 1) throw new TemplateFault(`batch takes a linecount of at least 1: ${size}`)
  for (let start = 0; start < values.length; start += size) {
    const row = values.slice(start, start + size)
    while (fill !== null && row.length < size) row.push(fill)
    yield row
  }
}

function* slices(values: Value[], count: number, fill: Value): Iterable<Value> {
  if (count < 1) throw new TemplateFault(`slice takes at least 1 slice: ${count}`)
  const each = Math.floor(values.length / count)
  const extra = values.length % count
  for (let index = 0, start = 0; index < count; index++) {
    const end = start + each + (index < extra ? 1 : 0)
    const column = values.slice(start, end)
    if (fill !== null && index >= extra) column.push(fill)
    yield column
    start = end
  }
}

function* unique(values: Value[], key: (value: Value) => string): Iterable<Value> {
  const seen = new Set<string>()
  for (const value of values) {
    if (!seen.has(key(value))) yield value
    seen.add(key(value))
  }
}
