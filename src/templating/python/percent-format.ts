// Python's `text % values`.

import { formatNumber } from './format-number.ts'
import { asBigInt, asDouble, int, isFloat, isInt } from './numbers.ts'
import { repr, str } from './repr.ts'
import { characters, pad } from './text.ts'
import { type Dict, plain, TemplateFault, Tuple, typeName, type Value } from './values.ts'

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?(.|$)/gsu

/** Fill the directives of the text with the values: a tuple, a dict or one value. */
export function formatPercent(text: string, values: Value): string {
  const source = new Source(values)
  const result = text.replace(DIRECTIVE, (_whole, key, flags, width, precision, type) => {
    if (type === '%') return '%'
    if (type === '') throw new TemplateFault(`incomplete format: ${text}`)
    const wide = width === '*' ? Number(source.next(undefined)) : Number(width ?? 0)
    const precise = precision === '*' ? Number(source.next(undefined)) : Number(precision)
    const value = source.next(key)
    return directive(value, {
      flags,
      width: wide,
      precision: precision === undefined ? undefined : precise,
      type,
    })
  })
  source.finish()
  return result
}

interface Directive {
  flags: string
  width: number
  precision: number | undefined
  type: string
}

function directive(value: Value, { flags, width, precision, type }: Directive): string {
  const side = flags.includes('-') ? 'left' : 'right'
  if ('sra'.includes(type)) {
    const text = type === 's' ? str(value) : repr(value)
    return pad(precision === undefined ? text : characters(text).slice(0, precision).join(''), width, side)
  }
  if (type === 'c')
    return pad(typeof value === 'string' ? value : String.fromCodePoint(Number(value)), width, side)
  if (!'diuxXoeEfFgG'.includes(type)) throw new TemplateFault(`unsupported format character: ${type}`)
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const number = 'diu'.includes(type) ? truncated(value) : value
  const [before, digits] = formatNumber(number, {
    type: 'diu'.includes(type) ? 'd' : type,
    precision,
    sign,
    alternate: flags.includes('#'),
  })
  if (!flags.includes('0') || side === 'left') return pad(before + digits, width, side)
  return before + pad(digits, width - before.length, 'right', '0')
}

function truncated(value: Value): Value {
  if (isFloat(value)) return int(BigInt(Math.trunc(asDouble(value))))
  return isInt(value) ? int(asBigInt(value)) : value
}

// Hands out the values in turn, or by name from a dict.
class Source {
  readonly queue: Value[]
  readonly map: Dict | undefined
  // Python lets a list or a dict be left over, because either can be indexed.
  readonly complete: boolean
  used = 0

  constructor(values: Value) {
    this.queue = values instanceof Tuple ? Array.from(values) : [plain(values)]
    this.map = values instanceof Map ? values : undefined
    this.complete = values instanceof Tuple || !(Array.isArray(values) || values instanceof Map)
  }

  next(key: string | undefined): Value {
    if (key !== undefined) return this.named(key)
    const value = this.queue[this.used++]
    if (value === undefined) throw new TemplateFault(`not enough values for the format: ${this.queue.length}`)
    return plain(value)
  }

  named(key: string): Value {
    if (this.map === undefined)
      throw new TemplateFault(`format needs a dict, not: ${typeName(this.queue[0] ?? null)}`)
    const value = this.map.get(key)
    if (value === undefined) throw new TemplateFault(`no such key for the format: ${key}`)
    return plain(value)
  }

  finish(): void {
    if (this.complete && this.used < this.queue.length) {
      throw new TemplateFault(`the format uses fewer values: ${this.queue.length - this.used}`)
    }
  }
}
