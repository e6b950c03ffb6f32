// How values print: Python's str() and repr().

import { floatText, intText } from './numbers.ts'
import { Markup, Tuple, type Value } from './values.ts'

const SHORT: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Python's str(): text as it is, anything else as in the source code. */
export function str(value: Value): string {
  if (typeof value === 'string') return value
  if (isHost(value)) return value.text()
  return repr(value)
}

/** Python's repr(). */
export function repr(value: Value): string {
  if (value === null) return 'None'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return intText(value)
  if (typeof value === 'number') return Number.isInteger(value) ? intText(value) : floatText(value)
  if (value instanceof Tuple) return `(${value.map(repr).join(', ')}${value.length === 1 ? ',' : ''})`
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Map) return `{${Array.from(value, ([k, v]) => `${repr(k)}: ${repr(v)}`).join(', ')}}`
  return value instanceof Markup ? `Markup(${quote(value.escaped)})` : value.repr()
}

function isHost(
  value: Value,
): value is Exclude<Value, null | boolean | number | bigint | string | Value[] | Map<Value, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
}

/** The text in Python's quotes: single ones unless only double ones avoid an escape. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\\\p{C}\p{Zl}\p{Zp}\p{Zs}]/gu, (char) =>
    char === ' ' ? char : escapeChar(char),
  )
  return mark + (mark === "'" ? body.replace(/'/g, "\\'") : body) + mark
}

function escapeChar(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const short = SHORT[char]
  if (short !== undefined) return short
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}
