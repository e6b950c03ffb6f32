// The operators of a template on values of any type.

import { type ArithmeticOperator, arithmetic, unsupported } from './arithmetic.ts'
import { escapeHtml } from './html.ts'
import { asIndex, isInt } from './numbers.ts'
import { formatPercent } from './percent-format.ts'
import { Markup, plain, TemplateFault, Tuple, type Value } from './values.ts'

// Longer text can only be a mistake, and would exhaust memory.
const LONGEST_TEXT = 2 ** 28

/** Compute `left operator right`. */
export function operate(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (operator === '+') return add(left, right)
  const [a, b] = [plain(left), plain(right)]
  if (operator === '*' && isSequence(a)) return repeat(a, b)
  if (operator === '*' && isSequence(b)) return repeat(b, a)
  if (operator === '%' && typeof a === 'string') return formatPercent(a, b)
  return arithmetic(operator, a, b)
}

/** Python's +: numbers, texts, lists and tuples. */
function add(left: Value, right: Value): Value {
  if (left instanceof Markup || right instanceof Markup) return addMarkup(left, right)
  if (typeof left === 'string' && typeof right === 'string') return left + right
  if (left instanceof Tuple && right instanceof Tuple) return Tuple.from([...left, ...right])
  if (Array.isArray(left) && Array.isArray(right) && !(left instanceof Tuple) && !(right instanceof Tuple)) {
    return [...left, ...right]
  }
  return arithmetic('+', left, right)
}

// Text that meets escaped text is escaped itself.
function addMarkup(left: Value, right: Value): Value {
  if (typeof plain(left) !== 'string' || typeof plain(right) !== 'string') throw unsupported('+', left, right)
  return new Markup(escapeHtml(left).escaped + escapeHtml(right).escaped)
}

function isSequence(value: Value): value is string | Value[] {
  return typeof value === 'string' || Array.isArray(value)
}

function repeat(sequence: string | Value[], times: Value): Value {
  if (!isInt(times)) throw unsupported('*', sequence, times)
  const count = Math.max(0, asIndex(times))
  if (sequence.length * count > LONGEST_TEXT) throw new TemplateFault(`repeated too often: ${count}`)
  if (typeof sequence === 'string') return sequence.repeat(count)
  const items = Array.from({ length: count }, () => Array.from(sequence)).flat()
  return sequence instanceof Tuple ? Tuple.from(items) : items
}
