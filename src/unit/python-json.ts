// JSON as Python's `json.dumps(value, sort_keys=True)` writes it, so that the hashes of a unit that
// moves here from the Python original stay the same.

import { byCodePoint, toRecord } from './records.ts'

/** A number as it is spelt: Python tells 1 from 1.0, and has integers of any size. */
class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The value of a command's argument: JSON if it parses (numbers keep their spelling), else the string. */
export function parseOrString(text: string): unknown {
  if (jsonOrText(text) === text) return text
  // Numbers pass as strings; a first letter tells them from the others. No name is special with it.
  const marked = text.replace(/"([^"\\]*(?:\\.[^"\\]*)*)"|-?\d[\d.eE+-]*/g, (token, string?: string) =>
    string === undefined ? `"n${token}"` : `"s${string}"`,
  )
  return unmark(JSON.parse(marked))
}

function unmark(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith('n') ? new NumberText(value.slice(1)) : value.slice(1)
  if (Array.isArray(value)) return value.map(unmark)
  if (typeof value !== 'object' || value === null) return value
  return toRecord(Object.entries(value).map(([key, item]) => [key.slice(1), unmark(item)]))
}

/** The JSON text that Python would write, keys sorted, ASCII only. */
export function pythonJson(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return pythonNumber(Object.is(value, -0) ? '-0.0' : String(value))
  if (value instanceof NumberText) return pythonNumber(value.text)
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  const entries = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b))
  return `{${entries.map(([key, item]) => `${quote(key)}: ${pythonJson(item)}`).join(', ')}}`
}

/** A value as `kv set` takes it: JSON if it parses, else the text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The value with plain numbers, for everything but hashing. */
export function plain(value: unknown): unknown {
  if (value instanceof NumberText) return Number(value.text)
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
