// The words and operators of a text in bash, with their places. It follows quoting, expansions, here-documents,
// arrays and comments; nothing is run. What bash knows only when it runs is `*` in a word: variables (but for those
// that the caller knows), command substitutions (whose own commands come behind the word), globs.
//
// Its limits: aliases, `eval`, code in strings, and `case` patterns, which look like commands.

import { backticked, braced, parenthesised } from './bash-brackets.ts'
import type { Word } from './source.ts'

/** A word, or an operator such as `&&`, `(` or the end of a line. */
export interface Token extends Word {
  kind: 'word' | 'operator'
  /** Whether any of it stands in quotes: then it is no keyword. */
  quoted: boolean
}

/** The tokens of a text. `lookUp` gives the text of a variable that has only one. */
export function bashTokens(
  text: string,
  lookUp: (variable: string) => string | undefined = () => undefined,
): Token[] {
  return new Tokens(text, lookUp).read()
}

/** The longest first. */
const OPERATORS = [...';;& <<< <<- &>> ;; ;& && || |& << >> >& <& &> >| <> ; & | ( ) < >'.split(' '), '\n']

class Tokens {
  readonly #text: string
  readonly #lookUp: (variable: string) => string | undefined
  #at = 0
  #line = 1
  #lineStart = 0
  #tokens: Token[] = []
  /** Ends of here-documents that begin behind this line. */
  #hereDocuments: { end: string; indented: boolean }[] = []

  constructor(text: string, lookUp: (variable: string) => string | undefined) {
    this.#text = text
    this.#lookUp = lookUp
  }

  read(): Token[] {
    while (this.#at < this.#text.length) this.#readOne()
    return this.#tokens
  }

  #readOne(): void {
    const rest = this.#text.slice(this.#at, this.#at + 3)
    const operator = /^[<>]\(/.test(rest) ? undefined : OPERATORS.find((known) => rest.startsWith(known))
    if (/^[ \t\r]/.test(rest)) this.#skip(1)
    else if (rest.startsWith('\\\n')) this.#skip(2)
    else if (rest.startsWith('#')) this.#skip(this.#toLineEnd())
    else if (rest.startsWith('((') && this.#isCommandStart()) this.#skip(parenthesised(this.#text, this.#at))
    else if (operator !== undefined) this.#operator(operator)
    else this.#word()
  }

  #operator(text: string): void {
    this.#tokens.push({ kind: 'operator', text, literal: true, quoted: false, ...this.#place() })
    this.#skip(text.length)
    if (text === '<<' || text === '<<-') this.#noteHereDocument(text === '<<-')
    if (text === '\n') this.#skipHereDocuments()
  }

  #noteHereDocument(indented: boolean): void {
    const found = /^[ \t]*(['"]?)([^\s'";|&<>()]+)\1/.exec(this.#text.slice(this.#at, this.#at + 200))
    if (found?.[2] !== undefined) this.#hereDocuments.push({ end: found[2].replaceAll('\\', ''), indented })
  }

  #skipHereDocuments(): void {
    for (const { end, indented } of this.#hereDocuments.splice(0)) {
      while (this.#at < this.#text.length) {
        const line = this.#text.slice(this.#at, this.#at + this.#toLineEnd())
        this.#skip(line.length + 1)
        if ((indented ? line.replace(/^\t+/, '') : line) === end) break
      }
    }
  }

  /** A word goes on until a space or operator outside of quotes. */
  #word(): void {
    const place = this.#place()
    const inner: Token[] = []
    let text = ''
    let quoted = false
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined || /[\s;&|)]/.test(char)) break
      const isSubstitution = /^[<>]\(/.test(this.#text.slice(this.#at, this.#at + 2))
      if (/[<>]/.test(char) && !isSubstitution) break
      // `a=(…)`, and patterns such as `?(…)`; `name(` begins a function.
      if (char === '(' && !isSubstitution && !/[=+?*@!]$/.test(text)) break
      const part = this.#part(char, inner)
      text += part.text
      quoted ||= part.quoted
    }
    this.#tokens.push({ kind: 'word', text, literal: !text.includes('*'), quoted, ...place })
    this.#tokens.push(...inner)
  }

  /** The next piece of a word. Commands of substitutions go to `inner`. */
  #part(char: string, inner: Token[]): { text: string; quoted: boolean } {
    const two = this.#text.slice(this.#at, this.#at + 2)
    if (two === "$'") return { text: this.#quoted("'", 2), quoted: true }
    if (two === '$"') this.#skip(1)
    if (char === "'") return { text: this.#singleQuoted(), quoted: true }
    if (char === '"' || two === '$"') return { text: this.#doubleQuoted(inner), quoted: true }
    if (char === '\\') {
      const text = this.#text[this.#at + 1] ?? ''
      this.#skip(2)
      return { text: text === '\n' ? '' : text, quoted: true }
    }
    if (char === '$' || char === '`') return { text: this.#expansion(inner), quoted: false }
    if (char === '(' || /^[<>]\(/.test(two)) {
      this.#skip(parenthesised(this.#text, this.#at) || 1)
      return { text: '*', quoted: false }
    }
    this.#skip(1)
    return { text: /[?*]/.test(char) ? '*' : char, quoted: false }
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1)
    const text = this.#text.slice(this.#at + 1, end === -1 ? undefined : end)
    this.#skip(text.length + 2)
    return text
  }

  /** `$'…'`, in which a backslash quotes. */
  #quoted(end: string, skipped: number): string {
    this.#skip(skipped)
    const start = this.#at
    while (this.#at < this.#text.length && this.#text[this.#at] !== end)
      this.#skip(this.#text[this.#at] === '\\' ? 2 : 1)
    const text = this.#text.slice(start, this.#at)
    this.#skip(1)
    return text
  }

  #doubleQuoted(inner: Token[]): string {
    this.#skip(1)
    let text = ''
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined || char === '"') break
      if (char === '$' || char === '`') {
        text += this.#expansion(inner)
        continue
      }
      const next = this.#text[this.#at + 1] ?? ''
      const isEscape = char === '\\' && /[$`"\\\n]/.test(next)
      text += isEscape ? next.trim() : char
      this.#skip(isEscape ? 2 : 1)
    }
    this.#skip(1)
    return text
  }

  #expansion(inner: Token[]): string {
    const rest = this.#text.slice(this.#at, this.#at + 200)
    const variable = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(rest)
    if (variable !== null) {
      this.#skip(variable[0].length)
      return this.#lookUp(variable[1] ?? variable[2] ?? '') ?? '*'
    }
    if (rest.startsWith('$((')) this.#skip(1 + parenthesised(this.#text, this.#at + 1))
    else if (rest.startsWith('$(')) this.#substitution(2, 1 + parenthesised(this.#text, this.#at + 1), inner)
    else if (rest.startsWith('`')) this.#substitution(1, backticked(this.#text, this.#at), inner)
    else if (rest.startsWith('${')) this.#skip(braced(this.#text, this.#at + 1) + 1)
    else if (/^\$[0-9@*#?$!-]/.test(rest)) this.#skip(2)
    else {
      this.#skip(1)
      return rest.slice(0, 1)
    }
    return '*'
  }

  /** The commands inside of a substitution count as commands of their own. */
  #substitution(begin: number, length: number, inner: Token[]): void {
    const { line, column } = this.#place()
    const text = this.#text.slice(this.#at + begin, this.#at + length - 1)
    const found = new Tokens(text, this.#lookUp).read().map((token) => ({
      ...token,
      line: token.line + line - 1,
      column: token.line === 1 ? token.column + column - 1 + begin : token.column,
    }))
    const mark = { kind: 'operator', literal: true, quoted: false, line, column } as const
    inner.push({ ...mark, text: '$(' }, ...found, { ...mark, text: ')' })
    this.#skip(length)
  }

  /** Whether a command may begin here, so that `((` is arithmetic. */
  #isCommandStart(): boolean {
    const last = this.#tokens.at(-1)
    return (
      last === undefined ||
      last.kind === 'operator' ||
      /^(if|then|else|elif|do|while|until|!|\{|for)$/.test(last.text)
    )
  }

  #toLineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at)
    return (end === -1 ? this.#text.length : end) - this.#at
  }

  #place() {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 }
  }

  #skip(length: number): void {
    const end = Math.min(this.#at + length, this.#text.length)
    for (
      let at = this.#text.indexOf('\n', this.#at);
      at !== -1 && at < end;
      at = this.#text.indexOf('\n', at + 1)
    ) {
      this.#line += 1
      this.#lineStart = at + 1
    }
    this.#at = end
  }
}
