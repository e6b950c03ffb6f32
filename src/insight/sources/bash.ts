// The commands in a file in bash and the functions they stand in, from its words (bash-tokens.ts). A variable that
// the file assigns once, to a literal text, stands for that.

import { bashTokens, type Token } from './bash-tokens.ts'
import type { Call, SourceFile, SourceFunction, SourceText, Word } from './source.ts'

/** Read a file's text. */
export function readBash(file: SourceFile, text: string): SourceText {
  const constants = constantsOf(bashTokens(text))
  const tokens = bashTokens(text, (name) => constants.get(name) ?? (CHARM_DIR.test(name) ? '.' : undefined))
  return { ...file, ...new Commands(tokens).read() }
}

/** Variables for the charm dir, in which every file of a charm runs. */
const CHARM_DIR = /^(JUJU_)?CHARM_DIR$/

const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?=)(.*)$/s

/** Variables with one literal value. */
function constantsOf(tokens: readonly Token[]): Map<string, string> {
  const constants = new Map<string, string>()
  const unclear = new Set<string>()
  for (const [index, { kind, text, literal }] of tokens.entries()) {
    const [, name, sign, value = ''] = (kind === 'word' && ASSIGNMENT.exec(text)) || []
    if (name === undefined) {
      // `for x in …`, `read x`, `local x`: values that the words do not say.
      if (kind === 'word' && isUnclear(tokens, index)) unclear.add(text)
      continue
    }
    if (!literal || sign === '+=' || constants.has(name)) unclear.add(name)
    constants.set(name, value)
  }
  for (const name of unclear) constants.delete(name)
  return constants
}

function isUnclear(tokens: readonly Token[], index: number): boolean {
  for (let at = index - 1; at >= 0 && tokens[at]?.kind === 'word'; at--)
    if (/^(for|read|mapfile|readarray|select|unset)$/.test(tokens[at]?.text ?? '')) return true
  return false
}

/** Words behind which a command begins. */
const KEYWORDS = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'while',
  'until',
  'esac',
  '!',
  '{',
  '}',
  'time',
])
/** Keywords that ask the answer of the command behind them. */
const ASKING = new Set(['if', 'elif', 'while', 'until', '!'])
/** Keywords with words of their own behind them. */
const HEADS = new Set(['for', 'select', 'case'])
const REDIRECTIONS = new Set(['<', '>', '>>', '<<', '<<-', '<<<', '>&', '<&', '&>', '&>>', '>|', '<>'])
/** Commands that run the command in their words. */
const PREFIXES = new Set(['charms.reactive', 'builtin', 'command', 'exec', 'sudo', 'env'])

class Commands {
  readonly #tokens: readonly Token[]
  readonly #functions: SourceFunction[] = []
  readonly #calls: Call[] = []
  /** What has been opened and how it is closed, with the function that it is the body of, if it is one. */
  readonly #open: { closer: string; body: SourceFunction | undefined }[] = []
  #pending: SourceFunction | undefined
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  read(): Pick<SourceText, 'functions' | 'calls'> {
    while (this.#at < this.#tokens.length) this.#next()
    return { functions: this.#functions, calls: this.#calls }
  }

  #next(): void {
    const token = this.#tokens[this.#at] as Token
    const isPlain = token.kind === 'word' && !token.quoted
    if (token.kind === 'operator') this.#bracket(token)
    else if (this.#isFunction(token)) return
    else if (isPlain && token.text === '[[') this.#test()
    else if (isPlain && KEYWORDS.has(token.text)) this.#bracket(token)
    else if (isPlain && HEADS.has(token.text)) this.#head()
    else this.#command()
  }

  #bracket({ text, line }: Token): void {
    if (text === '{' || text === '(' || text === '$(') {
      this.#open.push({ closer: text === '{' ? '}' : ')', body: this.#pending })
      this.#pending = undefined
    } else if (text === this.#open.at(-1)?.closer) {
      // The parenthesis behind a pattern of `case` closes nothing.
      const body = this.#open.pop()?.body
      if (body !== undefined) body.end = line
    }
    this.#at += 1
  }

  /** `function NAME`, `NAME ()`. */
  #isFunction({ text, line, column, quoted }: Token): boolean {
    const [next, afterNext] = [this.#tokens[this.#at + 1], this.#tokens[this.#at + 2]]
    const hasWord = text === 'function' && !quoted && next?.kind === 'word'
    const hasParentheses = next?.text === '(' && next.kind === 'operator' && afterNext?.text === ')'
    if (!hasWord && !hasParentheses) return false
    const name = hasWord ? next.text : text
    this.#pending = { name, line, column, end: line }
    this.#functions.push(this.#pending)
    this.#at += hasWord ? 2 : 3
    if (hasWord && this.#tokens[this.#at]?.text === '(' && this.#tokens[this.#at + 1]?.text === ')')
      this.#at += 2
    while (this.#tokens[this.#at]?.text === '\n') this.#at += 1
    return true
  }

  /** The words of `[[ … ]]` are no commands; substitutions in them are. */
  #test(): void {
    const end = this.#tokens.findIndex(
      ({ text, quoted }, index) => index > this.#at && text === ']]' && !quoted,
    )
    const inner = this.#tokens.slice(this.#at + 1, end === -1 ? undefined : end)
    this.#at = end === -1 ? this.#tokens.length : end + 1
    this.#substitutionsIn(substitutionsOf(inner))
  }

  /** Up to `in`: a variable, or the word of a `case`. Patterns of a `case` look like commands. */
  #head(): void {
    const line = this.#at
    while (this.#at < this.#tokens.length) {
      const { kind, text } = this.#tokens[this.#at] as Token
      if (this.#at > line && kind === 'operator' && (text === '\n' || text === ';')) return
      this.#at += 1
    }
  }

  #command(): void {
    const start = this.#at
    const words: Token[] = []
    const inner: Token[] = []
    let depth = 0
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at] as Token
      if (token.kind === 'operator') {
        if (token.text === '$(') depth += 1
        if (depth > 0) {
          inner.push(token)
          if (token.text === ')' || token.text === '(') depth += token.text === ')' ? -1 : 1
          continue
        }
        if (!REDIRECTIONS.has(token.text)) break
        // A descriptor before, a file behind.
        if (/^\d+$/.test(words.at(-1)?.text ?? '')) words.pop()
        this.#at += 1
        continue
      }
      if (depth > 0) inner.push(token)
      else words.push(token)
    }
    this.#take(words, start)
    this.#substitutionsIn(inner)
  }

  #take(words: Token[], start: number): void {
    let rest = words
    while (
      rest[0] !== undefined &&
      (ASSIGNMENT.test(rest[0].text) || (PREFIXES.has(rest[0].text) && rest.length > 1))
    )
      rest = rest.slice(1)
    const [first, ...others] = rest
    if (first === undefined) return
    const { plain, options } = splitOptions(others)
    const before = this.#tokens[start - 1]
    const after = this.#tokens[this.#at]
    const isAsked = ASKING.has(before?.text ?? '') || after?.text === '&&' || after?.text === '||'
    this.#calls.push({
      name: first.text,
      words: plain,
      options,
      inside: this.#inside(),
      ...(isAsked && { asked: true }),
      line: first.line,
      column: first.column,
    })
  }

  #inside(): string | undefined {
    return this.#open.findLast(({ body }) => body !== undefined)?.body?.name
  }

  #substitutionsIn(tokens: readonly Token[]): void {
    if (tokens.length === 0) return
    const inside = this.#inside()
    const { calls } = new Commands(tokens).read()
    this.#calls.push(...calls.map((call) => ({ ...call, inside: call.inside ?? inside })))
  }
}

/** The tokens of substitutions alone. */
function substitutionsOf(tokens: readonly Token[]): Token[] {
  let depth = 0
  return tokens.filter(({ kind, text }) => {
    if (kind === 'operator' && (text === '$(' || (depth > 0 && text === '('))) depth += 1
    const isInside = depth > 0
    if (isInside && kind === 'operator' && text === ')') depth -= 1
    return isInside
  })
}

/** Options with a value behind them or in them; a flag has the word behind it as well, which is no harm. */
function splitOptions(words: readonly Token[]): { plain: Word[]; options: Record<string, Word[]> } {
  const options: Record<string, Word[]> = {}
  const plain: Word[] = []
  for (let index = 0; index < words.length; index++) {
    const word = toWord(words[index] as Token)
    const [, name, , value] = /^--?([\w-]+)(=(.*))?$/s.exec(word.text) ?? []
    if (name === undefined) {
      plain.push(word)
      continue
    }
    const next = words[index + 1]
    const given =
      value === undefined ? (next === undefined ? undefined : toWord(next)) : { ...word, text: value }
    const key = name.replaceAll('-', '_')
    options[key] = [...(options[key] ?? []), ...(given === undefined ? [] : [given])]
    if (value === undefined && word.text.startsWith('--') && next !== undefined) index += 1
  }
  return { plain, options }
}

function toWord({ text, literal, line, column }: Token): Word {
  return { text, literal, line, column }
}
