// The grammar of names, literals, lists, dicts and tuples, on top of nunjucks' parser.

import type { Value } from '../python/values.ts'
import { BaseParser, type Node, type Token } from './internals.ts'
import { DictLiteral, List, Literal, Name, Tuple } from './nodes.ts'

const CONSTANTS = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])
export class PrimaryParser extends BaseParser {
  /** The next token, which must not be the end of the template. */
  peek(): Token {
    return this.peekToken() ?? this.fail('unexpected end of template')
  }

  peekIs(type: string, ...values: string[]): boolean {
    const token = this.peekToken()
    return token !== null && token.type === type && (values.length === 0 || values.includes(token.value))
  }

  override parsePrimary(): Node {
    const token = this.nextToken() ?? this.fail('unexpected end of template')
    if (token.type === 'symbol') {
      const constant = CONSTANTS.get(token.value)
      if (constant !== undefined) return new Literal(token.lineno, 0, constant)
      return new Name(token.lineno, 0, token.value)
    }
    if (token.type === 'string') return this.parseString(token)
    if (token.type === 'int' || token.type === 'float') return new Literal(token.lineno, 0, token.literal)
    if (token.type === 'left-paren') {
      const node = this.parseTuple(['right-paren'], true)
      this.expect('right-paren')
      return node
    }
    if (token.type === 'left-bracket') {
      return new List(
        token.lineno,
        0,
        this.sequence('right-bracket', () => this.parseExpression()),
      )
    }
    if (token.type === 'left-curly') {
      return new DictLiteral(
        token.lineno,
        0,
        this.sequence('right-curly', () => this.parsePair()),
      )
    }
    return this.fail(`unexpected ${token.type}: ${token.value}`, token.lineno, 0)
  }

  // Strings side by side are one.
  parseString(token: Token): Node {
    let text = String(token.literal)
    while (this.peekIs('string')) text += String(this.nextToken()?.literal)
    return new Literal(token.lineno, 0, text)
  }

  sequence<Item>(end: string, parse: () => Item): Item[] {
    const items: Item[] = []
    while (!this.peekIs(end)) {
      if (items.length > 0) this.expect('comma')
      if (this.peekIs(end)) break
      items.push(parse())
    }
    this.expect(end)
    return items
  }

  parsePair(): [Node, Node] {
    const key = this.parseExpression()
    this.expect('colon')
    return [key, this.parseExpression()]
  }

  /** One expression, or a tuple when commas follow; it ends before a token of one of the types. */
  parseTuple(ends: string[], emptyAllowed = false, parse = () => this.parseExpression()): Node {
    const { lineno } = this.peek()
    const items: Node[] = []
    let commas = 0
    while (!ends.includes(this.peek().type) && !this.peekIs('symbol', ...ends)) {
      items.push(parse())
      if (!this.skip('comma')) break
      commas++
    }
    const [only] = items
    if (only !== undefined && commas === 0) return only
    if (only === undefined && !emptyAllowed) this.fail('expected an expression')
    return new Tuple(lineno, 0, items)
  }
}
