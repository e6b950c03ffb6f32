// + - * / // % ** of Python's numbers.

import { asBigInt, asDouble, float, int, isFloat, isInt, isNumeric, type Numeric } from './numbers.ts'
import { TemplateFault, typeName, Undefined, type Value } from './values.ts'

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

interface Rule {
  doubles(a: number, b: number): number
  bigints(a: bigint, b: bigint): bigint
}

// A power with more bits than this only exhausts memory.
const LARGEST_POWER_BITS = 100_000

const RULES: Record<Exclude<ArithmeticOperator, '/' | '**'>, Rule> = {
  '+': { doubles: (a, b) => a + b, bigints: (a, b) => a + b },
  '-': { doubles: (a, b) => a - b, bigints: (a, b) => a - b },
  '*': { doubles: (a, b) => a * b, bigints: (a, b) => a * b },
  '//': { doubles: (a, b) => Math.floor(a / b), bigints: (a, b) => (a - modulo(a, b)) / b },
  '%': { doubles: doubleModulo, bigints: modulo },
}

// The result has the sign of the divisor, unlike JavaScript's.
function modulo(a: bigint, b: bigint): bigint {
  const rest = a % b
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
}

function doubleModulo(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

/** Compute with two numbers; anything else is a fault. */
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (!isNumeric(left) || !isNumeric(right)) throw unsupported(operator, left, right)
  if (operator === '**') return power(left, right)
  const divides = operator === '/' || operator === '//' || operator === '%'
  if (divides && asDouble(right) === 0) throw new TemplateFault(`division by zero: ${operator}`)
  if (operator === '/') return float(asDouble(left) / asDouble(right))
  const rule = RULES[operator]
  if (isInt(left) && isInt(right)) return wholeNumbers(rule, left, right)
  return float(rule.doubles(asDouble(left), asDouble(right)))
}

function wholeNumbers(rule: Rule, left: boolean | number | bigint, right: boolean | number | bigint): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const quick = rule.doubles(left, right)
    if (Number.isSafeInteger(quick) && Number.isSafeInteger(left) && Number.isSafeInteger(right))
      return quick + 0
  }
  return int(rule.bigints(asBigInt(left), asBigInt(right)))
}

function power(base: Numeric, exponent: Numeric): Value {
  if (!isInt(base) || !isInt(exponent) || asDouble(exponent) < 0) {
    if (asDouble(base) === 0 && asDouble(exponent) < 0) throw new TemplateFault('division by zero: **')
    if (asDouble(base) < 0 && !Number.isInteger(asDouble(exponent))) {
      throw new TemplateFault(`power is a complex number: ${asDouble(base)} ** ${asDouble(exponent)}`)
    }
    return float(asDouble(base) ** asDouble(exponent))
  }
  const [whole, times] = [asBigInt(base), asBigInt(exponent)]
  if (BigInt(whole.toString(2).length) * times > LARGEST_POWER_BITS) {
    throw new TemplateFault(`power too large: ${whole} ** ${times}`)
  }
  return int(whole ** times)
}

/** Python's unary minus and plus. */
export function sign(operator: '+' | '-', value: Value): Value {
  if (!isNumeric(value)) {
    if (value instanceof Undefined) value.fail()
    throw new TemplateFault(`not a number: ${typeName(value)}`)
  }
  if (isFloat(value)) return float(operator === '-' ? -asDouble(value) : asDouble(value))
  return int(operator === '-' ? -asBigInt(value) : asBigInt(value))
}

/** The fault of an operator that does not work with the two types. */
export function unsupported(operator: string, left: Value, right: Value): TemplateFault {
  for (const side of [left, right]) if (side instanceof Undefined) return new TemplateFault(side.what)
  return new TemplateFault(`operator not supported: ${typeName(left)} ${operator} ${typeName(right)}`)
}
