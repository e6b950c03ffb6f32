// How a filter is written: its name, its parameters in Python's order, and what it does.

import { Bound } from '../python/arguments.ts'
import { str } from '../python/repr.ts'
import { type Engine, type Filter, plain, type Value } from '../python/values.ts'

export type FilterEntry = [name: string, filter: Filter]

/** A filter of any value. */
export function valueFilter(
  name: string,
  params: string[],
  run: (value: Value, args: Bound, engine: Engine) => Value,
): FilterEntry {
  return [name, (engine, value, given) => run(plain(value), new Bound(name, params, given), engine)]
}

/** A filter of text; another value is turned into text first. */
export function textFilter(
  name: string,
  params: string[],
  run: (text: string, args: Bound, engine: Engine) => Value,
): FilterEntry {
  return [name, (engine, value, given) => run(str(value), new Bound(name, params, given), engine)]
}
