// The arguments of calls, filters and tests, and the parameters of macros.

import type { ExpressionParser } from './expression-parser.ts'
import type { Node } from './internals.ts'
import { type CallArguments, Name, type Parameter } from './nodes.ts'

/** Read `(a, b=1, *list, **dict)`. */
export function parseArguments(parser: ExpressionParser): CallArguments {
  const given: CallArguments = { positional: [], named: [], list: null, dict: null }
  parser.expect('left-paren')
  parser.sequence('right-paren', () => parseArgument(parser, given))
  return given
}

function parseArgument(parser: ExpressionParser, given: CallArguments): void {
  if (parser.skipValue('operator', '*')) {
    given.list = parser.parseExpression()
    return
  }
  if (parser.skipValue('operator', '**')) {
    given.dict = parser.parseExpression()
    return
  }
  const node = parser.parseExpression()
  if (node instanceof Name && parser.skipValue('operator', '=')) {
    given.named.push([String(node.value), parser.parseExpression()])
    return
  }
  if (given.named.length > 0 || given.list !== null || given.dict !== null) {
    parser.fail('positional argument after a named one', node.lineno, 0)
  }
  given.positional.push(node)
}

/** Read `(a, b=1)` of a macro. */
export function parseParameters(parser: ExpressionParser): Parameter[] {
  const params: Parameter[] = []
  parser.expect('left-paren')
  parser.sequence('right-paren', () => {
    const { value, lineno } = parser.expect('symbol')
    const otherwise: Node | null = parser.skipValue('operator', '=') ? parser.parseExpression() : null
    if (otherwise === null && params.some((param) => param.otherwise !== null)) {
      parser.fail(`parameter without default after one with default: ${value}`, lineno, 0)
    }
    params.push({ name: value, otherwise })
  })
  return params
}
