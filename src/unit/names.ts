// Names in relations, and their order: `db:2` comes before `db:10`, `app/2` before `app/10`.

import { byCodePoint } from './records.ts'

/** `app` of `app/0`. */
export function applicationOf(unit: string): string {
  return unit.split('/')[0] ?? ''
}

/** `db` of `db:1`. */
export function endpointOf(relationId: string): string {
  return relationId.split(':')[0] ?? ''
}

/** `privateAddress` of `private-address` or `private_address`. */
export function camelCase(name: string): string {
  return name.replace(/[_-]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** Compare relation ids by their number. */
export function compareRelationIds(a: string, b: string): number {
  return compareNumbered(a, b, ':')
}

/** Compare unit names by their application, then by their number. */
export function compareUnitNames(a: string, b: string): number {
  return compareNumbered(a, b, '/')
}

function compareNumbered(a: string, b: string, separator: string): number {
  const [nameA = '', numberA] = a.split(separator)
  const [nameB = '', numberB] = b.split(separator)
  return byCodePoint(nameA, nameB) || Number(numberA) - Number(numberB)
}
