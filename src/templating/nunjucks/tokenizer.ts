// Splits a template into tokens with Jinja2's rules (delimiters, white space control, raw blocks,
// comments, literals) and hands them to nunjucks' parser as tokens of its own kind. Nunjucks' tokenizer
// differs too much: `#}` in text, `}}` in a dict of dicts, `{{-`, escapes in strings, `r/x/`.

import { Float, int } from '../python/numbers.ts'
import { stripEnd } from '../python/text.ts'
import { TemplateFault, type Value } from '../python/values.ts'
import type { Token, TokenSource } from './internals.ts'
import { pythonString } from './string-literal.ts'

type Mode = 'data' | 'block' | 'variable'

const OPENING = /\{%([-+]?)\s*raw\s*(?:-%\}\s*|%\})|\{%([-+]?)|\{\{([-+]?)|\{#([-+]?)/g
const RAW_END = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g
const COMMENT_END = /\+#\}|-#\}\s*|#\}/g
const ENDS = { block: /(?:\+%\}|-%\}\s*|%\})/y, variable: /(?:-\}\}\s*|\}\})/y }
const WHITE = /\s+/y
// In the order in which they are tried.
const TOKENS: [type: string, pattern: RegExp][] = [
  ['float', /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy],
  ['int', /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy],
  ['symbol', /[\p{ID_Start}_][\p{ID_Continue}]*/uy],
  ['string', /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y],
  ['operator', /\*\*|\/\/|==|!=|>=|<=|[-+*/%~[\](){}<>=.:|,]/y],
]
const PAIRS: Record<string, string> = { '(': ')', '[': ']', '{': '}' }
const TYPES: Record<string, string> = {
  '(': 'left-paren',
  ')': 'right-paren',
  '[': 'left-bracket',
  ']': 'right-bracket',
  '{': 'left-curly',
  '}': 'right-curly',
  ',': 'comma',
  ':': 'colon',
  '~': 'tilde',
  '|': 'pipe',
}

/** A fault of the source at a line, counted from 0. */
export class SourceFault extends TemplateFault {
  readonly lineno: number

  constructor(message: string, lineno: number) {
    super(message)
    this.lineno = lineno
  }
}

export class Tokenizer implements TokenSource {
  readonly source: string
  readonly tags = { VARIABLE_START: '{{', COMMENT_START: '{#', VARIABLE_END: '}}', COMMENT_END: '#}' }
  readonly open: string[] = []
  readonly queue: Token[] = []
  position = 0
  lineno = 0
  mode: Mode = 'data'

  constructor(source: string) {
    // Jinja2 reads every kind of line end as \n and drops one at the end of the template.
    this.source = source.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  }

  nextToken(): Token | null {
    while (this.queue.length === 0) {
      if (this.position >= this.source.length) {
        if (this.mode !== 'data') throw new SourceFault('unexpected end of template', this.lineno)
        return null
      }
      if (this.mode === 'data') this.readData()
      else this.readCode(this.mode)
    }
    return this.queue.shift() ?? null
  }

  // Up to the next delimiter; a raw block becomes data and a comment nothing.
  readData(): void {
    OPENING.lastIndex = this.position
    const tag = OPENING.exec(this.source)
    if (tag === null) {
      this.data(this.source.slice(this.position), '')
      return
    }
    const [whole, raw, block, variable, comment] = tag
    this.data(this.source.slice(this.position, tag.index), raw ?? block ?? variable ?? comment ?? '')
    this.advance(whole)
    if (raw !== undefined) this.readRaw()
    else if (comment !== undefined) this.skipComment()
    else this.enter(block === undefined ? 'variable' : 'block')
  }

  data(text: string, sign: string): void {
    const kept = sign === '-' ? stripEnd(text) : text
    if (kept !== '') this.push('data', kept)
    this.advance(text)
  }

  enter(mode: 'block' | 'variable'): void {
    this.push(`${mode}-start`, mode === 'block' ? '{%' : '{{')
    this.mode = mode
  }

  readRaw(): void {
    RAW_END.lastIndex = this.position
    const end = RAW_END.exec(this.source)
    if (end === null) throw new SourceFault('missing end of raw block', this.lineno)
    this.data(this.source.slice(this.position, end.index), end[1] ?? '')
    this.advance(end[0])
  }

  skipComment(): void {
    COMMENT_END.lastIndex = this.position
    const end = COMMENT_END.exec(this.source)
    if (end === null) throw new SourceFault('missing end of comment', this.lineno)
    this.advance(this.source.slice(this.position, end.index + end[0].length))
  }

  readCode(mode: 'block' | 'variable'): void {
    const end = this.open.length === 0 ? this.match(ENDS[mode]) : undefined
    if (end !== undefined) {
      this.push(`${mode}-end`, mode === 'block' ? '%}' : '}}')
      this.mode = 'data'
      this.advance(end)
      return
    }
    const white = this.match(WHITE)
    if (white !== undefined) this.advance(white)
    else this.readToken()
  }

  readToken(): void {
    const [type, text] = this.findToken()
    if (type === 'operator') this.balance(text)
    this.push(type === 'operator' ? (TYPES[text] ?? type) : type, text, this.literal(type, text))
    this.advance(text)
  }

  findToken(): [type: string, text: string] {
    for (const [type, pattern] of TOKENS) {
      const text = this.match(pattern)
      if (text !== undefined) return [type, text]
    }
    throw new SourceFault(`unexpected character: ${this.source.charAt(this.position)}`, this.lineno)
  }

  literal(type: string, text: string): Value | undefined {
    if (type === 'float') return floatLiteral(text)
    if (type === 'int') return int(BigInt(text.replace(/_/g, '')))
    return type === 'string' ? this.unescape(text) : undefined
  }

  unescape(literal: string): string {
    const text = pythonString(literal.slice(1, -1))
    if (text === undefined) throw new SourceFault(`invalid escape in a string: ${literal}`, this.lineno)
    return text
  }

  balance(operator: string): void {
    const closing = PAIRS[operator]
    if (closing !== undefined) this.open.push(closing)
    else if (operator === ')' || operator === ']' || operator === '}') {
      if (this.open.pop() !== operator) throw new SourceFault(`unexpected bracket: ${operator}`, this.lineno)
    }
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    return pattern.exec(this.source)?.[0]
  }

  push(type: string, value: string, literal?: Value): void {
    this.queue.push({ type, value, literal, lineno: this.lineno, colno: 0 })
  }

  advance(text: string): void {
    this.position += text.length
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.lineno++
  }
}

function floatLiteral(text: string): Value {
  const number = Number(text.replace(/_/g, ''))
  return Number.isInteger(number) ? new Float(number) : number
}
