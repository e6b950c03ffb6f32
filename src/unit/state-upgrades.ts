// The versions of the unit state: what brings the values of an older one to the present layout, and which files
// are of no version that this toolkit knows. Called by `store.ts` when it opens a file. A change of keys or of
// the shape of their values is a step at the end of UPGRADES, and a fixture of the new version
// (test/reliability/schema-upgrades.test.ts).

import { isDeepStrictEqual } from 'node:util'
import { ReactiveError } from '../errors.ts'
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
