// The parts of nunjucks that its type declarations leave out: parser, compiler, nodes and frames.

import nunjucks from 'nunjucks'

export interface Token {
  type: string
  value: string
  /** What a string or a number in the source stands for. */
  literal?: unknown
  lineno: number
  colno: number
}

export interface Node {
  lineno: number
  colno: number
  typename: string
}

export interface NodeConstructor<Made extends Node = Node> {
  new (lineno: number, colno: number, ...fields: unknown[]): Made
  extend(name: string, properties?: { fields: string[] }): NodeConstructor<never>
}

export interface NodeListNode extends Node {
  children: Node[]
}

export interface ValueNode extends Node {
  value: unknown
}

export interface SymbolNode extends Node {
  value: string
}

export interface IfNode extends Node {
  cond: Node
}

export interface BlockNode extends Node {
  name: SymbolNode
  body: Node
}

export interface BinaryNode extends Node {
  left: Node
  right: Node
}

export interface UnaryNode extends Node {
  target: Node
}

export interface Parser {
  tokens: TokenSource
  nextToken(): Token | null
  peekToken(): Token | null
  pushToken(token: Token | null): void
  fail(message: string, lineno?: number, colno?: number): never
  skip(type: string): boolean
  expect(type: string): Token
  skipValue(type: string, value: string): boolean
  skipSymbol(value: string): boolean
  advanceAfterBlockEnd(name?: string): Token
  parseUntilBlocks(...names: string[]): Node
  parseIf(): Node
  parseExtends(): Node
  parseStatement(): Node | null
  parseExpression(): Node
  parsePrimary(): Node
  parseAsRoot(): Node
  parseNodes(): Node[]
  breakOnBlocks: string[] | null
}

export interface TokenSource {
  nextToken(): Token | null
}

export interface Compiler {
  templateName: string
  buffer: string
  codebuf: string[]
  inBlock: boolean
  lastId: number
  compile(node: Node, frame: Frame): void
  compileIf(node: IfNode, frame: Frame): void
  compileRoot(node: Node, frame?: Frame): void
  getCode(): string
  _compileExpression(node: Node, frame: Frame): void
  _emit(code: string): void
  _emitLine(code: string): void
  _emitFuncBegin(node: Node, name: string): void
  _emitFuncEnd(noReturn?: boolean): void
  _pushBuffer(): string
  _popBuffer(): void
  _tmpid(): string
}

/** The variables of one scope of a template, at run time. */
export interface Frame {
  topLevel: boolean
  set(name: string, value: unknown): void
  lookup(name: string): unknown
  push(isolateWrites?: boolean): Frame
}

export type RenderFunction = (
  environment: unknown,
  context: unknown,
  frame: Frame,
  runtime: unknown,
  callback: (error: unknown, output?: string) => void,
) => void

export interface Template {
  path: string
  tmplStr: string
  compiled: boolean
  blocks: Record<string, RenderFunction>
  rootRenderFunc: RenderFunction
  compile(): void
  _compile(): void
  _getBlocks(functions: Record<string, RenderFunction>): Record<string, RenderFunction>
}

export interface Environment {
  getTemplate(name: string): unknown
}

interface Internals {
  parser: { Parser: new (tokens: TokenSource) => Parser }
  compiler: { Compiler: new (templateName: string, throwOnUndefined: boolean) => Compiler }
  runtime: { Frame: new () => Frame }
  Template: new (source: string, environment: unknown, path: string) => Template
  Environment: new (loaders: object[], options: object) => Environment
  nodes: Record<
    | 'Add'
    | 'And'
    | 'Block'
    | 'Concat'
    | 'Div'
    | 'FloorDiv'
    | 'Mod'
    | 'Mul'
    | 'Neg'
    | 'Node'
    | 'Not'
    | 'Or'
    | 'Output'
    | 'Pos'
    | 'Pow'
    | 'Sub'
    | 'TemplateData',
    NodeConstructor
  > & {
    Symbol: NodeConstructor<SymbolNode>
    Literal: NodeConstructor<ValueNode>
    NodeList: NodeConstructor<NodeListNode>
    Array: NodeConstructor<NodeListNode>
  }
}

const internals = nunjucks as unknown as Internals

export const BaseParser = internals.parser.Parser
export const BaseCompiler = internals.compiler.Compiler
export const BaseTemplate = internals.Template
export const BaseEnvironment = internals.Environment
export const RuntimeFrame = internals.runtime.Frame
export const baseNodes = internals.nodes
