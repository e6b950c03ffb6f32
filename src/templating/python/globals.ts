// The global functions of Jinja2: range, dict, namespace, cycler, joiner.

import { Bound } from './arguments.ts'
import { update } from './container-methods.ts'
import { Range } from './iterate.ts'
import { asIndex } from './numbers.ts'
import { repr } from './repr.ts'
import { type Arguments, Callable, type Dict, Host, TemplateFault, type Value } from './values.ts'

function makeRange({ positional }: Arguments): Value {
  const [first, second, third] = positional.map(asIndex)
  if (first === undefined || positional.length > 3) {
    throw new TemplateFault(`range takes 1 to 3 arguments: ${positional.length}`)
  }
  return second === undefined ? new Range(0, first, 1) : new Range(first, second, third ?? 1)
}

function makeDict(given: Arguments): Dict {
  const dict: Dict = new Map()
  update(dict, given)
  return dict
}

/** Values that a template can change from inner scopes: `{% set ns.found = true %}`. */
export class Namespace extends Host {
  readonly typeName = 'Namespace'
  readonly values: Dict

  constructor(given: Arguments) {
    super()
    this.values = makeDict(given)
  }

  override attribute(name: string): Value | undefined {
    return this.values.get(name)
  }

  override repr(): string {
    return `<Namespace ${repr(this.values)}>`
  }
}

class Cycler extends Host {
  readonly typeName = 'Cycler'
  readonly items: Value[]
  position = 0

  constructor({ positional }: Arguments) {
    super()
    if (positional.length === 0) throw new TemplateFault('a cycler needs at least 1 item: 0')
    this.items = positional
  }

  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.items[this.position]
    if (name === 'next') return new Callable(() => this.next())
    return name === 'reset' ? new Callable(() => this.reset()) : undefined
  }

  next(): Value {
    const current = this.items[this.position] ?? null
    this.position = (this.position + 1) % this.items.length
    return current
  }

  reset(): null {
    this.position = 0
    return null
  }
}

class Joiner extends Host {
  readonly typeName = 'Joiner'
  readonly separator: string
  used = false

  constructor(given: Arguments) {
    super()
    this.separator = new Bound('joiner', ['sep'], given).text('sep', ', ')
  }

  override call(): Value {
    const first = !this.used
    this.used = true
    return first ? '' : this.separator
  }
}

export const globals = new Map<string, Value>([
  ['range', new Callable(makeRange)],
  ['dict', new Callable(makeDict)],
  ['namespace', new Callable((given) => new Namespace(given))],
  ['cycler', new Callable((given) => new Cycler(given))],
  ['joiner', new Callable((given) => new Joiner(given))],
])
