// Python's `text.format(...)`: {}, {0}, {name}, {name.attribute}, {name[key]}, !r, and the format
// specification [[fill]align][sign][#][0][width][,][.precision][type].

import { formatNumber } from './format-number.ts'
import { isFloat, isNumeric } from './numbers.ts'
import { repr, str } from './repr.ts'
import { characters, pad } from './text.ts'
import { type Arguments, plain, TemplateFault, Undefined, type Value } from './values.ts'

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g
const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su

type Lookup = (value: Value, name: string, kind: 'attribute' | 'item') => Value

/** Fill the fields of the text with the arguments. */
export function formatBraces(text: string, given: Arguments, lookup: Lookup): string {
  let next = 0
  const resolve = (field: string): Value => {
    const [, first = '', rest = ''] = /^([^.[]*)(.*)$/s.exec(field) ?? []
    return path(start(first === '' ? String(next++) : first, given), rest, lookup)
  }
  const fill = (source: string): string =>
    source.replace(FIELD, (whole, field, conversion, spec) => {
      if (whole === '{{' || whole === '}}') return whole.charAt(0)
      if (field === undefined) throw new TemplateFault(`single brace in a format: ${text}`)
      const value = resolve(field)
      const shown = conversion === undefined ? value : conversion === 's' ? str(value) : repr(value)
      return formatValue(shown, spec === undefined ? '' : fill(spec))
    })
  return fill(text)
}

function start(name: string, given: Arguments): Value {
  const value = /^\d+$/.test(name) ? given.positional[Number(name)] : given.named.get(name)
  if (value === undefined) throw new TemplateFault(`no such argument for the format: ${name}`)
  return plain(value)
}

function path(value: Value, rest: string, lookup: Lookup): Value {
  let current = value
  for (const [, attribute, item] of rest.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    current =
      attribute === undefined ? lookup(current, item ?? '', 'item') : lookup(current, attribute, 'attribute')
    if (current instanceof Undefined) current.fail()
  }
  return current
}

/** Python's format(value, spec). */
function formatValue(value: Value, spec: string): string {
  if (spec === '') return str(value)
  const match = SPEC.exec(spec)
  if (match === null) throw new TemplateFault(`invalid format specification: ${spec}`)
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = match
  const padding = fill ?? (zero === undefined ? ' ' : '0')
  const wide = Number(width ?? 0)
  const precise = precision === undefined ? undefined : Number(precision)
  if (!isNumeric(value) || typeof value === 'boolean') {
    return place('', clipped(str(value), precise), align ?? '<', wide, padding)
  }
  const side = align ?? (zero === undefined ? '>' : '=')
  if (type === undefined && isFloat(value) && precise === undefined) {
    const text = str(value)
    const negative = text.startsWith('-')
    return place(negative ? '-' : signOf(sign), negative ? text.slice(1) : text, side, wide, padding)
  }
  const kind = type ?? (isFloat(value) ? 'g' : 'd')
  const format = { type: kind, precision: precise, sign, alternate: alternate !== undefined, grouping }
  return place(...formatNumber(value, format), side, wide, padding)
}

function signOf(sign: string | undefined): string {
  return sign === '+' || sign === ' ' ? sign : ''
}

function clipped(text: string, precision: number | undefined): string {
  return precision === undefined ? text : characters(text).slice(0, precision).join('')
}

function place(before: string, digits: string, align: string, width: number, fill: string): string {
  if (align === '=') return before + pad(digits, width - before.length, 'right', fill)
  if (align !== '^') return pad(before + digits, width, align === '<' ? 'left' : 'right', fill)
  // Unlike str.center, format puts the odd character on the right.
  const missing = Math.max(0, width - characters(before + digits).length)
  return fill.repeat(Math.floor(missing / 2)) + before + digits + fill.repeat(Math.ceil(missing / 2))
}
