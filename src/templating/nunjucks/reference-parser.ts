// The grammar of the tags that name blocks and other templates: block, include, import, from.

import type { Node, Token } from './internals.ts'
import { Block, ImportNames, ImportTemplate, IncludeTemplate, Name } from './nodes.ts'
import type { TemplateParser } from './parser.ts'

export function parseBlockTag(parser: TemplateParser, tag: Token): Node {
  const name = parser.expect('symbol').value
  const scoped = parser.skipSymbol('scoped')
  parser.skipSymbol('required')
  const body = parser.parseBody(tag, 'endblock')
  parser.skipSymbol(name)
  parser.expect('block-end')
  const block = new Block(tag.lineno, 0, new Name(tag.lineno, 0, name), body)
  return Object.assign(block, { scoped })
}

function parseContext(parser: TemplateParser, otherwise: boolean): boolean {
  const withContext = parser.skipSymbol('with')
  if (!withContext && !parser.skipSymbol('without')) return otherwise
  if (!parser.skipSymbol('context')) parser.fail('expected "context"')
  return withContext
}

export function parseIncludeTag(parser: TemplateParser, tag: Token): Node {
  const template = parser.parseExpression()
  const ignoreMissing = parser.skipSymbol('ignore')
  if (ignoreMissing && !parser.skipSymbol('missing')) parser.fail('expected "missing" after "ignore"')
  const withContext = parseContext(parser, true)
  parser.expect('block-end')
  return new IncludeTemplate(tag.lineno, 0, template, ignoreMissing, withContext)
}

export function parseImportTag(parser: TemplateParser, tag: Token): Node {
  const template = parser.parseExpression()
  if (!parser.skipSymbol('as')) parser.fail('expected "as" in an import tag')
  const target = parser.expect('symbol').value
  const withContext = parseContext(parser, false)
  parser.expect('block-end')
  return new ImportTemplate(tag.lineno, 0, template, target, withContext)
}

export function parseFromTag(parser: TemplateParser, tag: Token): Node {
  const template = parser.parseExpression()
  if (!parser.skipSymbol('import')) parser.fail('expected "import" in a from tag')
  const names: [string, string][] = []
  while (!parser.peekIs('block-end') && !parser.peekIs('symbol', 'with', 'without')) {
    const name = parser.expect('symbol').value
    if (name.startsWith('_')) parser.fail(`private name cannot be imported: ${name}`)
    names.push([name, parser.skipSymbol('as') ? parser.expect('symbol').value : name])
    if (!parser.skip('comma')) break
  }
  if (names.length === 0) parser.fail('expected a name to import')
  const withContext = parseContext(parser, false)
  parser.expect('block-end')
  return new ImportNames(tag.lineno, 0, template, names, withContext)
}
