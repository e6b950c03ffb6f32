// The filters of Jinja2 that make or change numbers.

import type { Bound } from '../python/arguments.ts'
import { sign } from '../python/arithmetic.ts'
import {
  asDouble,
  Float,
  float,
  int,
  isFloat,
  isInt,
  isNumeric,
  parseFloatText,
  parseIntText,
  round,
} from '../python/numbers.ts'
import { TemplateFault, typeName, Undefined, type Value } from '../python/values.ts'
import { type FilterEntry, valueFilter } from './define.ts'

export const numberFilters: FilterEntry[] = [
  valueFilter('abs', [], (value) =>
    isNumeric(value) && asDouble(value) < 0 ? sign('-', value) : sign('+', value),
  ),
  valueFilter('float', ['default'], (value, args) => toFloat(value, args)),
  valueFilter('int', ['default', 'base'], (value, args) => toInt(value, args)),
  valueFilter('round', ['precision', 'method'], (value, args) => roundValue(value, args)),
]

function toFloat(value: Value, args: Bound): Value {
  if (value instanceof Undefined) value.fail()
  const number = isNumeric(value)
    ? asDouble(value)
    : typeof value === 'string'
      ? parseFloatText(value)
      : undefined
  return number === undefined ? (args.value('default') ?? new Float(0)) : float(number)
}

function toInt(value: Value, args: Bound): Value {
  if (value instanceof Undefined) value.fail()
  const fallback = args.value('default') === null ? null : (args.value('default') ?? 0)
  if (isNumeric(value)) return isInt(value) ? Number(value) : truncate(asDouble(value), fallback)
  if (typeof value !== 'string') return fallback
  const whole = parseIntText(value, args.int('base', 10))
  if (whole !== undefined) return whole
  const number = parseFloatText(value)
  return number === undefined ? fallback : truncate(number, fallback)
}

function truncate(value: number, fallback: Value): Value {
  return Number.isFinite(value) ? int(BigInt(Math.trunc(value))) : fallback
}

function roundValue(value: Value, args: Bound): Value {
  const precision = args.int('precision', 0)
  const method = args.text('method', 'common')
  if (!['common', 'ceil', 'floor'].includes(method)) {
    throw new TemplateFault(`round takes common, ceil or floor: ${method}`)
  }
  if (!isNumeric(value)) {
    if (value instanceof Undefined) value.fail()
    throw new TemplateFault(`not a number to round: ${typeName(value)}`)
  }
  if (method === 'common')
    return isFloat(value) && precision === 0 ? round(value, 0) : round(value, precision)
  const scaled = asDouble(value) * 10 ** precision
  return float((method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / 10 ** precision)
}
