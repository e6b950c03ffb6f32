// The grammar of statements: Jinja2's tags, on top of nunjucks' parser, which contributes `if`,
// `extends`, the search for end tags and the handling of tokens.

import { parseParameters } from './argument-parser.ts'
import { ExpressionParser } from './expression-parser.ts'
import type { Node, Token, TokenSource } from './internals.ts'
import {
  Assign,
  Call,
  CallBlock,
  type CallNode,
  CaptureText,
  Loop,
  MacroDefinition,
  Name,
  NamespaceTarget,
  Output,
  Scope,
  TemplateData,
} from './nodes.ts'
import { parseBlockTag, parseFromTag, parseImportTag, parseIncludeTag } from './reference-parser.ts'
import { SourceFault } from './tokenizer.ts'

type StatementParser = (parser: TemplateParser, tag: Token) => Node

const STATEMENTS: ReadonlyMap<string, StatementParser> = new Map<string, StatementParser>([
  ['block', parseBlockTag],
  ['call', (parser, tag) => parser.parseCallTag(tag)],
  ['filter', (parser, tag) => parser.parseFilterTag(tag)],
  ['for', (parser, tag) => parser.parseForTag(tag)],
  ['from', parseFromTag],
  ['import', parseImportTag],
  ['include', parseIncludeTag],
  ['macro', (parser, tag) => parser.parseMacroTag(tag)],
  ['print', (parser, tag) => parser.parsePrintTag(tag)],
  ['set', (parser, tag) => parser.parseSetTag(tag)],
  ['with', (parser, tag) => parser.parseWithTag(tag)],
])

export class TemplateParser extends ExpressionParser {
  lastLine = 0

  constructor(tokens: TokenSource) {
    super(tokens)
    this.lastLine = 0
  }

  override nextToken(): Token | null {
    const token = super.nextToken()
    if (token !== null) this.lastLine = token.lineno
    return token
  }

  override fail(message: string, lineno = this.lastLine): never {
    throw new SourceFault(message, lineno)
  }

  override expect(type: string): Token {
    const token = this.nextToken() ?? this.fail(`unexpected end of template, expected ${type}`)
    if (token.type !== type) this.fail(`expected ${type}, got ${token.type}: ${token.value}`, token.lineno)
    return token
  }

  override parseNodes(): Node[] {
    const nodes: Node[] = []
    for (let token = this.nextToken(); token !== null; token = this.nextToken()) {
      const node = this.parseNode(token)
      if (node === null) break
      nodes.push(node)
    }
    return nodes
  }

  parseNode(token: Token): Node | null {
    if (token.type === 'block-start') return this.parseStatement()
    const { lineno } = token
    if (token.type === 'data') return new Output(lineno, 0, [new TemplateData(lineno, 0, token.value)])
    const value = this.parseTuple(['variable-end'])
    this.expect('variable-end')
    return new Output(lineno, 0, [value])
  }

  override parseStatement(): Node | null {
    const tag = this.peek()
    if (tag.type !== 'symbol') this.fail(`expected the name of a tag: ${tag.value}`)
    if (this.breakOnBlocks?.includes(tag.value) === true) return null
    if (tag.value === 'if') return this.parseIf()
    if (tag.value === 'extends') return this.parseExtends()
    const parse = STATEMENTS.get(tag.value)
    if (parse === undefined) return this.fail(`unknown tag: ${tag.value}`)
    this.nextToken()
    return parse(this, tag)
  }

  /** The body up to the end tag, which is consumed. */
  parseBody(tag: Token, end: string): Node {
    this.expect('block-end')
    const body = this.parseUntilBlocks(end)
    if (!this.skipSymbol(end)) this.fail(`missing end tag: ${end}`, tag.lineno)
    return body
  }

  parseSimpleBody(tag: Token, end: string): Node {
    const body = this.parseBody(tag, end)
    this.expect('block-end')
    return body
  }

  /** A name, or a tuple of names, that a value is assigned to. */
  parseTarget(ends: string[]): Node {
    return this.parseTuple(ends, false, () => this.parseTargetItem())
  }

  parseTargetItem(): Node {
    const { lineno } = this.peek()
    if (this.skip('left-paren')) {
      const inner = this.parseTarget(['right-paren'])
      this.expect('right-paren')
      return inner
    }
    const name = new Name(lineno, 0, this.expect('symbol').value)
    if (!this.skipValue('operator', '.')) return name
    return new NamespaceTarget(lineno, 0, name, this.expect('symbol').value)
  }

  parseForTag(tag: Token): Node {
    const target = this.parseTarget(['in'])
    if (!this.skipSymbol('in')) this.fail('expected "in" in a for tag')
    const source = this.parseTuple(['block-end', 'if', 'recursive'], false, () => this.parseOr())
    const test = this.skipSymbol('if') ? this.parseExpression() : null
    if (this.peekIs('symbol', 'recursive')) this.fail('not supported in a for tag: recursive')
    this.expect('block-end')
    const body = this.parseUntilBlocks('endfor', 'else')
    const otherwise = this.skipSymbol('else') ? this.parseBody(tag, 'endfor') : null
    if (otherwise === null && !this.skipSymbol('endfor')) this.fail('missing end tag: endfor', tag.lineno)
    this.expect('block-end')
    return new Loop(tag.lineno, 0, target, source, test, body, otherwise)
  }

  parseSetTag(tag: Token): Node {
    const target = this.parseTarget(['block-end', '='])
    if (this.skipValue('operator', '=')) {
      const value = this.parseTuple(['block-end'])
      this.expect('block-end')
      return new Assign(tag.lineno, 0, target, value)
    }
    const text = new CaptureText(tag.lineno, 0, null)
    const value = this.skip('pipe') ? this.parseFilterChain(text) : text
    text.body = this.parseSimpleBody(tag, 'endset')
    return new Assign(tag.lineno, 0, target, value)
  }

  parseFilterTag(tag: Token): Node {
    const text = new CaptureText(tag.lineno, 0, null)
    const value = this.parseFilterChain(text)
    text.body = this.parseSimpleBody(tag, 'endfilter')
    return new Output(tag.lineno, 0, [value])
  }

  parseFilterChain(text: Node): Node {
    let node = this.parseFilter(text)
    while (this.skip('pipe')) node = this.parseFilter(node)
    return node
  }

  parseWithTag(tag: Token): Node {
    const names: Node[] = []
    const values: Node[] = []
    while (!this.peekIs('block-end')) {
      if (names.length > 0) this.expect('comma')
      names.push(this.parseTargetItem())
      if (!this.skipValue('operator', '=')) this.fail('expected "=" in a with tag')
      values.push(this.parseExpression())
    }
    return new Scope(tag.lineno, 0, names, values, this.parseSimpleBody(tag, 'endwith'))
  }

  parsePrintTag(tag: Token): Node {
    const values = [this.parseExpression()]
    while (this.skip('comma')) values.push(this.parseExpression())
    this.expect('block-end')
    return new Output(tag.lineno, 0, values)
  }

  parseMacroTag(tag: Token): Node {
    const name = this.expect('symbol').value
    const params = parseParameters(this)
    return new MacroDefinition(tag.lineno, 0, name, params, this.parseSimpleBody(tag, 'endmacro'))
  }

  parseCallTag(tag: Token): Node {
    const params = this.peekIs('left-paren') ? parseParameters(this) : []
    const call = this.parseExpression()
    if (!(call instanceof Call)) this.fail('expected a call in a call tag', tag.lineno)
    const body = this.parseSimpleBody(tag, 'endcall')
    const caller = new MacroDefinition(tag.lineno, 0, 'caller', params, body)
    return new CallBlock(tag.lineno, 0, call as CallNode, caller)
  }
}

/** Parse the tokens of a whole template. */
export function parseTemplate(tokens: TokenSource): Node {
  return new TemplateParser(tokens).parseAsRoot()
}
