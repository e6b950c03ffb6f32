// Fields of requests and responses: static members of their classes, properties of the instances. In relation
// data a field has the name that the Python original would give it, `csr_data` for `csrData`.

import { UsageError } from '../../errors.ts'
import { pythonJson } from '../../unit/python-json.ts'
import { toRecord } from '../../unit/records.ts'
import type { Fields } from './exchange.ts'

/** A field of a request or a response, declared as a static property of its class. */
export class Field {
  readonly description: string
  /** Its name in relation data, where that does not follow from the property's. */
  readonly name: string | undefined

  constructor(description = '', { name }: { name?: string } = {}) {
    this.description = description
    this.name = name
  }
}

/** What has fields: a request, a response. */
export abstract class FieldHolder {
  constructor() {
    defineProperties(new.target)
  }

  /** The value of a field, by its name in relation data; null where there is none. */
  abstract getField(name: string): unknown

  /** Change a field, by its name in relation data. */
  abstract setField(name: string, value: unknown): void

  /** The fields under their names in relation data. */
  toJSON(): Fields {
    const names = [...fieldsOf(this.constructor).values()]
    return toRecord(names.map((name) => [name, this.getField(name)] as const))
  }
}

// biome-ignore lint/complexity/noBannedTypes: any class
type Class = Function

/** The fields of a class and of those that it extends: property and name in relation data. */
export function fieldsOf(holder: Class): Map<string, string> {
  return new Map(classesOf(holder).flatMap(ownFields))
}

/** Given values under their names in relation data. They are JSON; a name that is no field is an error. */
export function toFields(holder: Class, given: Readonly<Record<string, unknown>>): Fields {
  const fields = fieldsOf(holder)
  const names = new Set(fields.values())
  return toRecord(
    Object.entries(given).map(([property, value]) => {
      const name = fields.get(property) ?? (names.has(property) ? property : undefined)
      if (name === undefined) throw new UsageError(`${nameOf(holder)} has no field: ${property}`)
      return [name, toJson(value, property)] as const
    }),
  )
}

/** Whether two JSON values are the same. */
export function isSame(one: unknown, other: unknown): boolean {
  return pythonJson(one) === pythonJson(other)
}

/** A value as JSON has it. */
function toJson(value: unknown, property: string): unknown {
  try {
    return JSON.parse(JSON.stringify(value ?? null))
  } catch (error) {
    throw new UsageError(`a field must be JSON: ${property}: ${typeof value}`, { cause: error })
  }
}

/** The name of a class; a field may be called `name`. */
export function nameOf({ name }: Class): string {
  return typeof name === 'string' && name !== '' ? name : 'the class'
}

/** The class and those that it extends, the basic one first. */
function classesOf(holder: Class): Class[] {
  if (holder === FieldHolder) return []
  return [...classesOf(Object.getPrototypeOf(holder)), holder]
}

function ownFields(holder: Class): [property: string, name: string][] {
  const members = Object.entries(holder) as [string, unknown][]
  return members.flatMap(([property, field]) =>
    field instanceof Field ? [[property, field.name ?? snakeCase(property)] as const] : [],
  ) as [string, string][]
}

function snakeCase(property: string): string {
  return property
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

/** Make fields properties of the instances, in the class that declares them; its own accessors stay. */
function defineProperties(holder: Class): void {
  for (const declaring of classesOf(holder)) {
    for (const [property, name] of ownFields(declaring)) {
      if (Object.hasOwn(declaring.prototype, property)) continue
      checkProperty(declaring, property)
      Object.defineProperty(declaring.prototype, property, {
        get(this: FieldHolder) {
          return this.getField(name)
        },
        set(this: FieldHolder, value: unknown) {
          this.setField(name, toJson(value, property))
        },
        configurable: true,
      })
    }
  }
}

function checkProperty(declaring: Class, property: string): void {
  const base = Object.getPrototypeOf(declaring)
  if (!(property in base.prototype) || fieldsOf(base).has(property)) return
  throw new UsageError(`a field needs another name, since every instance has this property: ${property}`)
}
