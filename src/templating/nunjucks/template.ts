// One template: its source, compiled when it is first needed.

import { messageOf, oneLine, ReactiveError } from '../../errors.ts'
import { TemplateCompiler } from './compiler.ts'
import type { TemplateEnvironment } from './environment.ts'
import { BaseTemplate, type RenderFunction } from './internals.ts'
import { parseTemplate } from './parser.ts'
import { SourceFault, Tokenizer } from './tokenizer.ts'

export class CompiledTemplate extends BaseTemplate {
  constructor(source: string, environment: TemplateEnvironment, name: string) {
    super(source, environment, name)
  }

  // As nunjucks does it, with our own tokenizer, parser and compiler.
  override _compile(): void {
    const functions = makeFunctions(this.compileSource())
    this.blocks = this._getBlocks(functions)
    this.rootRenderFunc = functions.root ?? noRoot
    this.compiled = true
  }

  compileSource(): string {
    try {
      const compiler = new TemplateCompiler(this.path, false)
      // The compiler wants no frame for the root.
      compiler.compileRoot(parseTemplate(new Tokenizer(this.tmplStr)))
      return compiler.getCode()
    } catch (error) {
      throw this.located(error)
    }
  }

  located(error: unknown): unknown {
    const line = error instanceof SourceFault ? error.lineno + 1 : lineOf(error)
    return new ReactiveError(`${this.path}:${line}: ${oneLine(messageOf(error))}`, { cause: error })
  }
}

// Nunjucks' own faults count lines from 1.
function lineOf(error: unknown): number {
  const found = typeof error === 'object' && error !== null && 'lineno' in error ? error.lineno : undefined
  return typeof found === 'number' ? found : 1
}

function makeFunctions(code: string): Record<string, RenderFunction> {
  return new Function(code)() as Record<string, RenderFunction>
}

const noRoot: RenderFunction = (_environment, _context, _frame, _runtime, callback) => callback(null, '')
