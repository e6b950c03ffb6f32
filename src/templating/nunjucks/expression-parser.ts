// The grammar of operators, filters and tests, with Jinja2's precedence.

import { parseArguments } from './argument-parser.ts'
import { baseNodes, type Node } from './internals.ts'
import {
  Access,
  ApplyFilter,
  ApplyTest,
  Attribute,
  Call,
  type CallArguments,
  Choice,
  Comparison,
  Literal,
  Slice,
} from './nodes.ts'
import { PrimaryParser } from './primary-parser.ts'

type BinaryName = 'Or' | 'And' | 'Add' | 'Sub' | 'Concat' | 'Mul' | 'Div' | 'FloorDiv' | 'Mod' | 'Pow'

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=']
const NO_ARGUMENTS: CallArguments = { positional: [], named: [], list: null, dict: null }
const ARGUMENT_STARTS = ['symbol', 'string', 'int', 'float', 'left-bracket', 'left-curly']

export class ExpressionParser extends PrimaryParser {
  override parseExpression(): Node {
    let node = this.parseOr()
    while (this.skipSymbol('if')) {
      const condition = this.parseOr()
      const otherwise = this.skipSymbol('else') ? this.parseExpression() : null
      node = new Choice(node.lineno, 0, condition, node, otherwise)
    }
    return node
  }

  parseOr(): Node {
    return this.leftToRight(() => this.parseAnd(), 'symbol', { or: 'Or' })
  }

  parseAnd(): Node {
    return this.leftToRight(() => this.parseNot(), 'symbol', { and: 'And' })
  }

  parseNot(): Node {
    const { lineno } = this.peek()
    return this.skipSymbol('not') ? new baseNodes.Not(lineno, 0, this.parseNot()) : this.parseCompare()
  }

  parseCompare(): Node {
    const first = this.parseSum()
    const rest: { operator: string; operand: Node }[] = []
    for (let operator = this.comparison(); operator !== undefined; operator = this.comparison()) {
      rest.push({ operator, operand: this.parseSum() })
    }
    return rest.length === 0 ? first : new Comparison(first.lineno, 0, first, rest)
  }

  comparison(): string | undefined {
    if (this.peekIs('operator', ...COMPARISONS)) return this.nextToken()?.value
    if (this.skipSymbol('in')) return 'in'
    if (!this.skipSymbol('not')) return undefined
    if (!this.skipSymbol('in')) this.fail('expected "in" after "not"')
    return 'not in'
  }

  parseSum(): Node {
    return this.leftToRight(() => this.parseConcat(), 'operator', { '+': 'Add', '-': 'Sub' })
  }

  parseConcat(): Node {
    return this.leftToRight(() => this.parseProduct(), 'tilde', { '~': 'Concat' })
  }

  parseProduct(): Node {
    const operators = { '*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod' } as const
    return this.leftToRight(() => this.parsePower(), 'operator', operators)
  }

  parsePower(): Node {
    return this.leftToRight(() => this.parseUnary(), 'operator', { '**': 'Pow' })
  }

  leftToRight(operand: () => Node, type: string, operators: Record<string, BinaryName>): Node {
    let node = operand()
    while (this.peekIs(type, ...Object.keys(operators))) {
      const { value, lineno } = this.peek()
      this.nextToken()
      const made = baseNodes[operators[value] ?? 'Add']
      node = new made(lineno, 0, node, operand())
    }
    return node
  }

  parseUnary(withFilters = true): Node {
    const { lineno } = this.peek()
    let node: Node
    if (this.skipValue('operator', '-')) node = new baseNodes.Neg(lineno, 0, this.parseUnary(false))
    else if (this.skipValue('operator', '+')) node = new baseNodes.Pos(lineno, 0, this.parseUnary(false))
    else node = this.parsePrimary()
    const value = this.parsePostfix(node)
    return withFilters ? this.parseFilters(value) : value
  }

  parsePostfix(start: Node): Node {
    let node = start
    for (;;) {
      const { lineno } = node
      if (this.skipValue('operator', '.')) node = this.parseAttribute(node)
      else if (this.skip('left-bracket')) node = this.parseSubscript(node)
      else if (this.peekIs('left-paren')) node = new Call(lineno, 0, node, parseArguments(this))
      else return node
    }
  }

  parseAttribute(target: Node): Node {
    const token = this.nextToken() ?? this.fail('unexpected end of template')
    if (token.type === 'symbol') return new Attribute(token.lineno, 0, target, token.value)
    if (token.type !== 'int') this.fail(`expected a name or a number: ${token.value}`, token.lineno, 0)
    return new Access(token.lineno, 0, target, new Literal(token.lineno, 0, token.literal))
  }

  parseSubscript(target: Node): Node {
    const bounds: (Node | null)[] = [null]
    while (!this.peekIs('right-bracket')) {
      if (!this.peekIs('colon')) bounds[bounds.length - 1] = this.parseTuple(['right-bracket', 'colon'])
      if (!this.skip('colon')) break
      bounds.push(null)
    }
    this.expect('right-bracket')
    if (bounds.length > 3) this.fail('a slice has at most three parts')
    if (bounds.length > 1) return new Slice(target.lineno, 0, target, bounds)
    return new Access(target.lineno, 0, target, bounds[0] ?? this.fail('expected an index'))
  }

  parseFilters(start: Node): Node {
    let node = start
    for (;;) {
      if (this.skip('pipe')) node = this.parseFilter(node)
      else if (this.skipSymbol('is')) node = this.parseTest(node)
      else if (this.peekIs('left-paren')) node = new Call(node.lineno, 0, node, parseArguments(this))
      else return node
    }
  }

  parseFilter(target: Node): Node {
    const { lineno } = this.peek()
    const name = this.parseDottedName()
    const given = this.peekIs('left-paren') ? parseArguments(this) : NO_ARGUMENTS
    return new ApplyFilter(lineno, 0, target, name, given)
  }

  parseDottedName(): string {
    let name = this.expect('symbol').value
    while (this.skipValue('operator', '.')) name += `.${this.expect('symbol').value}`
    return name
  }

  parseTest(target: Node): Node {
    const negated = this.skipSymbol('not')
    const { lineno } = this.peek()
    const test = new ApplyTest(lineno, 0, target, this.parseDottedName(), this.testArguments())
    return negated ? new baseNodes.Not(lineno, 0, test) : test
  }

  testArguments(): CallArguments {
    if (this.peekIs('left-paren')) return parseArguments(this)
    if (this.peekIs('symbol', 'is')) this.fail('more than one test without parentheses')
    const follows = ARGUMENT_STARTS.includes(this.peek().type)
    if (!follows || this.peekIs('symbol', 'else', 'or', 'and', 'if')) return NO_ARGUMENTS
    return { ...NO_ARGUMENTS, positional: [this.parsePostfix(this.parsePrimary())] }
  }
}
