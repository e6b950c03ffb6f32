// The layers of a charm in the order in which they lie on each other: `includes` depth first, the first mention
// counts, the top layer last. Interfaces stand apart, since they lie on nothing.

import path from 'node:path'
import { readDeclaration } from '../../charm/charm-files/sources.ts'
import { isMapping } from '../../charm/charm-files.ts'
import { ReactiveError } from '../../errors.ts'
import { suggestion } from '../../system/nearest.ts'
import { commitOf } from './git.ts'
import { configFile, errorIn, type Layer, readLayerConfig } from './layer.ts'
import { type LayerKind, parseReference, type Reference } from './reference.ts'
import { type Found, type Source, STAND_INS } from './sources.ts'

export interface Stack {
  /** The lowest first. */
  layers: Layer[]
  interfaces: Layer[]
  top: Layer
}

/** Find all layers of a charm. `missing` is asked for what no source has, and throws unless it finds it. */
export function readStack(
  top: Layer,
  sources: readonly Source[],
  missing: (reference: Reference, from: Layer) => Found = notHere,
): Stack {
  const stack: Stack = { layers: [], interfaces: [], top }
  const find = (reference: Reference, from: Layer): Found => {
    for (const source of sources) {
      const found = source(reference, from)
      if (found !== undefined) return found
    }
    return missing(reference, from)
  }
  include(top, [], stack, find)
  return stack
}

/** The charm's own name stands in its metadata. */
export function readTop(dir: string, env: NodeJS.ProcessEnv): Layer {
  const config = readLayerConfig(dir, 'layer')
  const metadata = readDeclaration(dir, 'metadata.yaml')?.value
  const given = isMapping(metadata) ? metadata.name : undefined
  const name = typeof given === 'string' && given !== '' ? given : path.basename(dir)
  const origin = { from: 'directory', commit: commitOf(dir, env) } as const
  return { kind: 'layer', name: config.name ?? name, url: name, dir, origin, config }
}

type Find = (reference: Reference, from: Layer) => Found

/** Put what a layer includes under it, and then the layer. */
function include(layer: Layer, above: readonly Layer[], stack: Stack, find: Find): void {
  layer.config.includes.forEach((text, index) => {
    const fail = (what: string) => errorIn(layer, ['includes', index], what)
    const found = readIncluded(text, layer, find, fail)
    const path = [...above, layer]
    if (path.some(({ dir }) => dir === found.dir))
      throw fail(`layers include each other: ${circle(path, found)}`)
    const row = found.kind === 'interface' ? stack.interfaces : stack.layers
    if (isKnown(found, row, fail)) return
    if (found.kind === 'interface') row.push(found)
    else include(found, path, stack, find)
  })
  stack.layers.push(layer)
}

function circle(path: readonly Layer[], found: Layer): string {
  const from = path.findIndex(({ dir }) => dir === found.dir)
  return [...path.slice(from), found].map(({ url }) => url).join(' -> ')
}

/** The first mention counts; two names for one layer, or two layers of one name, do not go together. */
function isKnown(found: Layer, row: readonly Layer[], fail: (what: string) => ReactiveError): boolean {
  const same = row.find(({ name }) => name === found.name)
  if (same !== undefined && same.dir !== found.dir)
    throw fail(`two layers have the same name: ${found.name}: ${same.dir} and ${found.dir}`)
  const twin = row.find(({ dir, name }) => dir === found.dir && name !== found.name)
  if (twin !== undefined) throw fail(`one layer has two names: ${twin.url} and ${found.url}: ${found.dir}`)
  return same !== undefined
}

function readIncluded(text: string, from: Layer, find: Find, fail: (what: string) => ReactiveError): Layer {
  const reference = ofInclude(fail, () => parseReference(text))
  const { dir, origin } = ofInclude(fail, () => find(reference, from))
  const kind = reference.kind ?? kindOf(dir)
  const config = readLayerConfig(dir, kind)
  return { kind, name: config.name ?? reference.name, url: text, dir, origin, config }
}

function kindOf(dir: string): LayerKind {
  const isInterface = configFile(dir, 'layer') === undefined && configFile(dir, 'interface') !== undefined
  return isInterface ? 'interface' : 'layer'
}

/** What is wrong with a word of `includes` has the place of that word. */
function ofInclude<Result>(fail: (what: string) => ReactiveError, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof ReactiveError) throw Object.assign(fail(error.message), { cause: error })
    throw error
  }
}

function notHere(reference: Reference): Found {
  throw new MissingLayerError(reference)
}

/** A layer that no source has. */
export class MissingLayerError extends ReactiveError {
  override name = 'MissingLayerError'
  readonly reference: Reference

  constructor(reference: Reference) {
    const { text, name, kind, path: way } = reference
    const hint = kind === 'interface' ? '' : suggestion(name, STAND_INS).slice(2)
    const remedy = hint || 'fetch it with: charms.reactive layers fetch'
    super(
      way === undefined
        ? `the layer is not on this machine: ${text}: ${remedy}`
        : `there is no such directory: ${text}`,
    )
    this.reference = reference
  }
}
