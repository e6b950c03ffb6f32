// The variables and blocks of one template while it is rendered.

import { fromContext } from '../python/from-context.ts'
import type { Value } from '../python/values.ts'
import type { RenderFunction } from './internals.ts'

/** The data that the caller gave, turned into values of templates when they are first used. */
export class RenderData {
  readonly data: Readonly<Record<string, unknown>>
  readonly converted = new Map<string, Value>()

  constructor(data: Readonly<Record<string, unknown>>) {
    this.data = data
  }

  get(name: string): Value | undefined {
    const known = this.converted.get(name)
    if (known !== undefined || !Object.hasOwn(this.data, name)) return known
    const data = this.data[name]
    if (data === undefined) return undefined
    const value = fromContext(data, name)
    this.converted.set(name, value)
    return value
  }
}

export class Context {
  readonly data: RenderData
  readonly variables: Map<string, Value>
  readonly blocks = new Map<string, RenderFunction[]>()
  readonly exported = new Set<string>()

  constructor(data: RenderData, variables: Map<string, Value>) {
    this.data = data
    this.variables = new Map(variables)
  }

  lookup(name: string): Value | undefined {
    const own = this.variables.get(name)
    return own === undefined ? this.data.get(name) : own
  }

  setVariable(name: string, value: Value): void {
    this.variables.set(name, value)
    if (!name.startsWith('_')) this.exported.add(name)
  }

  /** Add the blocks of a template behind those of the templates that extend it. */
  addBlocks(blocks: Readonly<Record<string, RenderFunction>>): void {
    for (const [name, block] of Object.entries(blocks)) {
      this.blocks.set(name, [...(this.blocks.get(name) ?? []), block])
    }
  }

  /** The variables that an importing template can use. */
  exports(): Map<string, Value> {
    return new Map(Array.from(this.variables).filter(([name]) => this.exported.has(name)))
  }
}
