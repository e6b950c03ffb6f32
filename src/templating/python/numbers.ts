// Python's int and float. An integral number is an int and any other number a float; a float with an
// integral value (1.0) is a Float, and an int that a double cannot hold is a bigint.

import { Host, TemplateFault, typeName, type Value } from './values.ts'

export type Numeric = boolean | number | bigint | Float

/** A float whose value is integral, or one that the context marks: `new Float(1)` prints `1.0`. */
export class Float extends Host {
  readonly typeName = 'float'
  readonly value: number

  constructor(value: number) {
    super()
    this.value = value
  }

  override isTrue(): boolean {
    return this.value !== 0
  }

  override repr(): string {
    return floatText(this.value)
  }
}

export function isNumeric(value: Value): value is Numeric {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    value instanceof Float
  )
}

export function isFloat(value: Value): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))
}

export function isInt(value: Value): value is boolean | number | bigint {
  return isNumeric(value) && !isFloat(value)
}

/** Make a float of the number. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value
}

/** Make an int of the bigint. */
export function int(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The numeric value as a double. */
export function asDouble(value: Numeric): number {
  return value instanceof Float ? value.value : Number(value)
}

/** The int as a bigint. */
export function asBigInt(value: boolean | number | bigint): bigint {
  return BigInt(value)
}

/** Print a float as Python does: shortest digits, `1.0`, `1e+16`, `1e-05`, `inf`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, '0')
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** Print an int. */
export function intText(value: number | bigint): string {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? String(BigInt(value)) : String(value)
}

/** The value as an index or a count; anything but an int is a fault. */
export function asIndex(value: Value): number {
  if (!isInt(value)) throw new TemplateFault(`not an integer: ${typeName(value)}`)
  return Number(value)
}

/** Print a number with so many decimals, rounding halves to even as Python does. */
export function fixed(value: number, digits: number): string {
  const precise = Math.min(100, digits + 25)
  if (Math.abs(value) >= 1e21 || digits > 75) return value.toFixed(Math.min(100, digits))
  const expansion = value.toFixed(precise)
  const tail = expansion.slice(expansion.length - (precise - digits))
  if (!/^50*$/.test(tail)) return value.toFixed(digits)
  const kept = expansion.slice(0, expansion.length - tail.length).replace(/\.$/, '')
  const last = Number(kept.at(-1))
  return last % 2 === 0 ? kept : awayFromZero(kept)
}

function awayFromZero(digits: string): string {
  const point = digits.indexOf('.')
  const decimals = point === -1 ? 0 : digits.length - point - 1
  const negative = digits.startsWith('-')
  const next = (BigInt(digits.replace(/[-.]/g, '')) + 1n).toString().padStart(decimals + 1, '0')
  const whole = next.slice(0, next.length - decimals)
  return `${negative ? '-' : ''}${whole}${decimals === 0 ? '' : `.${next.slice(-decimals)}`}`
}

/** Round as Python's round(value, digits); an int stays an int. */
export function round(value: Numeric, digits: number): Value {
  if (isFloat(value)) {
    const double = asDouble(value)
    if (!Number.isFinite(double)) return float(double)
    if (digits >= 0) return float(Number(fixed(double, digits)))
    return float(Number(fixed(double / 10 ** -digits, 0)) * 10 ** -digits)
  }
  if (digits >= 0) return int(asBigInt(value))
  const unit = 10n ** BigInt(-digits)
  const whole = asBigInt(value)
  const rest = ((whole % unit) + unit) % unit
  const low = whole - rest
  const up = rest * 2n > unit || (rest * 2n === unit && (low / unit) % 2n !== 0n)
  return int(up ? low + unit : low)
}

/** Read a float as Python's float() does; undefined when it is none. */
export function parseFloatText(text: string): number | undefined {
  const clean = text.trim().replace(/(?<=\d)_(?=\d)/g, '')
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(clean)) return Number(clean)
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(clean)
  if (special === null) return undefined
  const size = special[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY
  return special[1] === '-' ? -size : size
}

/** Read an int as Python's int(text, base) does; undefined when it is none. */
export function parseIntText(text: string, base: number): number | bigint | undefined {
  const match = /^([+-]?)(0[xob])?([0-9a-z]+(?:_[0-9a-z]+)*)$/i.exec(text.trim())
  if (match === null) return undefined
  const prefix = { '0x': 16, '0o': 8, '0b': 2 }[match[2]?.toLowerCase() ?? '']
  const radix = base === 0 ? (prefix ?? 10) : base
  const prefixed = prefix !== undefined && prefix === radix
  const digits = (prefixed ? '' : (match[2] ?? '')) + (match[3] ?? '').replace(/_/g, '')
  let total = 0n
  for (const digit of digits.toLowerCase()) {
    const worth = Number.parseInt(digit, 36)
    if (worth >= radix) return undefined
    total = total * BigInt(radix) + BigInt(worth)
  }
  return int(match[1] === '-' ? -total : total)
}
