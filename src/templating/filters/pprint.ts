// Python's pprint.pformat of lists, tuples and dicts, with lines of up to 80 characters. Long text is
// kept in one piece, where Python breaks it into several literals.

import { order } from '../python/compare.ts'
import { repr } from '../python/repr.ts'
import { compareText, textLength } from '../python/text.ts'
import { type Dict, Tuple, typeName, type Value } from '../python/values.ts'

const WIDTH = 80

/** Print the value over as many lines as it needs. */
export function prettyPrint(value: Value): string {
  return pretty(sortKeys(value), 0, 0)
}

// Python sorts the keys by value where it can, and by type otherwise.
function sortKeys(value: Value): Value {
  if (value instanceof Tuple) return Tuple.from(value.map(sortKeys))
  if (Array.isArray(value)) return value.map(sortKeys)
  if (!(value instanceof Map)) return value
  const pairs = Array.from(value, ([key, item]): [Value, Value] => [key, sortKeys(item)])
  const ordered = pairs.sort(([a], [b]) =>
    typeName(a) === typeName(b) ? order(a, b) : compareText(typeName(a), typeName(b)),
  )
  return new Map(ordered)
}

function pretty(value: Value, indent: number, allowance: number): string {
  const flat = repr(value)
  if (textLength(flat) <= WIDTH - indent - allowance) return flat
  if (value instanceof Map && value.size > 0) return prettyDict(value, indent, allowance)
  if (!Array.isArray(value) || value.length === 0) return flat
  const [open, close] = value instanceof Tuple ? ['(', value.length === 1 ? ',)' : ')'] : ['[', ']']
  const items = value.map((item, index) =>
    pretty(item, indent + 1, index === value.length - 1 ? allowance + close.length : 1),
  )
  return open + items.join(separator(indent)) + close
}

function prettyDict(value: Dict, indent: number, allowance: number): string {
  const pairs = Array.from(value)
  const items = pairs.map(([key, item], index) => {
    const name = `${repr(key)}: `
    const room = index === pairs.length - 1 ? allowance + 1 : 1
    return name + pretty(item, indent + 1 + textLength(name), room)
  })
  return `{${items.join(separator(indent))}}`
}

function separator(indent: number): string {
  return `,\n${' '.repeat(indent + 1)}`
}
