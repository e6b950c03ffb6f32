// The arguments of a call, matched with the parameters of a function as Python does it.

import { asIndex } from './numbers.ts'
import { str } from './repr.ts'
import { type Arguments, isTrue, TemplateFault, type Value } from './values.ts'

/** Match the arguments with the parameters; one that is not given is undefined. */
function bind(name: string, params: readonly string[], given: Arguments): (Value | undefined)[] {
  const { positional, named } = given
  if (positional.length > params.length) {
    throw new TemplateFault(`${name} takes at most ${params.length} arguments: ${positional.length}`)
  }
  for (const key of named.keys()) {
    if (!params.includes(key)) throw new TemplateFault(`unknown argument of ${name}: ${key}`)
    if (params.indexOf(key) < positional.length)
      throw new TemplateFault(`argument of ${name} given twice: ${key}`)
  }
  return params.map((param, index) => (index < positional.length ? positional[index] : named.get(param)))
}

/** The arguments of a call, read one by one with the type that the function wants. */
export class Bound {
  readonly name: string
  readonly params: readonly string[]
  readonly values: (Value | undefined)[]

  constructor(name: string, params: readonly string[], given: Arguments) {
    this.name = name
    this.params = params
    this.values = bind(name, params, given)
  }

  has(param: string): boolean {
    return this.value(param) !== undefined
  }

  value(param: string): Value | undefined {
    return this.values[this.params.indexOf(param)]
  }

  /** The argument, which must be given. */
  need(param: string): Value {
    const value = this.value(param)
    if (value === undefined) throw new TemplateFault(`missing argument of ${this.name}: ${param}`)
    return value
  }

  /** The argument, or None. */
  orNone(param: string): Value {
    return this.value(param) ?? null
  }

  int(param: string, otherwise: number): number {
    const value = this.orNone(param)
    return value === null ? otherwise : asIndex(value)
  }

  flag(param: string): boolean {
    return isTrue(this.orNone(param))
  }

  text(param: string, otherwise: string): string {
    const value = this.value(param)
    return value === undefined ? otherwise : str(value)
  }

  /** The argument as text, undefined when it is not given or None. */
  textOrNone(param: string): string | undefined {
    const value = this.orNone(param)
    return value === null ? undefined : str(value)
  }
}
