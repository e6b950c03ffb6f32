// One formatted number, for `%` and for str.format: sign, precision, base, thousands.

import { asBigInt, asDouble, fixed, floatText, isFloat, isInt, isNumeric } from './numbers.ts'
import { TemplateFault, typeName, Undefined, type Value } from './values.ts'

export interface NumberFormat {
  type: string
  precision?: number | undefined
  /** `+` and space show a sign of positive numbers. */
  sign?: string | undefined
  /** The `#` flag: 0x, 0o, 0b. */
  alternate?: boolean | undefined
  grouping?: string | undefined
}

const BASES: Record<string, [number, string]> = { x: [16, '0x'], X: [16, '0X'], o: [8, '0o'], b: [2, '0b'] }

/** The sign (with the prefix of the base) and the digits of the number. */
export function formatNumber(value: Value, format: NumberFormat): [string, string] {
  if (!isNumeric(value)) {
    if (value instanceof Undefined) value.fail()
    throw new TemplateFault(`not a number to format: ${typeName(value)}`)
  }
  const whole = 'dxXob'.includes(format.type)
  if (whole && !isInt(value)) throw new TemplateFault(`not an integer to format: ${typeName(value)}`)
  const negative = asDouble(value) < 0 || Object.is(asDouble(value), -0)
  const sign = negative ? '-' : format.sign === '+' || format.sign === ' ' ? format.sign : ''
  if (!whole) return [sign, group(floatDigits(Math.abs(asDouble(value)), format), format.grouping)]
  const [base, prefix] = BASES[format.type] ?? [10, '']
  const amount = isFloat(value) ? 0n : asBigInt(value)
  const digits = (amount < 0n ? -amount : amount).toString(base).padStart(format.precision ?? 0, '0')
  const cased = format.type === 'X' ? digits.toUpperCase() : digits
  return [sign + (format.alternate === true ? prefix : ''), group(cased, format.grouping)]
}

function floatDigits(value: number, format: NumberFormat): string {
  const { type, precision } = format
  if (!Number.isFinite(value))
    return type === type.toUpperCase() ? floatText(value).toUpperCase() : floatText(value)
  if (type === 'f' || type === 'F') return fixed(value, precision ?? 6)
  if (type === '%') return `${fixed(value * 100, precision ?? 6)}%`
  const text = type.toLowerCase() === 'e' ? exponent(value, precision ?? 6) : general(value, format)
  return type === type.toUpperCase() ? text.toUpperCase() : text
}

function exponent(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
}

// %g: so many significant digits, no trailing zeros, an exponent for very large and small numbers.
function general(value: number, format: NumberFormat): string {
  const digits = format.precision === 0 ? 1 : (format.precision ?? 6)
  const power = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1])
  const plain = power >= -4 && power < digits
  const text = plain ? fixed(value, Math.max(0, digits - 1 - power)) : exponent(value, digits - 1)
  if (format.alternate === true || !text.includes('.')) return text
  return text.replace(/\.?0+(?=e|$)/, '')
}

function group(digits: string, mark: string | undefined): string {
  if (mark === undefined || mark === '') return digits
  const [whole = '', ...rest] = digits.split(/(?=[.e%])/)
  return whole.replace(/\B(?=(\d{3})+$)/g, mark) + rest.join('')
}
