// The variable `loop` of a for loop.

import { equals } from '../python/compare.ts'
import {
  type Arguments,
  Callable,
  Host,
  TemplateFault,
  tuple,
  Undefined,
  type Value,
} from '../python/values.ts'

export class LoopContext extends Host {
  readonly typeName = 'LoopContext'
  readonly items: Value[]
  readonly strict: boolean
  index = -1
  lastChanged: Value | undefined

  constructor(items: Value[], strict: boolean) {
    super()
    this.items = items
    this.strict = strict
  }

  /** The items one after the other, with `loop` telling the position. */
  *steps(): Iterable<Value> {
    for (const item of this.items) {
      this.index++
      yield item
    }
  }

  override attribute(name: string): Value | undefined {
    const { index } = this
    const length = this.items.length
    switch (name) {
      case 'index':
        return index + 1
      case 'index0':
        return index
      case 'revindex':
        return length - index
      case 'revindex0':
        return length - index - 1
      case 'first':
        return index === 0
      case 'last':
        return index === length - 1
      case 'length':
        return length
      case 'depth':
        return 1
      case 'depth0':
        return 0
      default:
        return this.neighbour(name)
    }
  }

  neighbour(name: string): Value | undefined {
    if (name === 'previtem') return this.itemAt(this.index - 1, 'the loop has no previous item: previtem')
    if (name === 'nextitem') return this.itemAt(this.index + 1, 'the loop has no next item: nextitem')
    if (name === 'cycle') return new Callable((given) => this.cycle(given))
    return name === 'changed' ? new Callable((given) => this.changed(given)) : undefined
  }

  itemAt(index: number, otherwise: string): Value {
    const item = index < 0 ? undefined : this.items[index]
    return item === undefined ? new Undefined(otherwise, this.strict) : item
  }

  cycle({ positional }: Arguments): Value {
    if (positional.length === 0) throw new TemplateFault('a cycle needs at least 1 item: 0')
    return positional[this.index % positional.length] ?? null
  }

  changed({ positional }: Arguments): boolean {
    const now = tuple(...positional)
    const same = this.lastChanged !== undefined && equals(this.lastChanged, now)
    this.lastChanged = now
    return !same
  }
}
