// Macros, and templates that were imported for theirs.

import { type Arguments, Host, TemplateFault, tuple, type Value } from '../python/values.ts'

export interface MacroCall {
  values: (Value | undefined)[]
  /** varargs, kwargs and caller, as far as the macro uses them. */
  extra: Map<string, Value>
}

export class Macro extends Host {
  readonly typeName = 'Macro'
  readonly name: string
  readonly params: readonly string[]
  readonly extras: readonly string[]
  readonly body: (given: MacroCall) => string
  readonly noCaller: Value

  constructor(
    name: string,
    params: readonly string[],
    extras: readonly string[],
    body: (given: MacroCall) => string,
    noCaller: Value,
  ) {
    super()
    this.name = name
    this.params = params
    this.extras = extras
    this.body = body
    this.noCaller = noCaller
  }

  override attribute(name: string): Value | undefined {
    if (name === 'name') return this.name
    return name === 'arguments' ? tuple(...this.params) : undefined
  }

  override call({ positional, named }: Arguments): Value {
    const rest = new Map(named)
    const values = this.params.map((param, index) => {
      if (index < positional.length) return positional[index]
      const value = rest.get(param)
      rest.delete(param)
      return value
    })
    return this.body({ values, extra: this.extra(positional.slice(this.params.length), rest) })
  }

  extra(more: Value[], rest: Map<string, Value>): Map<string, Value> {
    const extra = new Map<string, Value>()
    if (this.extras.includes('caller') && !this.params.includes('caller')) {
      extra.set('caller', rest.get('caller') ?? this.noCaller)
      rest.delete('caller')
    }
    if (this.extras.includes('kwargs')) extra.set('kwargs', new Map<Value, Value>(rest))
    else
      for (const name of rest.keys())
        throw new TemplateFault(`unknown argument of macro ${this.name}: ${name}`)
    if (this.extras.includes('varargs')) extra.set('varargs', tuple(...more))
    else if (more.length > 0) {
      throw new TemplateFault(
        `macro ${this.name} takes at most ${this.params.length} arguments: ${this.params.length + more.length}`,
      )
    }
    return extra
  }
}

/** What an import tag gives: the variables and macros of the other template. */
export class Module extends Host {
  readonly typeName = 'TemplateModule'
  readonly exported: ReadonlyMap<string, Value>
  readonly output: string

  constructor(exported: ReadonlyMap<string, Value>, output: string) {
    super()
    this.exported = exported
    this.output = output
  }

  override attribute(name: string): Value | undefined {
    return this.exported.get(name)
  }

  override text(): string {
    return this.output
  }
}
