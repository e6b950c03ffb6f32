// Readers of what a person wrote: each narrows a value, or throws a ReactiveError that names the place. A reader
// also says what it takes, for docs/simulator.md.

import { isMapping } from '../../charm/charm-files.ts'
import { ReactiveError } from '../../errors.ts'
import { nearest } from '../../system/nearest.ts'

export interface Read<T> {
  (value: unknown, where: string): T
  /** What it takes, as documentation shows it: `text`, `[text, ...]`. */
  shape: string
  /** The keys of the map, or of each map in it. */
  fields?: Fields
}

/** A key of a map: what it is for, and what it takes. */
export type Field<T> = readonly [about: string, read: Read<T>]
export type Readers<T> = { [K in keyof T]-?: Field<Exclude<T[K], undefined>> }
export type Fields = Readonly<Record<string, Field<unknown>>>

export function reader<T>(
  shape: string,
  read: (value: unknown, where: string) => T,
  fields?: Fields,
): Read<T> {
  return Object.assign(read, { shape, ...(fields !== undefined && { fields }) })
}

export function wrong(where: string, rule: string, value: unknown): ReactiveError {
  return new ReactiveError(`${where} must be ${rule}: ${JSON.stringify(value)}`)
}

export const text: Read<string> = reader('text', (value, where) => {
  if (typeof value === 'string') return value
  // YAML reads 3.6 and 8080 as numbers; to Juju they are strings.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw wrong(where, 'a string', value)
})

export const flag: Read<boolean> = reader('true or false', (value, where) => {
  if (typeof value !== 'boolean') throw wrong(where, 'true or false', value)
  return value
})

export const anything: Read<unknown> = reader('anything', (value) => value)

export function listOf<T>(read: Read<T>): Read<T[]> {
  return reader(
    `[${read.shape}, ...]`,
    (value, where) => {
      if (!Array.isArray(value)) throw wrong(where, 'a list', value)
      return value.map((item, index) => read(item, `${where}[${index}]`))
    },
    read.fields,
  )
}

/** A map from names to values; `name` is how the documentation calls the names. */
export function mapOf<T>(name: string, read: Read<T>): Read<Record<string, T>> {
  return reader(
    `{${name}: ${read.shape}, ...}`,
    (value, where) => {
      if (!isMapping(value)) throw wrong(where, 'a map', value)
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, read(item, `${where}.${key}`)]),
      )
    },
    read.fields,
  )
}

/** A map with some of these fields, and all that are `required`. */
export function recordOf<T extends object, K extends keyof T & string>(
  readers: Readers<T>,
  required: readonly K[],
): Read<Partial<T> & Pick<T, K>> {
  const read = (value: unknown, where: string): Partial<T> & Pick<T, K> => {
    const fields = readFields(readers, value, where)
    const missing = required.find((name) => !Object.hasOwn(fields, name))
    if (missing !== undefined) throw new ReactiveError(`${where} has no ${missing}`)
    return fields as Partial<T> & Pick<T, K>
  }
  return reader('a map', read, readers as unknown as Fields)
}

export function readFields<T>(readers: Readers<T>, input: unknown, where: string): Partial<T> {
  if (!isMapping(input)) throw wrong(where, 'a map', input)
  const fields: Partial<T> = {}
  for (const [written, value] of Object.entries(input)) {
    const name = written.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (!Object.hasOwn(readers, name)) throw unknownKey(where, written, Object.keys(readers))
    const key = name as keyof T
    fields[key] = readers[key][1](value, `${where}.${written}`)
  }
  return fields
}

/** A key as state files spell it. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function unknownKey(where: string, written: string, names: readonly string[]): ReactiveError {
  const known = names.map(snakeCase)
  const near = nearest(written, known)
  const meant = near === undefined ? '' : `, did you mean ${near}?`
  return new ReactiveError(`${where} has no such key: ${written}${meant} (it has ${known.join(', ')})`)
}
