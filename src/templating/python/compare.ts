// Equality, order and membership with Python's rules.

import { iterate } from './iterate.ts'
import { asDouble, Float, isNumeric, type Numeric } from './numbers.ts'
import { compareText } from './text.ts'
import { type Dict, plain, TemplateFault, Tuple, typeName, Undefined, type Value } from './values.ts'

/** Python's ==. */
export function equals(a: Value, b: Value): boolean {
  const left = plain(a)
  const right = plain(b)
  if (left === right) return !Number.isNaN(left)
  if (isNumeric(left) && isNumeric(right)) return orderNumbers(left, right) === 0
  if (Array.isArray(left) && Array.isArray(right)) return equalLists(left, right)
  if (left instanceof Map && right instanceof Map) return equalDicts(left, right)
  return left instanceof Undefined && right instanceof Undefined
}

function equalLists(left: Value[], right: Value[]): boolean {
  if (left.length !== right.length || left instanceof Tuple !== right instanceof Tuple) return false
  return left.every((item, index) => equals(item, right[index] ?? null))
}

function equalDicts(left: Dict, right: Dict): boolean {
  if (left.size !== right.size) return false
  return Array.from(left).every(([key, value]) => right.has(key) && equals(value, right.get(key) ?? null))
}

/** Python's order of two values: negative, zero or positive; a fault when they have none. */
export function order(a: Value, b: Value, operator = '<'): number {
  const left = plain(a)
  const right = plain(b)
  if (isNumeric(left) && isNumeric(right)) return orderNumbers(left, right)
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (Array.isArray(left) && Array.isArray(right) && typeName(left) === typeName(right)) {
    return orderLists(left, right, operator)
  }
  if (left instanceof Undefined) left.fail()
  if (right instanceof Undefined) right.fail()
  throw new TemplateFault(`no order between types: ${typeName(left)} ${operator} ${typeName(right)}`)
}

function orderNumbers(left: Numeric, right: Numeric): number {
  const a = left instanceof Float ? left.value : left
  const b = right instanceof Float ? right.value : right
  if (a < b) return -1
  return a > b ? 1 : Number(a) === Number(b) ? 0 : Number.NaN
}

function orderLists(left: Value[], right: Value[], operator: string): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [a, b] = [left[index] ?? null, right[index] ?? null]
    if (!equals(a, b)) return order(a, b, operator)
  }
  return left.length - right.length
}

/** Python's `value in container`. */
export function contains(container: Value, value: Value): boolean {
  const whole = plain(container)
  const part = plain(value)
  if (typeof whole === 'string') {
    if (typeof part === 'string') return whole.includes(part)
    if (part instanceof Undefined) part.fail()
    throw new TemplateFault(`only text can be looked for in text: ${typeName(part)}`)
  }
  if (whole instanceof Map) return whole.has(dictKey(part))
  for (const item of iterate(whole)) if (equals(item, part)) return true
  return false
}

/** The value as the key of a dict: 1.0 and 1 are the same key. */
export function dictKey(key: Value): Value {
  const bare = plain(key)
  if (bare instanceof Float) return bare.value
  if ((Array.isArray(bare) && !(bare instanceof Tuple)) || bare instanceof Map) {
    throw new TemplateFault(`not usable as a key of a dict: ${typeName(bare)}`)
  }
  return bare
}

/** A text that is the same for values that are equal and hashable, for sets and groups. */
export function identity(value: Value): string {
  const bare = plain(value)
  if (isNumeric(bare)) return `n${asDouble(bare)}`
  if (typeof bare === 'string') return `s${bare}`
  if (bare instanceof Tuple) return `(${bare.map((item) => JSON.stringify(identity(item))).join()})`
  if (Array.isArray(bare) || bare instanceof Map) {
    throw new TemplateFault(`cannot be told apart by value: ${typeName(bare)}`)
  }
  return bare === null ? 'None' : bare.typeName
}
