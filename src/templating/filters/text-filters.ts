// The filters of Jinja2 that change text.

import { Bound } from '../python/arguments.ts'
import { escapeHtml, escapeText, stripTags } from '../python/html.ts'
import { asDouble, fixed, isNumeric, parseFloatText } from '../python/numbers.ts'
import { formatPercent } from '../python/percent-format.ts'
import { str } from '../python/repr.ts'
import { replace } from '../python/string-searching.ts'
import { capitalize, characters, pad, strip } from '../python/text.ts'
import {
  type Arguments,
  isTrue,
  Markup,
  TemplateFault,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from '../python/values.ts'
import { type FilterEntry, textFilter, valueFilter } from './define.ts'

export const textFilters: FilterEntry[] = [
  textFilter('capitalize', [], (text) => capitalize(text)),
  textFilter('center', ['width'], (text, args) => pad(text, args.int('width', 80), 'center')),
  ['default', (_engine, value, given) => otherwise(value, given)],
  ['d', (_engine, value, given) => otherwise(value, given)],
  ['e', (_engine, value) => escapeHtml(value)],
  ['escape', (_engine, value) => escapeHtml(value)],
  textFilter('forceescape', [], (text) => new Markup(escapeText(text))),
  ['format', (_engine, value, given) => format(str(value), given.positional, given.named)],
  valueFilter('filesizeformat', ['binary'], (value, args) => fileSize(value, args.flag('binary'))),
  textFilter('lower', [], (text) => text.toLowerCase()),
  textFilter('replace', ['old', 'new', 'count'], (text, args) =>
    replace(text, str(args.need('old')), str(args.need('new')), args.int('count', -1)),
  ),
  textFilter('safe', [], (text) => new Markup(text)),
  ['string', (_engine, value) => (value instanceof Markup ? value : str(value))],
  textFilter('striptags', [], (text) => new Markup(stripTags(text))),
  textFilter('title', [], (text) => title(text)),
  textFilter('trim', ['chars'], (text, args) => strip(text, args.textOrNone('chars'))),
  textFilter('upper', [], (text) => text.toUpperCase()),
  textFilter('wordcount', [], (text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
]

function otherwise(value: Value, given: Arguments): Value {
  const args = new Bound('default', ['default_value', 'boolean'], given)
  if (!(value instanceof Undefined) && (isTrue(value) || !args.flag('boolean'))) return value
  return args.has('default_value') ? args.orNone('default_value') : ''
}

function format(text: string, positional: Value[], named: Map<string, Value>): string {
  if (positional.length > 0 && named.size > 0) {
    throw new TemplateFault('a format takes positional or named values, not both: format')
  }
  return formatPercent(text, named.size > 0 ? new Map<Value, Value>(named) : Tuple.from(positional))
}

function title(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .filter((part) => part !== '')
    .map((part) => {
      const [start = '', ...rest] = characters(part)
      return start.toUpperCase() + rest.join('').toLowerCase()
    })
    .join('')
}

function fileSize(value: Value, binary: boolean): string {
  const bytes = isNumeric(value) ? asDouble(value) : parseFloatText(str(value))
  if (bytes === undefined) throw new TemplateFault(`not a size: ${typeName(value)}`)
  const base = binary ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  const units = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
  const found = units.findIndex((_unit, index) => bytes < base ** (index + 2))
  const index = found === -1 ? units.length - 1 : found
  const prefix = units[index] ?? ''
  return `${fixed((base * bytes) / base ** (index + 2), 1)} ${binary ? `${prefix.toUpperCase()}i` : prefix}B`
}
