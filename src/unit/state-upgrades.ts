import { isDeepStrictEqual } from 'node:util'
import { ReactiveError } from '../errors.ts'
import type { Database } from './database.ts'
import { KEY } from './keys.ts'

/** Changes the values of one version to those of the next. */
export type Upgrade = (values: Map<string, unknown>) => void

/** The first brings version 1 to version 2, and so on. */
export const UPGRADES: readonly Upgrade[] = []

/** The version of a layout that so many steps have led to. */
export const schemaAfter = (upgrades: readonly Upgrade[]): number => upgrades.length + 1

/** Version of the present layout of keys and values. */
export const SCHEMA = schemaAfter(UPGRADES)

/** Whether the values are of an older version; a file of a newer one, or of none, is an error. */
export function isOutdated(
  values: ReadonlyMap<string, unknown>,
  path: string,
  upgrades: readonly Upgrade[],
): boolean {
  const found = values.get(KEY.schema)
  if (found === undefined && values.size === 0) return false
  if (!isVersion(found)) throw new ReactiveError(`the file is not a unit state: ${path}`)
  const present = schemaAfter(upgrades)
  if (found > present) {
    throw new ReactiveError(
      `the unit state has schema ${found}, newer than this toolkit's ${present}: ${path}`,
    )
  }
  return found < present
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}

/** What has to be written to bring the values to the present version; undefined deletes a key. */
export function changesToPresent(
  values: ReadonlyMap<string, unknown>,
  upgrades: readonly Upgrade[],
): [string, unknown][] {
  const present = new Map(structuredClone(values))
  for (const upgrade of upgrades.slice(Number(values.get(KEY.schema)) - 1)) upgrade(present)
  present.set(KEY.schema, schemaAfter(upgrades))
  const keys = new Set([...values.keys(), ...present.keys()])
  const changed = [...keys].filter((key) => !isDeepStrictEqual(values.get(key), present.get(key)))
  return changed.map((key) => [key, present.get(key)])
}

/** How the state is opened, as far as its schema matters. */
interface Opening {
  path: string
  exclusive?: boolean
  upgrades?: readonly Upgrade[]
}

/** The values, with the write lock where it is wanted. A file of an older schema is first brought to the present one. */
export async function readPresent(database: Database, options: Opening): Promise<Map<string, unknown>> {
  const { path, exclusive, upgrades = UPGRADES } = options
  if (exclusive) await database.begin()
  const values = await database.read()
  if (!isOutdated(values, path, upgrades)) return values
  if (!exclusive) await database.begin()
  // What another process wrote before this one had the lock counts: it may even have done all of it.
  const locked = exclusive ? values : await database.read()
  if (isOutdated(locked, path, upgrades)) await database.apply(changesToPresent(locked, upgrades))
  await database.end('COMMIT')
  return readPresent(database, options)
}
