// Readers of what a person wrote: each narrows a value, or throws a ReactiveError that names the place.

import { ReactiveError } from '../../errors.ts'

export type Read<T> = (value: unknown, where: string) => T
export type Readers<T> = { [K in keyof T]-?: Read<Exclude<T[K], undefined>> }

export function wrong(where: string, rule: string, value: unknown): ReactiveError {
  return new ReactiveError(`${where} must be ${rule}: ${JSON.stringify(value)}`)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const text: Read<string> = (value, where) => {
  if (typeof value === 'string') return value
  // YAML reads 3.6 and 8080 as numbers; to Juju they are strings.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw wrong(where, 'a string', value)
}

export const flag: Read<boolean> = (value, where) => {
  if (typeof value !== 'boolean') throw wrong(where, 'true or false', value)
  return value
}

export function listOf<T>(read: Read<T>): Read<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw wrong(where, 'a list', value)
    return value.map((item, index) => read(item, `${where}[${index}]`))
  }
}

export function mapOf<T>(read: Read<T>): Read<Record<string, T>> {
  return (value, where) => {
    if (!isRecord(value)) throw wrong(where, 'a map', value)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, read(item, `${where}.${key}`)]),
    )
  }
}

/** A map with some of these fields, and all that are `required`. */
export function recordOf<T extends object, K extends keyof T & string>(
  readers: Readers<T>,
  required: readonly K[],
) {
  return (value: unknown, where: string): Partial<T> & Pick<T, K> => {
    const fields = readFields(readers, value, where)
    const missing = required.find((name) => !Object.hasOwn(fields, name))
    if (missing !== undefined) throw new ReactiveError(`${where} has no ${missing}`)
    return fields as Partial<T> & Pick<T, K>
  }
}

export function readFields<T>(readers: Readers<T>, input: unknown, where: string): Partial<T> {
  if (!isRecord(input)) throw wrong(where, 'a map', input)
  const fields: Partial<T> = {}
  for (const [written, value] of Object.entries(input)) {
    const name = written.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (!Object.hasOwn(readers, name)) throw new ReactiveError(`${where} has no such key: ${written}`)
    const key = name as keyof T
    fields[key] = readers[key](value, `${where}.${written}`)
  }
  return fields
}
