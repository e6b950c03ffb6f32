// Compiles statements. What differs from nunjucks is scope: loops, macros, captured text and blocks have
// their own, as in Jinja2.

import { ExpressionCompiler } from './expression-compiler.ts'
import type { Frame, IfNode, Node, NodeListNode, ValueNode } from './internals.ts'
import {
  type AssignNode,
  type AttributeNode,
  type CallBlockNode,
  type CaptureNode,
  type LoopNode,
  type MacroNode,
  Name,
  NamespaceTarget,
  type ScopeNode,
  TemplateData,
  Truth,
  Tuple,
} from './nodes.ts'

type Store = (name: string, value: string) => string

const intoFrame: Store = (name, value) => `frame.set(${JSON.stringify(name)}, ${value});`
export const asVariable: Store = (name, value) =>
  `runtime.assign(context, frame, ${JSON.stringify(name)}, ${value});`

export class StatementCompiler extends ExpressionCompiler {
  /** Depth of macros and captured text, whose output does not go to the template itself. */
  captures = 0
  extending = false
  blockName: string | undefined

  emitLine(node: Node): void {
    this._emitLine(`lineno = ${node.lineno};`)
  }

  override _emitFuncBegin(node: Node, name: string): void {
    super._emitFuncBegin(node, name)
    this.blockName = name.startsWith('b_') ? name.slice(2) : undefined
  }

  override _emitFuncEnd(noReturn?: boolean): void {
    if (noReturn !== true) this._emitLine(`cb(null, ${this.buffer});`)
    this._emitLine(
      `} catch (error) { cb(runtime.locate(error, ${JSON.stringify(this.templateName)}, lineno)); }`,
    )
    this._emitLine('}')
  }

  compileTemplateData({ value }: ValueNode): void {
    this._emit(JSON.stringify(value))
  }

  // A template that extends another one prints nothing outside of its blocks.
  compileOutput(node: NodeListNode, frame: Frame): void {
    if (this.extending && this.captures === 0 && !this.inBlock) return
    for (const child of node.children) {
      if (child instanceof TemplateData) {
        this.emitParts(frame, `${this.buffer} += `, child, ';\n')
      } else {
        this.emitLine(node)
        this.emitParts(frame, `${this.buffer} += runtime.output(`, child, ');\n')
      }
    }
  }

  override compileIf(node: IfNode, frame: Frame): void {
    this.emitLine(node)
    node.cond = new Truth(node.lineno, 0, node.cond)
    super.compileIf(node, frame)
  }

  compileAssign({ target, value, lineno }: AssignNode, frame: Frame): void {
    const id = this._tmpid()
    this.emitParts(frame, `lineno = ${lineno};\nvar ${id} = `, value, ';\n')
    this.emitAssignment(target, id, asVariable, frame)
  }

  emitAssignment(target: Node, value: string, store: Store, frame: Frame): void {
    if (target instanceof Name) this._emitLine(store(String(target.value), value))
    else if (target instanceof NamespaceTarget) this.emitNamespace(target, value, frame)
    else if (target instanceof Tuple) {
      const id = this._tmpid()
      this._emitLine(`var ${id} = runtime.unpack(${value}, ${target.children.length});`)
      for (const [index, child] of target.children.entries()) {
        this.emitAssignment(child, `${id}[${index}]`, store, frame)
      }
    }
  }

  emitNamespace({ target, name }: AttributeNode, value: string, frame: Frame): void {
    this.emitParts(frame, 'runtime.setInNamespace(', target, `, ${JSON.stringify(name)}, ${value});\n`)
  }

  compileLoop(node: LoopNode, frame: Frame): void {
    const [loop, item, outer] = [this._tmpid(), this._tmpid(), this._tmpid()]
    this.emitParts(frame, `lineno = ${node.lineno};\nvar ${outer} = frame;\nvar ${loop} = runtime.loop(`)
    this.emitParts(frame, node.source, ', ')
    this.emitLoopTest(node, outer, frame)
    this._emitLine(`);\nfor (const ${item} of ${loop}.steps()) {\nframe = ${outer}.push();`)
    this.emitAssignment(node.target, item, intoFrame, frame)
    this.emitLoopBody(node, loop, frame)
    this._emitLine(`}\nframe = ${outer};`)
    if (node.otherwise === null) return
    this._emitLine(`if (${loop}.items.length === 0) {\nframe = ${outer}.push();`)
    this.compile(node.otherwise, frame)
    this._emitLine(`frame = ${outer};\n}`)
  }

  // As in Jinja2, an included template sees `loop` only when the body itself mentions it.
  emitLoopBody({ body }: LoopNode, loop: string, frame: Frame): void {
    const around = this.lookedUp
    this.lookedUp = new Set()
    const place = this.codebuf.push('') - 1
    this.compile(body, frame)
    if (this.lookedUp.has('loop')) this.codebuf[place] = `frame.set("loop", ${loop});\n`
    this.lookedUp = new Set([...around, ...this.lookedUp])
  }

  emitLoopTest({ test, target }: LoopNode, outer: string, frame: Frame): void {
    if (test === null) {
      this._emit('null')
      return
    }
    const item = this._tmpid()
    this._emitLine(`(${item}) => {\nvar frame = ${outer}.push();`)
    this.emitAssignment(target, item, intoFrame, frame)
    this.emitParts(frame, 'return runtime.isTrue(', test, ');\n}')
  }

  compileScope(node: ScopeNode, frame: Frame): void {
    const [values, outer] = [this._tmpid(), this._tmpid()]
    this._emit(`lineno = ${node.lineno};\nvar ${values} = [`)
    this.emitList(frame, node.values)
    this._emitLine(`];\nvar ${outer} = frame;\nframe = frame.push();`)
    for (const [index, name] of node.names.entries()) {
      this.emitAssignment(name, `${values}[${index}]`, intoFrame, frame)
    }
    this.compile(node.body, frame)
    this._emitLine(`frame = ${outer};`)
  }

  compileCaptureText({ body }: CaptureNode, frame: Frame): void {
    this._emitLine('((outer) => {\nvar frame = outer.push();')
    this.emitCaptured(body, frame)
    this._emit('})(frame)')
  }

  emitCaptured(body: Node, frame: Frame): void {
    this.captures++
    const buffer = this._pushBuffer()
    this.compile(body, frame)
    this._popBuffer()
    this._emitLine(`return ${buffer};`)
    this.captures--
  }

  compileMacroDefinition(node: MacroNode, frame: Frame): void {
    const id = this._tmpid()
    this._emit(`var ${id} = `)
    this.emitMacro(node, frame)
    this._emitLine(`;\n${asVariable(node.name, id)}`)
  }

  // A macro sees the variables around its definition, and reports faults at its own lines.
  emitMacro({ name, params, body, lineno }: MacroNode, frame: Frame): void {
    const around = this.lookedUp
    this.lookedUp = new Set()
    const names = JSON.stringify(params.map((param) => param.name))
    this._emitLine(`((scope) => runtime.macro(${JSON.stringify(name)}, ${names}, (given) => {`)
    this._emitLine(`var frame = scope.push();\nvar lineno = ${lineno};\ntry {`)
    this._emitLine('for (const [key, value] of given.extra) frame.set(key, value);')
    for (const [index, param] of params.entries()) {
      const missing = `runtime.undefined(${JSON.stringify(`missing argument of macro ${name}: ${param.name}`)})`
      const key = JSON.stringify(param.name)
      this.emitParts(
        frame,
        `frame.set(${key}, given.values[${index}] !== undefined ? given.values[${index}] : `,
      )
      this.emitParts(frame, param.otherwise ?? missing, ');\n')
    }
    this.emitCaptured(body, frame)
    this._emitLine(
      `} catch (error) { throw runtime.locate(error, ${JSON.stringify(this.templateName)}, lineno); }`,
    )
    const extras = ['varargs', 'kwargs', 'caller'].filter((extra) => this.lookedUp.has(extra))
    this._emit(`}, ${JSON.stringify(extras)}))(frame)`)
    this.lookedUp = new Set([...around, ...this.lookedUp])
  }

  compileCallBlock({ call, caller, lineno }: CallBlockNode, frame: Frame): void {
    this.emitParts(
      frame,
      `lineno = ${lineno};\n${this.buffer} += runtime.output(runtime.call(`,
      call.target,
      ', ',
    )
    this.emitArguments(call.given, frame, () => {
      this._emit('["caller", ')
      this.emitMacro(caller, frame)
      this._emit('], ')
    })
    this._emitLine(', "macro"));')
  }
}
