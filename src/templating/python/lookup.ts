// `value.name`, `value[key]` and `value[start:stop:step]`. Only own data and the methods listed in this
// folder can be reached: no name leads to a JavaScript prototype.

import { formatBraces } from './brace-format.ts'
import { dictKey } from './compare.ts'
import { dictMethods, floatMethods, listMethods, tupleMethods } from './container-methods.ts'
import { asIndex, isFloat, isInt } from './numbers.ts'
import { stringMethods } from './string-methods.ts'
import { characters } from './text.ts'
import {
  type Arguments,
  Callable,
  type Engine,
  Host,
  plain,
  TemplateFault,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts'

/** Look up `value.name`: a method first, then an item; `path` names it in messages. */
export function attribute(engine: Engine, value: Value, name: string, path: string): Value {
  const target = plain(value)
  if (target instanceof Undefined) target.fail()
  const found = methodOf(engine, target, name) ?? ownItem(target, name)
  return found === undefined ? engine.undefined(undefinedVariable(path)) : found
}

/** Look up `value[key]`: an item first, then a method. */
export function item(engine: Engine, value: Value, key: Value, path: string): Value {
  const target = plain(value)
  const wanted = plain(key)
  if (target instanceof Undefined) target.fail()
  const found = ownItem(target, wanted)
  if (found !== undefined) return found
  const method = typeof wanted === 'string' ? methodOf(engine, target, wanted) : undefined
  return method ?? engine.undefined(undefinedVariable(path))
}

/** The message for a name that is not there. */
export function undefinedVariable(path: string): string {
  return `undefined variable: ${path}`
}

function ownItem(target: Value, key: Value): Value | undefined {
  if (target instanceof Map) return target.get(dictKey(key))
  if (target instanceof Host) return typeof key === 'string' ? target.attribute(key) : target.item(key)
  if (!isInt(key) || (typeof target !== 'string' && !Array.isArray(target))) return undefined
  const items = typeof target === 'string' ? characters(target) : target
  return items.at(asIndex(key))
}

type AnyMethod = (self: never, given: Arguments) => Value

function methodOf(engine: Engine, target: Value, name: string): Value | undefined {
  if (typeof target === 'string' && name === 'format') return formatMethod(engine, target)
  if (target instanceof Tuple && target.attribute(name) !== undefined) return target.attribute(name)
  const method = methodsOf(target)?.get(name)
  return method === undefined ? undefined : new Callable((given) => method(target as never, given))
}

function methodsOf(target: Value): ReadonlyMap<string, AnyMethod> | undefined {
  if (typeof target === 'string') return stringMethods
  if (target instanceof Tuple) return tupleMethods
  if (Array.isArray(target)) return listMethods
  if (target instanceof Map) return dictMethods
  return isFloat(target) ? floatMethods : undefined
}

function formatMethod(engine: Engine, text: string): Callable {
  return new Callable((given) =>
    formatBraces(text, given, (value, name, kind) => {
      if (kind === 'attribute') return attribute(engine, value, name, name)
      return item(engine, value, /^\d+$/.test(name) ? Number(name) : name, name)
    }),
  )
}

/** Take a slice of text, a list or a tuple; None stands for a bound that is not given. */
export function slice(value: Value, start: Value, stop: Value, step: Value): Value {
  const target = plain(value)
  if (target instanceof Undefined) target.fail()
  if (typeof target !== 'string' && !Array.isArray(target)) {
    throw new TemplateFault(`cannot be sliced: ${typeName(target)}`)
  }
  const items = typeof target === 'string' ? characters(target) : target
  const taken = sliceIndexes(items.length, start, stop, step).map((index) => items[index] ?? null)
  if (typeof target === 'string') return taken.join('')
  return target instanceof Tuple ? Tuple.from(taken) : taken
}

function sliceIndexes(length: number, start: Value, stop: Value, step: Value): number[] {
  const by = step === null ? 1 : asIndex(step)
  if (by === 0) throw new TemplateFault('a slice cannot have the step: 0')
  const low = by > 0 ? 0 : -1
  const high = by > 0 ? length : length - 1
  const bound = (given: Value, otherwise: number): number => {
    if (given === null) return otherwise
    const index = asIndex(given)
    return Math.min(high, Math.max(low, index < 0 ? index + length : index))
  }
  const from = bound(start, by > 0 ? low : high)
  const to = bound(stop, by > 0 ? high : low)
  const indexes: number[] = []
  for (let index = from; by > 0 ? index < to : index > to; index += by) indexes.push(index)
  return indexes
}

/** Call the value; `path` names it in messages. */
export function call(value: Value, given: Arguments, path: string): Value {
  if (value instanceof Undefined) value.fail()
  if (!(value instanceof Host)) throw new TemplateFault(`not a function: ${path}`)
  return value.call(given)
}

/** A getter for the attribute that a filter names: `a.b`, `0`, `a.0`. */
export function attributeGetter(
  engine: Engine,
  name: Value,
  otherwise: Value = null,
): (value: Value) => Value {
  if (name === null) return (value) => value
  const parts = typeof name === 'string' ? name.split('.') : [name]
  const keys = parts.map((part) => (typeof part === 'string' && /^\d+$/.test(part) ? Number(part) : part))
  return (value) => {
    let current = value
    for (const key of keys) {
      current = item(engine, current, key, String(name))
      if (otherwise !== null && current instanceof Undefined) current = otherwise
    }
    return current
  }
}
