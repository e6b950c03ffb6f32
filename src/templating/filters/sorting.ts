// The filters that order and group: sort, dictsort, groupby, min, max.

import type { Bound } from '../python/arguments.ts'
import { equals, order } from '../python/compare.ts'
import { itemsOf } from '../python/container-methods.ts'
import { iterate, listOf } from '../python/iterate.ts'
import { attributeGetter } from '../python/lookup.ts'
import {
  type Engine,
  plain,
  TemplateFault,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from '../python/values.ts'

type Key = (value: Value) => Value

/** The text in lower case; other values as they are. */
export function ignoreCase(value: Value): Value {
  const bare = plain(value)
  return typeof bare === 'string' ? bare.toLowerCase() : bare
}

/** Sort without changing the order of equal items. */
function sortBy(values: Value[], key: Key, reverse: boolean): Value[] {
  const keyed = values.map((value) => ({ value, key: key(value) }))
  keyed.sort((a, b) => (reverse ? order(b.key, a.key) : order(a.key, b.key)))
  return keyed.map(({ value }) => value)
}

export function sorted(value: Value, args: Bound, engine: Engine): Value {
  const wanted = args.orNone('attribute')
  const names = typeof wanted === 'string' ? wanted.split(',') : [wanted]
  const getters = names.map((name) => attributeGetter(engine, name))
  const cased = args.flag('case_sensitive')
  const key: Key = (item) => getters.map((get) => (cased ? get(item) : ignoreCase(get(item))))
  return sortBy(listOf(value), key, args.flag('reverse'))
}

export function dictSort(value: Value, args: Bound): Value {
  const by = args.text('by', 'key')
  if (by !== 'key' && by !== 'value') throw new TemplateFault(`dictsort takes by=key or by=value: ${by}`)
  if (value instanceof Undefined) value.fail()
  if (!(value instanceof Map)) throw new TemplateFault(`not a dict to sort: ${typeName(value)}`)
  const key: Key = (pair) => {
    const part = listOf(pair)[by === 'key' ? 0 : 1] ?? null
    return args.flag('case_sensitive') ? part : ignoreCase(part)
  }
  return sortBy(itemsOf(value), key, args.flag('reverse'))
}

/** The smallest (-1) or largest (1) item, the first one of equals. */
export function extreme(value: Value, args: Bound, engine: Engine, side: -1 | 1): Value {
  const get = attributeGetter(engine, args.orNone('attribute'))
  const key: Key = (item) => (args.flag('case_sensitive') ? get(item) : ignoreCase(get(item)))
  let best: { value: Value; key: Value } | undefined
  for (const item of iterate(value)) {
    const candidate = { value: item, key: key(item) }
    if (best === undefined || order(candidate.key, best.key) * side > 0) best = candidate
  }
  return best === undefined ? engine.undefined('an empty list has no smallest or largest item') : best.value
}

// A group prints as a tuple and has names for its two items.
class Group extends Tuple {
  override attribute(name: string): Value | undefined {
    return name === 'grouper' ? this[0] : name === 'list' ? this[1] : undefined
  }
}

export function groupBy(value: Value, args: Bound, engine: Engine): Value {
  const get = attributeGetter(engine, args.need('attribute'), args.orNone('default'))
  const key: Key = (item) => (args.flag('case_sensitive') ? get(item) : ignoreCase(get(item)))
  const groups: { key: Value; first: Value; items: Value[] }[] = []
  for (const item of sortBy(listOf(value), key, false)) {
    const last = groups.at(-1)
    if (last !== undefined && equals(last.key, key(item))) last.items.push(item)
    else groups.push({ key: key(item), first: get(item), items: [item] })
  }
  return groups.map(({ first, items }) => Group.from([first, items]) as Group)
}
