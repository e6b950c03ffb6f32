// The filters of Jinja2 that apply other filters and tests to each item: map, select, reject.

import { Generator, listOf } from '../python/iterate.ts'
import { attributeGetter } from '../python/lookup.ts'
import { str } from '../python/repr.ts'
import {
  type Arguments,
  type Engine,
  isTrue,
  TemplateFault,
  Undefined,
  type Value,
} from '../python/values.ts'
import type { FilterEntry } from './define.ts'

export const selectFilters: FilterEntry[] = [
  ['map', map],
  ['select', (engine, value, given) => choose('select', engine, value, given, true)],
  ['reject', (engine, value, given) => choose('reject', engine, value, given, false)],
  ['selectattr', (engine, value, given) => chooseByAttribute('selectattr', engine, value, given, true)],
  ['rejectattr', (engine, value, given) => chooseByAttribute('rejectattr', engine, value, given, false)],
]

function map(engine: Engine, value: Value, given: Arguments): Value {
  const apply = mapping(engine, given)
  return new Generator('map', itemsOf(value).map(apply))
}

// Jinja2 does not iterate over a false value, whatever it is.
function itemsOf(value: Value): Value[] {
  return isTrue(value) || value instanceof Undefined ? listOf(value) : []
}

function mapping(engine: Engine, { positional, named }: Arguments): (item: Value) => Value {
  const [name, ...rest] = positional
  const attribute = named.get('attribute')
  if (name === undefined && attribute !== undefined) {
    return attributeGetter(engine, attribute, named.get('default') ?? null)
  }
  if (name === undefined) throw new TemplateFault('missing argument of map: filter')
  const filter = engine.filter(str(name))
  return (item) => filter(engine, item, { positional: rest, named })
}

function choose(source: string, engine: Engine, value: Value, given: Arguments, wanted: boolean): Value {
  const passes = test(engine, given)
  return new Generator(
    source,
    itemsOf(value).filter((item) => passes(item) === wanted),
  )
}

function chooseByAttribute(
  source: string,
  engine: Engine,
  value: Value,
  given: Arguments,
  wanted: boolean,
): Value {
  const [name, ...positional] = given.positional
  if (name === undefined) throw new TemplateFault(`missing argument of ${source}: attribute`)
  const get = attributeGetter(engine, name)
  const passes = test(engine, { positional, named: given.named })
  return new Generator(
    source,
    itemsOf(value).filter((item) => passes(get(item)) === wanted),
  )
}

// Without the name of a test, Python's truth decides.
function test(engine: Engine, { positional, named }: Arguments): (item: Value) => boolean {
  const [name, ...rest] = positional
  if (name === undefined) return isTrue
  const run = engine.test(str(name))
  return (item) => run(engine, item, { positional: rest, named })
}
