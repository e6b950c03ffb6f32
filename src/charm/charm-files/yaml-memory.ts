// What was read from YAML files, remembered from hook to hook in the unit state: to parse a charm's config.yaml
// takes longer than all else in a hook with nothing to do. A value is remembered with the whole text that it was
// read from, and counts for that text alone. Used by `yaml-file.ts`; a run brings its state at `recallYaml`.

import { dirname, relative, resolve } from 'node:path'
import { VERSION } from '../../version.ts'

/** Larger ones are read again: they would make every start slower that does not need them. */
const LARGEST_TEXT = 256 * 1024

interface Row {
  /** Another version may read the text in another way. */
  version: string
  text: string
  /** The value, as JSON text: every reader gets an object of its own. */
  json: string
}

/** Where rows are kept: the unit state, under a prefix. A row is named by its file's path from there. */
interface Shelf {
  readonly path: string
  entries(prefix: string): Iterable<[name: string, value: unknown]>
  set(key: string, value: unknown): void
}

/** By path. A memory of texts: it belongs to no run, and may go at any time. */
const rows = new Map<string, Row>()
/** The paths of those that are not in the unit state. */
const fresh = new Set<string>()

/** Begin a run with what earlier ones have read. */
export function recallYaml(shelf: Shelf, prefix: string): void {
  rows.clear()
  fresh.clear()
  for (const [name, row] of shelf.entries(prefix)) rows.set(resolve(dirname(shelf.path), name), row as Row)
}

/** Hand over what this run has read, for its commit. */
export function keepYaml(shelf: Shelf, prefix: string): void {
  for (const path of fresh) shelf.set(prefix + relative(dirname(shelf.path), path), rows.get(path))
  fresh.clear()
}

/** The value of the file with this text, or nothing where it is not known. */
export function remembered(path: string, text: string): { value: unknown } | undefined {
  const row = rows.get(path)
  if (row === undefined || row.text !== text || row.version !== VERSION) return undefined
  return { value: JSON.parse(row.json, withoutPrototype) }
}

export function remember(path: string, text: string, value: unknown): void {
  if (text.length > LARGEST_TEXT || !isJson(value)) return
  const json = JSON.stringify(value)
  // Aliases may expand to more than their text.
  if (json.length > LARGEST_TEXT) return
  rows.set(path, { version: VERSION, text, json })
  fresh.add(path)
}

/** Whether JSON gives back the very same value. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null)
    return ['string', 'boolean', 'object'].includes(typeof value)
  if (Array.isArray(value)) return value.every(isJson)
  return Object.getPrototypeOf(value) === null && Object.values(value).every(isJson)
}

/** Maps of YAML files have no prototype: a key `__proto__` is only data. */
function withoutPrototype(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.assign(Object.create(null), value)
}
