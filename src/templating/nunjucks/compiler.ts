// Compiles the tags with which templates use each other. Unlike in nunjucks, other templates are rendered
// in place, without callbacks.

import type { BlockNode, Frame, Node } from './internals.ts'
import {
  type CallNode,
  type FromImportNode,
  type ImportNode,
  type IncludeNode,
  Name,
  type ScopedBlockNode,
} from './nodes.ts'
import { asVariable, StatementCompiler } from './statement-compiler.ts'

export class TemplateCompiler extends StatementCompiler {
  override compileCall(node: CallNode, frame: Frame): void {
    const isSuper = node.target instanceof Name && node.target.value === 'super'
    if (!isSuper || this.blockName === undefined) super.compileCall(node, frame)
    else this._emit(`runtime.superBlock(env, context, "${this.blockName}", b_${this.blockName})`)
  }

  compileBlock(node: BlockNode & ScopedBlockNode): void {
    const scope = node.scoped ? 'frame' : 'new runtime.Frame()'
    if (node.scoped) this.lookedUp.add('loop')
    const guard = this.inBlock ? '' : 'if (parentTemplate === null) '
    const render = `runtime.block(env, context, ${JSON.stringify(node.name.value)}, ${scope})`
    this._emitLine(`lineno = ${node.lineno};\n${guard}${this.buffer} += ${render};`)
  }

  compileExtends(node: { template: Node } & Node, frame: Frame): void {
    if (this.captures === 0 && this.blockName === undefined) this.extending = true
    this.emitParts(
      frame,
      `lineno = ${node.lineno};\nparentTemplate = runtime.extend(env, context, `,
      node.template,
    )
    this._emitLine(');')
  }

  compileIncludeTemplate(node: IncludeNode, frame: Frame): void {
    if (this.extending && this.captures === 0 && !this.inBlock) return
    const flags = `${node.ignoreMissing}, ${node.withContext}`
    this.emitParts(frame, `lineno = ${node.lineno};\n${this.buffer} += runtime.include(env, context, frame, `)
    this.emitParts(frame, node.template, `, ${flags});\n`)
  }

  compileImportTemplate(node: ImportNode, frame: Frame): void {
    this._emitLine(asVariable(node.target, this.emitImport(node, frame)))
  }

  compileImportNames(node: FromImportNode, frame: Frame): void {
    const module = this.emitImport(node, frame)
    for (const [name, alias] of node.names) {
      this._emitLine(asVariable(alias, `runtime.imported(${module}, ${JSON.stringify(name)})`))
    }
  }

  emitImport({ template, withContext, lineno }: ImportNode | FromImportNode, frame: Frame): string {
    const id = this._tmpid()
    this.emitParts(frame, `lineno = ${lineno};\nvar ${id} = runtime.importTemplate(env, context, frame, `)
    this.emitParts(frame, template, `, ${withContext});\n`)
    return id
  }
}
