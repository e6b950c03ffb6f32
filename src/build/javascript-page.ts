// docs/javascript.md: what is written by hand, then everything that the package exports, from the doc comments of its
// declarations. TypeScript 7 calls its API unstable; package.json has the exact version.

import { markdownTable } from 'markdown-table'
import type { Node } from 'typescript/unstable/ast'
import {
  API,
  NodeBuilderFlags,
  type Project,
  SignatureKind,
  SymbolFlags,
  type Type,
  type Symbol as TypeSymbol,
} from 'typescript/unstable/sync'
import { declarationsOf, ENTRIES } from './types.ts'

/** Where the reference begins. */
const START = '## charms.reactive\n'
const ADDRESSES = { api: 'charms.reactive', testing: 'charms.reactive/testing' }
const TITLES = {
  decorator: 'Decorators',
  function: 'Functions',
  object: 'Objects',
  class: 'Classes',
  type: 'Types',
}

type Kind = keyof typeof TITLES

/** What a module exports under one name. */
export interface Export {
  name: string
  kind: Kind
  /** Its doc comment in one line. */
  summary: string
  /** How it is called, or what it is; for an object whose type is computed, all that can be called in it. */
  calls: [call: string, summary: string][]
  /** Its declaration, with the comments of its members. */
  text: string
}

/** The page with its reference made anew from the declarations below a directory. */
export function renewJavaScriptPage(page: string, types: string): string {
  const [written] = page.split(START)
  return (
    written +
    Object.entries(readModules(types))
      .map(([address, all]) => section(address, all))
      .join('\n')
  )
}

/** What each module of the package exports, in the order of the text. */
export function readModules(types: string): Record<string, Export[]> {
  const files = Object.entries(ENTRIES).map(([name, entry]) => [
    ADDRESSES[name as keyof typeof ADDRESSES],
    declarationsOf(types, entry),
  ])
  const api = new API()
  try {
    const snapshot = api.updateSnapshot({ openFiles: files.map(([, file = '']) => file) })
    return Object.fromEntries(
      files.map(([address, file = '']) => {
        const project = snapshot.getDefaultProjectForFile(file)
        const source = project?.program.getSourceFile(file)
        const module = source && project?.checker.getSymbolAtLocation(source)
        if (project === undefined || module === undefined) throw new Error(`no module: ${file}`)
        return [
          address,
          project.checker.getExportsOfModule(module).map((symbol) => describe(symbol, project)),
        ]
      }),
    )
  } finally {
    api.close()
  }
}

function describe(exported: TypeSymbol, project: Project): Export {
  const { checker } = project
  const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const summary = summaryOf(symbol, project)
  const calls = callsOf(exported.name, symbol, project)
  const text = tidy(symbol.declarations[0]?.resolve(project)?.getText() ?? '')
  return { name: exported.name, kind: kindOf(symbol, calls), summary, calls, text }
}

function summaryOf(symbol: TypeSymbol, project: Project): string {
  const { checker } = project
  const text = symbol.getDocumentationComment(checker)
  if (text !== '') return text.replaceAll(/\s+/g, ' ').trim()
  // What a module hands on by its name has its comment in another one.
  const node = symbol.declarations[0]?.resolve(project)
  const name = node && 'name' in node ? checker.getSymbolAtLocation(node.name as Node) : undefined
  return name && name.flags & SymbolFlags.Alias ? summaryOf(checker.getAliasedSymbol(name), project) : ''
}

function callsOf(name: string, symbol: TypeSymbol, project: Project): Export['calls'] {
  if (!(symbol.flags & (SymbolFlags.Variable | SymbolFlags.Function))) return []
  const type = project.checker.getTypeOfSymbol(symbol)
  if (type === undefined) return []
  const own = callOf(name, type, project)
  if (own !== undefined) return [[own, summaryOf(symbol, project)]]
  return project.checker.getPropertiesOfType(type).flatMap((member) => {
    const inner = project.checker.getTypeOfSymbol(member)
    const call = inner && callOf(`${name}.${member.name}`, inner, project)
    if (call === undefined) return []
    return [[call, summaryOf(member, project)] satisfies [string, string]]
  })
}

/** `setFlag(flag: string): void` of `(flag: string) => void`. */
function callOf(name: string, type: Type, { checker }: Project): string | undefined {
  if (checker.getSignaturesOfType(type, SignatureKind.Call).length === 0) return undefined
  const flags = NodeBuilderFlags.InTypeAlias | NodeBuilderFlags.NoTruncation
  const text = checker.typeToString(type, undefined, flags).replaceAll(' | undefined', '')
  return name + text.replace(/\) => (?!.*\) => )/, '): ')
}

const isDecorator = (call: string) => call.endsWith('(...words: (string | Action)[]): Action')

function kindOf({ flags }: TypeSymbol, calls: Export['calls']): Kind {
  if (flags & SymbolFlags.Class) return 'class'
  if (flags & (SymbolFlags.Interface | SymbolFlags.TypeAlias)) return 'type'
  const [first] = calls
  if (calls.length !== 1 || first === undefined) return 'object'
  return isDecorator(first[0]) ? 'decorator' : 'function'
}

/** As an author would write it. */
function tidy(text: string): string {
  const lines = text.replace(/^export (declare )?/, '').split('\n')
  return lines
    .filter((line) => line.trim() !== '#private;')
    .map((line) => line.replace(/;$/, '').replace(/^( +)/, (space) => space.slice(space.length / 2)))
    .join('\n')
}

function section(address: string, exports: Export[]): string {
  const parts = Object.entries(TITLES).flatMap(([kind, title]) => {
    const found = exports.filter((one) => one.kind === kind)
    return found.length === 0 ? [] : [`### ${title}\n\n${SHOWN[kind as Kind](found)}\n`]
  })
  return `## ${address}\n\n${parts.join('\n')}`
}

const SHOWN: Record<Kind, (exports: Export[]) => string> = {
  decorator: (all) =>
    table(
      'decorator',
      all.map(({ name, summary }) => [name, summary]),
    ),
  function: (all) =>
    table(
      'function',
      all.flatMap(({ calls }) => calls),
    ),
  object: (all) => all.map(object).join('\n\n'),
  class: (all) => all.map(block).join('\n\n'),
  type: (all) => all.map(block).join('\n\n'),
}

function table(title: string, rows: [string, string][]): string {
  const cells = rows.map(([call, summary]) => [
    `\`${call.replaceAll('|', '\\|')}\``,
    summary.replaceAll('|', '\\|'),
  ])
  return markdownTable([[title, ''], ...cells], { padding: true, alignDelimiters: false })
}

function object(one: Export): string {
  return one.calls.length < 2
    ? block(one)
    : `\`${one.name}\`: ${one.summary}\n\n${table('function', one.calls)}`
}

function block({ name, summary, text }: Export): string {
  return `\`${name}\`: ${summary}\n\n\`\`\`ts\n${text}\n\`\`\``
}
