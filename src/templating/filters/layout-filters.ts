// The filters of Jinja2 that lay text out in lines: indent, truncate, wordwrap.

import type { Bound } from '../python/arguments.ts'
import { sizeOf } from '../python/iterate.ts'
import { characters, splitLines, textLength } from '../python/text.ts'
import { isTrue, TemplateFault, typeName, Undefined, type Value } from '../python/values.ts'
import { type FilterEntry, valueFilter } from './define.ts'
import { wrapText } from './wordwrap.ts'

export const layoutFilters: FilterEntry[] = [
  valueFilter('indent', ['width', 'first', 'blank'], (value, args) => {
    const width = args.value('width')
    const indention = typeof width === 'string' ? width : ' '.repeat(Math.max(0, args.int('width', 4)))
    return indent(textOnly(value, args), indention, args.flag('first'), args.flag('blank'))
  }),
  valueFilter('truncate', ['length', 'killwords', 'end', 'leeway'], truncate),
  valueFilter('wordwrap', ['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'], wrap),
]

// Unlike the other filters of text, these do not turn another value into text first.
function textOnly(value: Value, args: Bound): string {
  if (value instanceof Undefined) value.fail()
  if (typeof value !== 'string') throw new TemplateFault(`${args.name} takes text, not: ${typeName(value)}`)
  return value
}

function indent(text: string, indention: string, first: boolean, blank: boolean): string {
  // Jinja2 adds a line end first, so that the empty text is one empty line and a last line end stays.
  const lines = splitLines(`${text}\n`)
  const indented = lines.map((line, index) => (index > 0 && (blank || line !== '') ? indention + line : line))
  return (first ? indention : '') + indented.join('\n')
}

function truncate(value: Value, args: Bound): Value {
  const length = args.int('length', 255)
  const end = args.text('end', '...')
  if (length < textLength(end)) {
    throw new TemplateFault(`truncate takes a length of at least ${textLength(end)}: ${length}`)
  }
  if (sizeOf(value) <= length + args.int('leeway', 5)) return value
  const cut = characters(textOnly(value, args))
    .slice(0, length - textLength(end))
    .join('')
  const space = cut.lastIndexOf(' ')
  return (args.flag('killwords') || space === -1 ? cut : cut.slice(0, space)) + end
}

function wrap(value: Value, args: Bound): string {
  const mark = args.textOrNone('wrapstring') ?? '\n'
  const options = {
    width: args.int('width', 79),
    breakLongWords: isTrue(args.value('break_long_words') ?? true),
    breakOnHyphens: isTrue(args.value('break_on_hyphens') ?? true),
  }
  return splitLines(textOnly(value, args))
    .map((line) => wrapText(line, options).join(mark))
    .join(mark)
}
