// The filters of Jinja2 that write data for other formats: tojson, pprint, urlencode, xmlattr.

import { order } from '../python/compare.ts'
import { itemsOf } from '../python/container-methods.ts'
import { escapeHtml } from '../python/html.ts'
import { iterate, unpack } from '../python/iterate.ts'
import { asDouble, floatText, intText, isFloat, isInt } from '../python/numbers.ts'
import { repr, str } from '../python/repr.ts'
import { Markup, plain, TemplateFault, typeName, Undefined, type Value } from '../python/values.ts'
import { type FilterEntry, valueFilter } from './define.ts'
import { prettyPrint } from './pprint.ts'

export const dataFilters: FilterEntry[] = [
  valueFilter('pprint', [], (value) => prettyPrint(value)),
  valueFilter('tojson', ['indent'], (value, args) => {
    const step = args.orNone('indent')
    const gap =
      step === null ? undefined : typeof step === 'string' ? step : ' '.repeat(args.int('indent', 0))
    return new Markup(toJson(value, gap, '').replace(/[<>&']/g, (char) => escapeUnit(char)))
  }),
  valueFilter('urlencode', [], (value) => urlEncode(value)),
  valueFilter('xmlattr', ['autospace'], (value, args) => {
    const text = xmlAttributes(value)
    return text !== '' && args.value('autospace') !== false ? ` ${text}` : text
  }),
]

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

// As json.dumps(value, sort_keys=True) writes it.
function toJson(given: Value, gap: string | undefined, margin: string): string {
  const value = plain(given)
  if (value instanceof Undefined) value.fail()
  if (value === null) return 'null'
  if (typeof value === 'string') return jsonText(value)
  if (typeof value === 'boolean') return String(value)
  if (isFloat(value)) return jsonFloat(asDouble(value))
  if (typeof value === 'number' || typeof value === 'bigint') return intText(value)
  const inner = gap === undefined ? '' : margin + gap
  if (Array.isArray(value)) {
    return enclose(
      '[',
      ']',
      value.map((item) => toJson(item, gap, inner)),
      gap === undefined ? undefined : margin,
      inner,
    )
  }
  if (!(value instanceof Map)) throw new TemplateFault(`cannot be written as JSON: ${typeName(value)}`)
  const pairs = Array.from(value).sort(([a], [b]) => order(a, b))
  const members = pairs.map(([key, item]) => `${jsonText(jsonKey(key))}: ${toJson(item, gap, inner)}`)
  return enclose('{', '}', members, gap === undefined ? undefined : margin, inner)
}

function enclose(
  open: string,
  close: string,
  parts: string[],
  margin: string | undefined,
  inner: string,
): string {
  if (parts.length === 0 || margin === undefined) return open + parts.join(', ') + close
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escapeUnit)
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'
}

function jsonKey(key: Value): string {
  if (key === null) return 'null'
  return typeof key === 'boolean' ? String(key) : str(key)
}

function urlEncode(value: Value): string {
  if (typeof value === 'string' || isFloat(value) || isInt(value) || value === null)
    return quote(str(value), '/')
  const pairs = value instanceof Map ? itemsOf(value) : iterate(value)
  return Array.from(pairs, (pair) =>
    unpack(pair, 2)
      .map((part) => quote(str(part), '').replace(/%20/g, '+'))
      .join('='),
  ).join('&')
}

function quote(text: string, safe: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return safe === '/' ? encoded.replace(/%2F/g, '/') : encoded
}

function xmlAttributes(value: Value): string {
  if (!(value instanceof Map)) throw new TemplateFault(`not a dict of attributes: ${typeName(value)}`)
  const given = Array.from(value).filter(([, item]) => item !== null && !(item instanceof Undefined))
  return given
    .map(([key, item]) => {
      if (/[\s/>=]/.test(str(key))) throw new TemplateFault(`invalid attribute name: ${repr(key)}`)
      return `${escapeHtml(key).escaped}="${escapeHtml(item).escaped}"`
    })
    .join(' ')
}
