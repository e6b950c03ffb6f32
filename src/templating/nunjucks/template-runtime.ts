// How templates use each other: blocks, extends, include, import.

import { str } from '../python/repr.ts'
import { Callable, Host, plain, TemplateFault, typeName, Undefined, type Value } from '../python/values.ts'
import { Context, RenderData } from './context.ts'
import type { TemplateEnvironment } from './environment.ts'
import { type Frame, type RenderFunction, RuntimeFrame } from './internals.ts'
import { Module } from './macro.ts'
import { ExpressionRuntime } from './runtime.ts'
import type { CompiledTemplate } from './template.ts'

export class Runtime extends ExpressionRuntime {
  /** Run a function that nunjucks' compiler made; faults are thrown. */
  run(render: RenderFunction, environment: TemplateEnvironment, context: Context, frame: Frame): string {
    let text = ''
    render(environment, context, frame, this, (error, output) => {
      if (error !== null) throw error
      text = output ?? ''
    })
    return text
  }

  /** Render a whole template with the variables of the context. */
  render(
    environment: TemplateEnvironment,
    template: CompiledTemplate,
    context: Context,
    frame: Frame,
  ): string {
    template.compile()
    context.addBlocks(template.blocks)
    frame.topLevel = true
    return this.run(template.rootRenderFunc, environment, context, frame)
  }

  block(environment: TemplateEnvironment, context: Context, name: string, frame: Frame): string {
    const [block] = context.blocks.get(name) ?? []
    if (block === undefined) throw new TemplateFault(`unknown block: ${name}`)
    return this.run(block, environment, context, frame)
  }

  /** The variable `self`, whose attributes are the blocks. */
  self(environment: TemplateEnvironment, context: Context): Blocks {
    return new Blocks((name) => {
      if (!context.blocks.has(name)) return undefined
      return new Callable(() => this.block(environment, context, name, new RuntimeFrame()))
    })
  }

  superBlock(
    environment: TemplateEnvironment,
    context: Context,
    name: string,
    block: RenderFunction,
  ): string {
    const all = context.blocks.get(name) ?? []
    const parent = all[all.indexOf(block) + 1]
    if (parent === undefined) throw new TemplateFault(`the block has no parent: ${name}`)
    return this.run(parent, environment, context, new RuntimeFrame())
  }

  extend(environment: TemplateEnvironment, context: Context, name: Value): CompiledTemplate {
    const template = environment.getTemplate(templateName(name))
    template.compile()
    context.addBlocks(template.blocks)
    return template
  }

  include(
    environment: TemplateEnvironment,
    context: Context,
    frame: Frame,
    names: Value,
    ignoreMissing: boolean,
    withContext: boolean,
  ): string {
    const choices = Array.isArray(names) ? names.map(templateName) : [templateName(names)]
    const found = choices.find((name) => environment.exists(name))
    if (found === undefined && ignoreMissing) return ''
    const template = environment.getTemplate(found ?? choices.join(', '))
    const inner = withContext ? new Context(context.data, context.variables) : noContext()
    return this.render(environment, template, inner, withContext ? frame.push(true) : new RuntimeFrame())
  }

  importTemplate(
    environment: TemplateEnvironment,
    context: Context,
    frame: Frame,
    name: Value,
    withContext: boolean,
  ): Module {
    const template = environment.getTemplate(templateName(name))
    const inner = withContext ? new Context(context.data, context.variables) : noContext()
    const output = this.render(
      environment,
      template,
      inner,
      withContext ? frame.push(true) : new RuntimeFrame(),
    )
    return new Module(inner.exports(), output)
  }

  imported(module: Module, name: string): Value {
    const value = module.attribute(name)
    return value === undefined ? this.undefined(`undefined in the imported template: ${name}`) : value
  }
}

class Blocks extends Host {
  readonly typeName = 'TemplateReference'
  readonly find: (name: string) => Value | undefined

  constructor(find: (name: string) => Value | undefined) {
    super()
    this.find = find
  }

  override attribute(name: string): Value | undefined {
    return this.find(name)
  }
}

function noContext(): Context {
  return new Context(new RenderData({}), new Map())
}

function templateName(value: Value): string {
  const name = plain(value)
  if (name instanceof Undefined) name.fail()
  if (typeof name !== 'string')
    throw new TemplateFault(`the name of a template must be text: ${typeName(name)}`)
  return str(name)
}
