// The values of the render context, JSON-like JavaScript data, as the values of a template.

import { Float } from './numbers.ts'
import { Host, TemplateFault, type Value } from './values.ts'

/** Copy the data; `name` names it in the fault when it is not data (a function, a Date, a cycle). */
export function fromContext(data: unknown, name: string, within: readonly object[] = []): Value {
  if (data === null || typeof data === 'string' || typeof data === 'boolean') return data
  if (typeof data === 'number' || typeof data === 'bigint') return data
  if (typeof data !== 'object' || within.includes(data)) throw new TemplateFault(`not plain data: ${name}`)
  if (data instanceof Float || data instanceof Host) return data
  const inside = [...within, data]
  if (Array.isArray(data)) return data.map((item: unknown) => fromContext(item ?? null, name, inside))
  if (data instanceof Map) return fromEntries(data, name, inside)
  const prototype: unknown = Object.getPrototypeOf(data)
  if (prototype !== null && prototype !== Object.prototype) throw new TemplateFault(`not plain data: ${name}`)
  return fromEntries(Object.entries(data), name, inside)
}

function fromEntries(entries: Iterable<[unknown, unknown]>, name: string, within: readonly object[]): Value {
  const dict = new Map<Value, Value>()
  for (const [key, value] of entries) {
    const own = `${name}.${String(key)}`
    if (value !== undefined)
      dict.set(typeof key === 'number' ? key : String(key), fromContext(value, own, within))
  }
  return dict
}
