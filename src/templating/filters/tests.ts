// The tests of Jinja2, `x is NAME`.

import { contains, equals, order } from '../python/compare.ts'
import { Range } from '../python/iterate.ts'
import { isFloat, isInt, isNumeric } from '../python/numbers.ts'
import { operate } from '../python/operators.ts'
import { str } from '../python/repr.ts'
import { isLower, isUpper } from '../python/string-methods.ts'
import {
  type Arguments,
  type Engine,
  Host,
  Markup,
  plain,
  TemplateFault,
  type Test,
  Undefined,
  type Value,
} from '../python/values.ts'

type Entry = [name: string, test: Test]

function simple(name: string, run: (value: Value, engine: Engine) => boolean): Entry {
  return [
    name,
    (engine, value, given) => {
      expectArguments(name, given, 0)
      return run(value, engine)
    },
  ]
}

function against(names: string[], run: (value: Value, other: Value) => boolean): Entry[] {
  return names.map((name) => [
    name,
    (_engine, value, given) => {
      expectArguments(name, given, 1)
      return run(value, given.positional[0] ?? Array.from(given.named.values())[0] ?? null)
    },
  ])
}

function expectArguments(name: string, { positional, named }: Arguments, count: number): void {
  const given = positional.length + named.size
  if (given !== count) throw new TemplateFault(`test ${name} takes ${count} arguments: ${given}`)
}

/** All tests by name. */
export const tests: ReadonlyMap<string, Test> = new Map([
  simple('boolean', (value) => typeof value === 'boolean'),
  simple('callable', (value) => isCallable(value)),
  simple('defined', (value) => !(value instanceof Undefined)),
  simple('escaped', (value) => value instanceof Markup),
  simple('even', (value) => leavesRest(value, 2, 0)),
  simple('false', (value) => value === false),
  simple('filter', (value, engine) => engine.has('filter', str(value))),
  simple('float', (value) => isFloat(value)),
  simple('integer', (value) => isInt(value) && typeof value !== 'boolean'),
  simple('iterable', (value) => isIterable(plain(value))),
  simple('lower', (value) => isLower(str(value))),
  simple('mapping', (value) => value instanceof Map),
  simple('none', (value) => value === null),
  simple('number', (value) => isNumeric(value)),
  simple('odd', (value) => leavesRest(value, 2, 1)),
  simple('sequence', (value) => isSequence(plain(value))),
  simple('string', (value) => typeof plain(value) === 'string'),
  simple('test', (value, engine) => engine.has('test', str(value))),
  simple('true', (value) => value === true),
  simple('undefined', (value) => value instanceof Undefined),
  simple('upper', (value) => isUpper(str(value))),
  ...against(['divisibleby'], (value, other) => leavesRest(value, other, 0)),
  ...against(['==', 'eq', 'equalto'], equals),
  ...against(['!=', 'ne'], (value, other) => !equals(value, other)),
  ...against(['>', 'gt', 'greaterthan'], (value, other) => order(value, other, '>') > 0),
  ...against(['>=', 'ge'], (value, other) => order(value, other, '>=') >= 0),
  ...against(['<', 'lt', 'lessthan'], (value, other) => order(value, other, '<') < 0),
  ...against(['<=', 'le'], (value, other) => order(value, other, '<=') <= 0),
  ...against(['in'], (value, other) => contains(other, value)),
  ...against(
    ['sameas'],
    (value, other) => value === other || (isFloat(value) && isFloat(other) && equals(value, other)),
  ),
])

function leavesRest(value: Value, divisor: Value, rest: number): boolean {
  return equals(operate('%', value, divisor), rest)
}

function isCallable(value: Value): boolean {
  return value instanceof Host && (value instanceof Undefined || value.call !== Host.prototype.call)
}

function isIterable(value: Value): boolean {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Map) return true
  if (value instanceof Undefined) return true
  return value instanceof Host && value.iterate() !== undefined
}

function isSequence(value: Value): boolean {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Map) return true
  return value instanceof Range || value instanceof Undefined
}
