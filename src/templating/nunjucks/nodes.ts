// The nodes of a parsed template: nunjucks' own, and those for what only Jinja2 has.

import { baseNodes, type Node, type NodeListNode, type SymbolNode } from './internals.ts'

export interface CallArguments {
  positional: Node[]
  named: [string, Node][]
  /** `*list` and `**dict`. */
  list: Node | null
  dict: Node | null
}

export interface AccessNode extends Node {
  target: Node
  key: Node
}

export interface AttributeNode extends Node {
  target: Node
  name: string
}

export interface SliceNode extends Node {
  target: Node
  bounds: (Node | null)[]
}

export interface AppliedNode extends Node {
  target: Node
  name: string
  given: CallArguments
}

export interface CallNode extends Node {
  target: Node
  given: CallArguments
}

export interface CompareNode extends Node {
  first: Node
  rest: { operator: string; operand: Node }[]
}

export interface ChoiceNode extends Node {
  cond: Node
  yes: Node
  no: Node | null
}

export interface DictNode extends Node {
  pairs: [Node, Node][]
}

export interface LoopNode extends Node {
  target: Node
  source: Node
  test: Node | null
  body: Node
  otherwise: Node | null
}

export interface AssignNode extends Node {
  target: Node
  value: Node
}

export interface CaptureNode extends Node {
  body: Node
}

export interface ScopeNode extends Node {
  names: Node[]
  values: Node[]
  body: Node
}

export interface Parameter {
  name: string
  otherwise: Node | null
}

export interface MacroNode extends Node {
  name: string
  params: Parameter[]
  body: Node
}

export interface CallBlockNode extends Node {
  call: CallNode
  caller: MacroNode
}

export interface IncludeNode extends Node {
  template: Node
  ignoreMissing: boolean
  withContext: boolean
}

export interface ImportNode extends Node {
  template: Node
  target: string
  withContext: boolean
}

export interface FromImportNode extends Node {
  template: Node
  names: [name: string, alias: string][]
  withContext: boolean
}

export interface ScopedBlockNode extends Node {
  name: SymbolNode
  body: Node
  scoped: boolean
}

interface Constructor<Made extends Node> {
  new (lineno: number, colno: number, ...fields: unknown[]): Made
}

// The fields say where nunjucks looks for blocks inside of the node.
function nodeClass<Made extends Node>(name: string, fields: string[]): Constructor<Made> {
  return baseNodes.Node.extend(name, { fields }) as unknown as Constructor<Made>
}

export const { Symbol: Name, Literal, Array: List, Output, TemplateData, Block } = baseNodes
export const Tuple = baseNodes.NodeList.extend('Tuple') as unknown as Constructor<NodeListNode>
export const Attribute = nodeClass<AttributeNode>('Attribute', ['target', 'name'])
export const Access = nodeClass<AccessNode>('Access', ['target', 'key'])
export const Slice = nodeClass<SliceNode>('Slice', ['target', 'bounds'])
export const Call = nodeClass<CallNode>('Call', ['target', 'given'])
export const ApplyFilter = nodeClass<AppliedNode>('ApplyFilter', ['target', 'name', 'given'])
export const ApplyTest = nodeClass<AppliedNode>('ApplyTest', ['target', 'name', 'given'])
export const Comparison = nodeClass<CompareNode>('Comparison', ['first', 'rest'])
export const Choice = nodeClass<ChoiceNode>('Choice', ['cond', 'yes', 'no'])
export const DictLiteral = nodeClass<DictNode>('DictLiteral', ['pairs'])
export const Truth = nodeClass<Node & { target: Node }>('Truth', ['target'])
export const Loop = nodeClass<LoopNode>('Loop', ['target', 'source', 'test', 'body', 'otherwise'])
export const Assign = nodeClass<AssignNode>('Assign', ['target', 'value'])
export const NamespaceTarget = nodeClass<AttributeNode>('NamespaceTarget', ['target', 'name'])
export const CaptureText = nodeClass<CaptureNode>('CaptureText', ['body'])
export const Scope = nodeClass<ScopeNode>('Scope', ['names', 'values', 'body'])
export const MacroDefinition = nodeClass<MacroNode>('MacroDefinition', ['name', 'params', 'body'])
export const CallBlock = nodeClass<CallBlockNode>('CallBlock', ['call', 'caller'])
export const IncludeTemplate = nodeClass<IncludeNode>('IncludeTemplate', [
  'template',
  'ignoreMissing',
  'withContext',
])
export const ImportTemplate = nodeClass<ImportNode>('ImportTemplate', ['template', 'target', 'withContext'])
export const ImportNames = nodeClass<FromImportNode>('ImportNames', ['template', 'names', 'withContext'])
