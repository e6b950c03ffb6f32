// What compiled templates call. One object serves one rendering.

import { oneLine, ReactiveError } from '../../errors.ts'
import { filters } from '../filters/filters.ts'
import { tests } from '../filters/tests.ts'
import { type ArithmeticOperator, sign } from '../python/arithmetic.ts'
import { contains, dictKey, equals, order } from '../python/compare.ts'
import { globals, Namespace } from '../python/globals.ts'
import { listOf, unpack } from '../python/iterate.ts'
import { attribute, call, item, slice, undefinedVariable } from '../python/lookup.ts'
import { float } from '../python/numbers.ts'
import { operate } from '../python/operators.ts'
import { str } from '../python/repr.ts'
import {
  type Arguments,
  type Dict,
  type Engine,
  type Filter,
  isTrue,
  TemplateFault,
  type Test,
  tuple,
  typeName,
  Undefined,
  type Value,
} from '../python/values.ts'
import type { Context } from './context.ts'
import { type Frame, RuntimeFrame } from './internals.ts'
import { LoopContext } from './loop.ts'
import { Macro, type MacroCall } from './macro.ts'

type Operand = [operator: string, value: () => Value]

export class ExpressionRuntime implements Engine {
  readonly strict: boolean
  readonly Frame = RuntimeFrame
  readonly float = float
  readonly isTrue = isTrue
  readonly operate = operate as (operator: ArithmeticOperator, left: Value, right: Value) => Value
  readonly output = str
  readonly sign = sign
  readonly slice = slice
  readonly tuple = tuple
  readonly unpack = unpack
  readonly call = call

  constructor(strict: boolean) {
    this.strict = strict
  }

  undefined(what: string): Undefined {
    return new Undefined(what, this.strict)
  }

  /** The value of an inline if without else: it prints nothing, however strict. */
  nothing(): Undefined {
    return new Undefined('inline if without else', false)
  }

  has(kind: 'filter' | 'test', name: string): boolean {
    return (kind === 'filter' ? filters : tests).has(name)
  }

  filter(name: string): Filter {
    const filter = filters.get(name)
    if (filter === undefined) throw new TemplateFault(`unknown filter: ${name}`)
    return filter
  }

  test(name: string): Test {
    const test = tests.get(name)
    if (test === undefined) throw new TemplateFault(`unknown test: ${name}`)
    return test
  }

  applyFilter(name: string, value: Value, given: Arguments): Value {
    return this.filter(name)(this, value, given)
  }

  applyTest(name: string, value: Value, given: Arguments): boolean {
    return this.test(name)(this, value, given)
  }

  lookup(context: Context, frame: Frame, name: string): Value {
    const local = frame.lookup(name) as Value | undefined
    if (local !== undefined) return local
    const variable = context.lookup(name)
    if (variable !== undefined) return variable
    return globals.get(name) ?? this.undefined(undefinedVariable(name))
  }

  attribute(value: Value, name: string, path: string): Value {
    return attribute(this, value, name, path)
  }

  item(value: Value, key: Value, path: string): Value {
    return item(this, value, key, path)
  }

  given(positional: Value[], named: [string, Value][], list: Value, dict: Value): Arguments {
    const more = list === null ? [] : listOf(list)
    const all = new Map(named)
    if (dict !== null && !(dict instanceof Map))
      throw new TemplateFault(`not a dict after **: ${typeName(dict)}`)
    for (const [key, value] of dict ?? []) all.set(str(key), value)
    return { positional: [...positional, ...more], named: all }
  }

  dict(pairs: [Value, Value][]): Dict {
    return new Map(pairs.map(([key, value]) => [dictKey(key), value]))
  }

  and(left: Value, right: () => Value): Value {
    return isTrue(left) ? right() : left
  }

  or(left: Value, right: () => Value): Value {
    return isTrue(left) ? left : right()
  }

  concat(left: Value, right: Value): string {
    return str(left) + str(right)
  }

  /** Python's chain of comparisons, `a < b <= c`. */
  compare(first: Value, ...rest: Operand[]): boolean {
    let left = first
    return rest.every(([operator, operand]) => {
      const right = operand()
      const holds = compareTwo(operator, left, right)
      left = right
      return holds
    })
  }

  loop(source: Value, test: ((value: Value) => boolean) | null): LoopContext {
    const items = listOf(source)
    return new LoopContext(test === null ? items : items.filter(test), this.strict)
  }

  assign(context: Context, frame: Frame, name: string, value: Value): void {
    frame.set(name, value)
    if (frame.topLevel) context.setVariable(name, value)
  }

  setInNamespace(target: Value, name: string, value: Value): void {
    if (!(target instanceof Namespace)) throw new TemplateFault(`not a namespace: ${typeName(target)}`)
    target.values.set(name, value)
  }

  macro(name: string, params: string[], body: (given: MacroCall) => string, extras: string[]): Macro {
    return new Macro(name, params, extras, body, this.undefined('undefined variable: caller'))
  }

  /** Put the template and the line before the message of a fault. */
  locate(error: unknown, template: string, lineno: number): unknown {
    const place = `${template}:${lineno + 1}`
    if (error instanceof TemplateFault) {
      return new ReactiveError(`${place}: ${oneLine(error.message)}`, { cause: error })
    }
    // Only a template without end can exhaust the stack or the length of text. There is hardly any stack left
    // here: what would need more of it, such as a regular expression, waits until the template has been left.
    if (isExhausted(error))
      return new ReactiveError(`${place}: nested too deeply, or too long: ${error.message}`, { cause: error })
    return error
  }
}

/** A regular expression for which there is no stack to compile it is a SyntaxError. */
function isExhausted(error: unknown): error is Error {
  return (
    error instanceof RangeError || (error instanceof SyntaxError && error.message.endsWith('Stack overflow'))
  )
}

function compareTwo(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equals(left, right)
    case '!=':
      return !equals(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '<':
      return order(left, right, operator) < 0
    case '<=':
      return order(left, right, operator) <= 0
    case '>':
      return order(left, right, operator) > 0
    default:
      return order(left, right, operator) >= 0
  }
}
