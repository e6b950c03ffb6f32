// Compiles expressions to JavaScript that only calls the functions of `Runtime`. Nunjucks would emit
// JavaScript's own operators and property access, which have neither Python's meaning nor its safety.

import { Float } from '../python/numbers.ts'
import {
  BaseCompiler,
  type BinaryNode,
  type Frame,
  type Node,
  type UnaryNode,
  type ValueNode,
} from './internals.ts'
import {
  type AccessNode,
  type AppliedNode,
  Attribute,
  type AttributeNode,
  Call,
  type CallArguments,
  type CallNode,
  type ChoiceNode,
  type CompareNode,
  type DictNode,
  Name,
  type SliceNode,
} from './nodes.ts'

type Part = string | Node | null

export class ExpressionCompiler extends BaseCompiler {
  /** Names that the body of the macro or loop being compiled looks up. */
  lookedUp = new Set<string>()

  /** Emit code and the expressions of nodes in turn; a missing node is Python's None. */
  emitParts(frame: Frame, ...parts: Part[]): void {
    for (const part of parts) {
      if (typeof part === 'string') this._emit(part)
      else if (part === null) this._emit('null')
      else this.compile(part, frame)
    }
  }

  emitList(frame: Frame, nodes: readonly Node[]): void {
    for (const [index, node] of nodes.entries()) this.emitParts(frame, index === 0 ? '' : ', ', node)
  }

  override _compileExpression(node: Node, frame: Frame): void {
    this.compile(node, frame)
  }

  compileLiteral({ value }: ValueNode): void {
    if (value instanceof Float) this._emit(`runtime.float(${value.value})`)
    else if (typeof value === 'bigint') this._emit(`${value}n`)
    else if (typeof value === 'number') this._emit(String(value))
    else this._emit(JSON.stringify(value))
  }

  compileSymbol({ value }: ValueNode): void {
    this.lookedUp.add(String(value))
    if (value === 'self') this._emit('runtime.self(env, context)')
    else this._emit(`runtime.lookup(context, frame, ${JSON.stringify(value)})`)
  }

  compileArray({ children }: { children: Node[] }, frame: Frame): void {
    this._emit('[')
    this.emitList(frame, children)
    this._emit(']')
  }

  compileTuple({ children }: { children: Node[] }, frame: Frame): void {
    this._emit('runtime.tuple(')
    this.emitList(frame, children)
    this._emit(')')
  }

  compileDictLiteral({ pairs }: DictNode, frame: Frame): void {
    this._emit('runtime.dict([')
    for (const [key, value] of pairs) this.emitParts(frame, '[', key, ', ', value, '], ')
    this._emit('])')
  }

  compileAttribute(node: AttributeNode, frame: Frame): void {
    const names = `${JSON.stringify(node.name)}, ${JSON.stringify(pathOf(node))}`
    this.emitParts(frame, 'runtime.attribute(', node.target, `, ${names})`)
  }

  compileAccess(node: AccessNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.item(', node.target, ', ', node.key, `, ${JSON.stringify(pathOf(node))})`)
  }

  compileSlice({ target, bounds }: SliceNode, frame: Frame): void {
    const [start = null, stop = null, step = null] = bounds
    this.emitParts(frame, 'runtime.slice(', target, ', ', start, ', ', stop, ', ', step, ')')
  }

  compileCall(node: CallNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.call(', node.target, ', ')
    this.emitArguments(node.given, frame)
    this._emit(`, ${JSON.stringify(pathOf(node.target))})`)
  }

  compileApplyFilter(node: AppliedNode, frame: Frame): void {
    this.emitParts(frame, `runtime.applyFilter(${JSON.stringify(node.name)}, `, node.target, ', ')
    this.emitArguments(node.given, frame)
    this._emit(')')
  }

  compileApplyTest(node: AppliedNode, frame: Frame): void {
    this.emitParts(frame, `runtime.applyTest(${JSON.stringify(node.name)}, `, node.target, ', ')
    this.emitArguments(node.given, frame)
    this._emit(')')
  }

  emitArguments(given: CallArguments, frame: Frame, emitExtra?: () => void): void {
    this._emit('runtime.given([')
    this.emitList(frame, given.positional)
    this._emit('], [')
    for (const [name, value] of given.named) this.emitParts(frame, `[${JSON.stringify(name)}, `, value, '], ')
    emitExtra?.()
    this.emitParts(frame, '], ', given.list, ', ', given.dict, ')')
  }

  compileComparison({ first, rest }: CompareNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.compare(', first)
    for (const { operator, operand } of rest) {
      this.emitParts(frame, `, [${JSON.stringify(operator)}, () => `, operand, ']')
    }
    this._emit(')')
  }

  compileChoice({ cond, yes, no }: ChoiceNode, frame: Frame): void {
    this.emitParts(frame, '(runtime.isTrue(', cond, ') ? ', yes, ' : ', no ?? 'runtime.nothing()', ')')
  }

  compileOr({ left, right }: BinaryNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.or(', left, ', () => ', right, ')')
  }

  compileAnd({ left, right }: BinaryNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.and(', left, ', () => ', right, ')')
  }

  compileNot({ target }: UnaryNode, frame: Frame): void {
    this.emitParts(frame, '!runtime.isTrue(', target, ')')
  }

  compileTruth({ target }: UnaryNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.isTrue(', target, ')')
  }

  compileConcat({ left, right }: BinaryNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.concat(', left, ', ', right, ')')
  }

  emitOperator(operator: string, { left, right }: BinaryNode, frame: Frame): void {
    this.emitParts(frame, `runtime.operate("${operator}", `, left, ', ', right, ')')
  }

  compileAdd(node: BinaryNode, frame: Frame): void {
    this.emitOperator('+', node, frame)
  }

  compileSub(node: BinaryNode, frame: Frame): void {
    this.emitOperator('-', node, frame)
  }

  compileMul(node: BinaryNode, frame: Frame): void {
    this.emitOperator('*', node, frame)
  }

  compileDiv(node: BinaryNode, frame: Frame): void {
    this.emitOperator('/', node, frame)
  }

  compileFloorDiv(node: BinaryNode, frame: Frame): void {
    this.emitOperator('//', node, frame)
  }

  compileMod(node: BinaryNode, frame: Frame): void {
    this.emitOperator('%', node, frame)
  }

  compilePow(node: BinaryNode, frame: Frame): void {
    this.emitOperator('**', node, frame)
  }

  compileNeg({ target }: UnaryNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.sign("-", ', target, ')')
  }

  compilePos({ target }: UnaryNode, frame: Frame): void {
    this.emitParts(frame, 'runtime.sign("+", ', target, ')')
  }
}

/** The expression as messages name it: `relation.hosts[0]`. */
function pathOf(node: Node): string {
  if (node instanceof Name) return String(node.value)
  if (node instanceof Attribute) return `${pathOf(node.target)}.${node.name}`
  if (node instanceof Call) return `${pathOf(node.target)}()`
  if (!('key' in node)) return 'target' in node ? pathOf((node as AppliedNode).target) : '(expression)'
  const { target, key } = node as AccessNode
  const index = 'value' in key && !(key instanceof Name) ? JSON.stringify(key.value) : pathOf(key)
  return `${pathOf(target)}[${index}]`
}
