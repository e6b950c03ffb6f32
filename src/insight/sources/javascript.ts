// The calls in a file in JavaScript, or in TypeScript that Node.js runs as it is, by acorn's syntax tree. Names of
// constants stand for the text that they are given at the top level.

import module from 'node:module'
import type { AnyNode, CallExpression, Expression, Node, Program, SpreadElement } from 'acorn'
import { messageOf } from '../../errors.ts'
import {
  type Call,
  type SourceFile,
  type SourceFunction,
  type SourceText,
  snakeCase,
  type Word,
} from './source.ts'

/** Read a file's text. */
export async function readJavaScript(file: SourceFile, text: string): Promise<SourceText> {
  const { parse } = await import('acorn')
  const { fullAncestor } = await import('acorn-walk')
  let program: Program
  try {
    const plain = file.path.endsWith('.ts') ? withoutTypes(text) : text
    program = parse(plain, {
      ecmaVersion: 'latest',
      sourceType: file.path.endsWith('.cjs') ? 'script' : 'module',
      allowReturnOutsideFunction: true,
      allowHashBang: true,
      locations: true,
    })
  } catch (error) {
    return { ...file, functions: [], calls: [], fault: messageOf(error) }
  }
  const constants = constantsOf(program)
  const functions: SourceFunction[] = []
  const calls: Call[] = []
  fullAncestor(program, (node, _, ancestors) => {
    const named = functionName(node, ancestors)
    if (named !== undefined) functions.push({ name: named, ...placeOf(node), end: node.loc?.end.line ?? 0 })
    if (node.type === 'CallExpression') calls.push(...callOf(node as CallExpression, constants, ancestors))
  })
  // The walk comes to what is inside first.
  calls.sort((one, other) => one.line - other.line || one.column - other.column)
  return { ...file, functions, calls }
}

/** The text with spaces in place of types. Node.js warns that the function is new, which nobody here wants to know. */
function withoutTypes(text: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return module.stripTypeScriptTypes(text)
  } finally {
    process.emitWarning = emitWarning
  }
}

function placeOf({ loc }: Node) {
  return { line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 }
}

/** The name of a function: its own, that of the method, or that of the constant which holds it. */
function functionName(node: AnyNode | Node, ancestors: readonly Node[]): string | undefined {
  const it = node as AnyNode
  if (it.type === 'FunctionDeclaration') return it.id?.name
  if (it.type !== 'FunctionExpression' && it.type !== 'ArrowFunctionExpression') return undefined
  if (it.type === 'FunctionExpression' && it.id) return it.id.name
  const parent = ancestors.at(-2) as AnyNode | undefined
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name
  if (parent?.type === 'MethodDefinition' && parent.key.type === 'Identifier') return parent.key.name
  // An anonymous handler is called by the line of its decorator.
  return parent?.type === 'CallExpression' ? `line-${placeOf(parent).line}` : undefined
}

function callOf(
  node: CallExpression,
  constants: ReadonlyMap<string, string>,
  ancestors: readonly Node[],
): Call[] {
  const { callee } = node
  const target =
    callee.type === 'Identifier'
      ? { name: callee.name }
      : callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
        ? { name: callee.property.name, owner: ownerOf(callee.object) }
        : undefined
  if (target === undefined) return []
  const inside = ancestors
    .map((ancestor, index) => functionName(ancestor, ancestors.slice(0, index + 1)))
    .findLast((name) => name !== undefined)
  const options: Record<string, Word[]> = {}
  const words = node.arguments.flatMap((argument) => {
    if (argument.type === 'ObjectExpression') Object.assign(options, optionsOf(argument, constants))
    return wordsOf(argument, constants)
  })
  return [
    {
      name: snakeCase(target.name),
      ...(target.owner !== undefined && { owner: target.owner }),
      words,
      options,
      inside,
      ...placeOf(node),
    },
  ]
}

function ownerOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'ThisExpression') return 'this'
  return undefined
}

function optionsOf(node: AnyNode, constants: ReadonlyMap<string, string>): Record<string, Word[]> {
  if (node.type !== 'ObjectExpression') return {}
  return Object.fromEntries(
    node.properties.flatMap((property) => {
      if (property.type !== 'Property' || property.computed) return []
      const { key, value } = property
      const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
      return [[snakeCase(name), wordsOf(value as Expression, constants)]]
    }),
  )
}

/** The words that an argument stands for: those of a list are several. */
function wordsOf(node: Expression | SpreadElement, constants: ReadonlyMap<string, string>): Word[] {
  if (node.type === 'SpreadElement') return wordsOf(node.argument, constants)
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((element) => (element === null ? [] : wordsOf(element, constants)))
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].flatMap((part) =>
      wordsOf(part, constants).map((word) => ({ ...word, ...placeOf(node) })),
    )
  if (node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression') return []
  if (node.type === 'ObjectExpression') return []
  const text = textOf(node, constants)
  return [{ text, literal: !text.includes('*'), ...placeOf(node) }]
}

function textOf(node: AnyNode, constants: ReadonlyMap<string, string>): string {
  switch (node.type) {
    case 'Literal':
      return String(node.value)
    case 'Identifier':
      return constants.get(node.name) ?? '*'
    case 'TemplateLiteral':
      return node.quasis
        .map(({ value }, index) => {
          const next = node.expressions[index]
          return `${value.cooked ?? ''}${next === undefined ? '' : textOf(next, constants)}`
        })
        .join('')
    case 'BinaryExpression':
      return node.operator === '+'
        ? textOf(node.left as AnyNode, constants) + textOf(node.right, constants)
        : '*'
    case 'CallExpression':
      return isExpansion(node) ? expanded(textOf(node.arguments[0] as AnyNode, constants)) : '*'
    default:
      return '*'
  }
}

/** As `Endpoint.expandName` does it. */
function expanded(text: string): string {
  return /[{*]/.test(text) ? text : `endpoint.{endpoint_name}.${text}`
}

function isExpansion({ callee, arguments: words }: CallExpression): boolean {
  return (
    words.length === 1 &&
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'expandName'
  )
}

/** Names that the top level gives one literal text. */
function constantsOf(program: Program): Map<string, string> {
  const constants = new Map<string, string>()
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue
    for (const { id, init } of declaration.declarations) {
      if (id.type !== 'Identifier' || !init) continue
      const text = textOf(init, constants)
      if (!text.includes('*')) constants.set(id.name, text)
    }
  }
  return constants
}
