// What can be iterated and counted, and the values of Python that only exist to be iterated.

import { asIndex, isInt } from './numbers.ts'
import { repr } from './repr.ts'
import { characters, textLength } from './text.ts'
import { Host, plain, TemplateFault, typeName, type Value } from './values.ts'

// A longer one only exhausts memory.
const LONGEST_RANGE = 10_000_000

/** The items of the value: characters, list items or keys; a fault when it has none. */
export function iterate(value: Value): Iterable<Value> {
  const whole = plain(value)
  if (Array.isArray(whole)) return whole
  if (typeof whole === 'string') return characters(whole)
  if (whole instanceof Map) return whole.keys()
  const items = whole instanceof Host ? whole.iterate() : undefined
  if (items === undefined) throw new TemplateFault(`not iterable: ${typeName(whole)}`)
  return items
}

/** The items of the value as a list of their own. */
export function listOf(value: Value): Value[] {
  return Array.from(iterate(value))
}

/** Python's len(). */
export function sizeOf(value: Value): number {
  const whole = plain(value)
  if (typeof whole === 'string') return textLength(whole)
  if (Array.isArray(whole)) return whole.length
  if (whole instanceof Map) return whole.size
  const size = whole instanceof Host ? whole.size() : undefined
  if (size === undefined) throw new TemplateFault(`has no length: ${typeName(whole)}`)
  return size
}

/** The values of a tuple assignment, exactly `count` of them. */
export function unpack(value: Value, count: number): Value[] {
  const items = listOf(value)
  if (items.length === count) return items
  throw new TemplateFault(`expected ${count} values to unpack: ${items.length}`)
}

/** What a filter such as `map` gives: it can be iterated once and has no text and no length. */
export class Generator extends Host {
  readonly typeName = 'generator'
  readonly source: string
  readonly items: Iterator<Value>

  constructor(source: string, items: Iterable<Value>) {
    super()
    this.source = source
    this.items = items[Symbol.iterator]()
  }

  override *iterate(): Iterable<Value> {
    for (let step = this.items.next(); step.done !== true; step = this.items.next()) yield step.value
  }

  override repr(): string {
    throw new TemplateFault(`has no text, add |list: ${this.source}`)
  }
}

/** Python's range: the numbers from start up to, without, stop. */
export class Range extends Host {
  readonly typeName = 'range'
  readonly start: number
  readonly stop: number
  readonly step: number

  constructor(start: number, stop: number, step: number) {
    super()
    if (step === 0) throw new TemplateFault('a range cannot have the step: 0')
    this.start = start
    this.stop = stop
    this.step = step
  }

  override size(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }

  override isTrue(): boolean {
    return this.size() > 0
  }

  override *iterate(): Iterable<Value> {
    if (this.size() > LONGEST_RANGE) throw new TemplateFault(`range too long: ${this.size()}`)
    for (let index = 0; index < this.size(); index++) yield this.start + index * this.step
  }

  override item(key: Value): Value | undefined {
    if (!isInt(key)) return undefined
    const index = asIndex(key) < 0 ? asIndex(key) + this.size() : asIndex(key)
    return index >= 0 && index < this.size() ? this.start + index * this.step : undefined
  }

  override repr(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? '' : `, ${this.step}`})`
  }
}

/** What a dict's keys(), values() and items() give. */
export class DictView extends Host {
  readonly typeName: string
  readonly items: Value[]

  constructor(kind: 'keys' | 'values' | 'items', items: Value[]) {
    super()
    this.typeName = `dict_${kind}`
    this.items = items
  }

  override size(): number {
    return this.items.length
  }

  override isTrue(): boolean {
    return this.items.length > 0
  }

  override iterate(): Iterable<Value> {
    return this.items
  }

  override repr(): string {
    return `${this.typeName}(${repr(this.items)})`
  }
}
