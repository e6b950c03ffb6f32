// Values in relation data, as the documentation has them: JSON where the text is JSON, else the text itself.

export type Data = Map<string, string>

export function decode(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The same text for values that count as equal: the spelling of a number matters, the order of keys does not. */
export function identity(text: string): string {
  const value = decode(text)
  return typeof value === 'number' ? `number ${text}` : canonical(value)
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return write(value, ',', ':')
}

/** JSON as endpoints publish it. */
export function published(text: string): string {
  return write(decode(text), ', ', ': ')
}

function write(value: unknown, comma: string, colon: string): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => write(item, comma, colon)).join(comma)}]`
  const keys = Object.keys(value).sort()
  const items = keys.map((key) => `${quote(key)}${colon}${write(Reflect.get(value, key), comma, colon)}`)
  return `{${items.join(comma)}}`
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A map as an object that JSON tells. */
export function toObject(data: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(data)
}

/** Make the changes; the empty text takes a key away. */
export function change(data: Data, changes: Readonly<Record<string, string>>): void {
  for (const [key, text] of Object.entries(changes)) {
    if (text === '') data.delete(key)
    else data.set(key, text)
  }
}

/** `db` of `db:1`, `mysql` of `mysql/0`. */
export function before(separator: ':' | '/', name: string): string {
  return name.slice(0, name.indexOf(separator))
}

/** Names of one kind in the order of their prefix and their number. */
export function compareNames(a: string, b: string): number {
  const [, prefixA = '', numberA] = /^(.*?)[:/](\d+)$/.exec(a) ?? []
  const [, prefixB = '', numberB] = /^(.*?)[:/](\d+)$/.exec(b) ?? []
  if (prefixA !== prefixB) return prefixA < prefixB ? -1 : 1
  return Number(numberA) - Number(numberB)
}
