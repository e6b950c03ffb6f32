// JSON as Python's `json.dumps(value, sort_keys=True)` writes it, so that the hashes of a unit that
// moves here from the Python original stay the same.

import { isLosslessNumber, parse } from 'lossless-json'
import { byCodePoint, toRecord } from './flags.ts'

/** The value of a command's argument: JSON if it parses (numbers keep their spelling), else the string. */
export function parseOrString(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return text
  }
}

/** The JSON text that Python would write, keys sorted, ASCII only. */
export function pythonJson(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return pythonNumber(Object.is(value, -0) ? '-0.0' : String(value))
  if (isLosslessNumber(value)) return pythonNumber(value.value)
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  const entries = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b))
  return `{${entries.map(([key, item]) => `${quote(key)}: ${pythonJson(item)}`).join(', ')}}`
}

/** The value with plain numbers, for everything but hashing. */
export function plain(value: unknown): unknown {
  if (isLosslessNumber(value)) return Number(value.value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return toRecord(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Python keeps integers of any size, and writes floats with the shortest digits and its own exponents. */
function pythonNumber(text: string): string {
  if (/^-?\d+$/.test(text)) return text === '-0' ? '0' : text
  const number = Number(text)
  if (Number.isNaN(number)) return 'NaN'
  if (!Number.isFinite(number)) return number > 0 ? 'Infinity' : '-Infinity'
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0'
  const [digits = '', exponent = ''] = number.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 16) return Number.isInteger(number) ? `${number}.0` : String(number)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
