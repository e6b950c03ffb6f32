// The longer methods of Python's str: searching, splitting, joining.

import type { Bound } from './arguments.ts'
import { iterate } from './iterate.ts'
import { asIndex } from './numbers.ts'
import { str } from './repr.ts'
import { characters, pad, stripStart, textLength, WHITE_RUN } from './text.ts'
import { plain, TemplateFault, Tuple, tuple, typeName, Undefined, type Value } from './values.ts'

/** The argument, which must be text. */
export function textOf(args: Bound, param: string): string {
  const value = plain(args.need(param))
  if (value instanceof Undefined) value.fail()
  if (typeof value !== 'string') throw new TemplateFault(`${args.name} takes text, not: ${typeName(value)}`)
  return value
}

/** Replace the first `count` occurrences, all of them for a negative count. */
export function replace(text: string, old: string, fresh: string, count: number): string {
  const parts = old === '' ? ['', ...characters(text), ''] : text.split(old)
  const times = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1)
  return (
    parts.slice(0, times + 1).join(fresh) +
    parts
      .slice(times + 1)
      .map((part) => old + part)
      .join('')
  )
}

export function matches(wanted: Value, test: (text: string) => boolean): boolean {
  const choices = wanted instanceof Tuple ? Array.from(wanted) : [wanted]
  return choices.some((choice) => {
    const text = plain(choice)
    if (text instanceof Undefined) text.fail()
    if (typeof text !== 'string')
      throw new TemplateFault(`only text can be compared with text: ${typeName(text)}`)
    return test(text)
  })
}

export function count(text: string, part: string): number {
  return part === '' ? textLength(text) + 1 : text.split(part).length - 1
}

export function find(text: string, args: Bound, which: 'first' | 'last'): number {
  const all = characters(text)
  const start = position(args.orNone('start'), 0, all.length)
  const within = all.slice(start, position(args.orNone('end'), all.length, all.length)).join('')
  const part = textOf(args, 'sub')
  const at = which === 'first' ? within.indexOf(part) : within.lastIndexOf(part)
  return at === -1 ? -1 : start + textLength(within.slice(0, at))
}

function position(value: Value, otherwise: number, length: number): number {
  if (value === null) return otherwise
  const index = asIndex(value)
  return index < 0 ? Math.max(0, index + length) : Math.min(index, length)
}

export function found(at: number, args: Bound): number {
  if (at === -1) throw new TemplateFault(`text not found: ${textOf(args, 'sub')}`)
  return at
}

export function join(separator: string, items: Value): string {
  return Array.from(iterate(items), (item) => {
    if (item instanceof Undefined) item.fail()
    if (typeof plain(item) !== 'string') throw new TemplateFault(`only text can be joined: ${typeName(item)}`)
    return str(item)
  }).join(separator)
}

export function partition(text: string, separator: string, which: 'first' | 'last'): Tuple {
  if (separator === '') throw new TemplateFault('empty separator: partition')
  const at = which === 'first' ? text.indexOf(separator) : text.lastIndexOf(separator)
  if (at === -1) return which === 'first' ? tuple(text, '', '') : tuple('', '', text)
  return tuple(text.slice(0, at), separator, text.slice(at + separator.length))
}

export function removePrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

export function removeSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
}

export function splitLeft(text: string, args: Bound): Value[] {
  const separator = args.textOrNone('sep')
  const limit = args.int('maxsplit', -1)
  if (separator === undefined) return splitWords(text, limit)
  const parts = splitBy(text, separator)
  if (limit < 0 || parts.length <= limit + 1) return parts
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)]
}

export function splitRight(text: string, args: Bound): Value[] {
  const separator = args.textOrNone('sep')
  const limit = args.int('maxsplit', -1)
  if (separator === undefined) {
    const reversed = (words: string[]) => words.map((word) => characters(word).reverse().join('')).reverse()
    return reversed(splitWords(characters(text).reverse().join(''), limit))
  }
  const parts = splitBy(text, separator)
  const kept = parts.length - limit
  if (limit < 0 || kept <= 1) return parts
  return [parts.slice(0, kept).join(separator), ...parts.slice(kept)]
}

function splitBy(text: string, separator: string): string[] {
  if (separator === '') throw new TemplateFault('empty separator: split')
  return text.split(separator)
}

function splitWords(text: string, limit: number): string[] {
  const parts: string[] = []
  let rest = stripStart(text)
  while (rest !== '') {
    const gap = limit >= 0 && parts.length >= limit ? null : WHITE_RUN.exec(rest)
    if (gap === null) {
      parts.push(rest)
      break
    }
    parts.push(rest.slice(0, gap.index))
    rest = rest.slice(gap.index + gap[0].length)
  }
  return parts
}

export function expandTabs(text: string, size: number): string {
  let column = 0
  return characters(text)
    .map((char) => {
      if (char === '\t') {
        const width = size > 0 ? size - (column % size) : 0
        column += width
        return ' '.repeat(width)
      }
      column = char === '\n' || char === '\r' ? 0 : column + 1
      return char
    })
    .join('')
}

export function zeroFill(text: string, width: number): string {
  const sign = /^[+-]/.exec(text)?.[0] ?? ''
  return sign + pad(text.slice(sign.length), width - sign.length, 'right', '0')
}
