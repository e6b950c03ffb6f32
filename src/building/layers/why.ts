// `charms.reactive layers` and `layers why`: which layer each part of a charm comes from.

import path from 'node:path'
import { stringify } from 'yaml'
import { isMapping, readYaml } from '../../charm/charm-files.ts'
import { UsageError } from '../../errors.ts'
import { suggestion } from '../../system/nearest.ts'
import type { Composition } from '../composing/compose.ts'
import { MERGED } from '../composing/merged-files.ts'
import type { Layer } from './layer.ts'

/** The layers and files of a charm, with where they come from. */
export interface Origins {
  layers: { url: string; from: string }[]
  /** By path: the layers that have such a file, the lowest first. */
  files: Record<string, string[]>
}

/** Say where everything comes from. */
export function originsOf({ stack, files, contributions }: Composition): Origins {
  const rows = [...files].map(([name, { url }]): [string, string[]] => {
    const parts = contributions.get(name)?.map(({ layer }) => layer.url)
    return [name, parts ?? [url]]
  })
  return {
    layers: [...stack.layers, ...stack.interfaces].map((layer) => ({ url: layer.url, from: placeOf(layer) })),
    files: Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function placeOf({ origin, dir }: Layer): string {
  if (origin.from === 'toolkit') return 'the toolkit'
  if (origin.from === 'git') return `${origin.repository} ${origin.commit.slice(0, 12)}`
  return origin.commit === '' ? dir : `${dir} ${origin.commit.slice(0, 12)}`
}

/** The origins as lines. */
export function originsText({ layers, files }: Origins): string {
  return `${columns(layers.map(({ url, from }) => [url, from]))}\n${columns(
    Object.entries(files).map(([name, urls]) => [name, urls.join(', ')]),
  )}`
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}\n`).join('')
}

/** A layer's part of something. */
export interface Part {
  url: string
  part: unknown
}

/** Which layers make a file, a key (`config.port`), or an option (`option LAYER.NAME`); the last one counts most. */
export function why(composition: Composition, words: readonly string[]): Part[] {
  const [first = '', second] = words
  if (first === 'option' && second !== undefined) return found(partsOfOption(composition, second), second)
  if (second !== undefined)
    throw new UsageError(`why takes FILE, config.KEY, or option LAYER.NAME: ${words.join(' ')}`)
  const { [first]: urls } = originsOf(composition).files
  if (urls !== undefined) return urls.map((url) => ({ url, part: first }))
  const [section = '', ...keys] = first.split('.')
  const isSection = Object.hasOwn(MERGED, `${section}.yaml`)
  if (!isSection || keys.length === 0) {
    const names = [...composition.files.keys()]
    throw new UsageError(`the charm has no such file: ${first}${suggestion(first, names)}`)
  }
  return found(partsOfKey(composition, section, keys.join('.')), first)
}

function found(parts: Part[], word: string): Part[] {
  if (parts.length === 0) throw new UsageError(`no layer has it: ${word}`)
  return parts
}

function partsOfKey({ stack }: Composition, section: string, dotted: string): Part[] {
  const root = MERGED[`${section}.yaml`]?.root
  return stack.layers.flatMap(({ url, dir }) => {
    const value = readYaml(path.join(dir, `${section}.yaml`))
    const part = valueAt(root !== undefined && isMapping(value) ? value[root] : value, dotted)
    return part === undefined ? [] : [{ url, part }]
  })
}

function partsOfOption({ stack }: Composition, word: string): Part[] {
  const [name = '', ...rest] = word.split('.')
  const option = rest.join('.')
  return stack.layers.flatMap(({ url, name: own, config: { raw } }) => {
    const schema = own === name && isMapping(raw.defines) ? raw.defines[option] : undefined
    const byDefault = isMapping(schema) ? [{ url: `${url} (default)`, part: schema.default ?? null }] : []
    const set = isMapping(raw.options) ? valueAt(raw.options[name], option) : undefined
    return set === undefined ? byDefault : [...byDefault, { url, part: set }]
  })
}

/** What a dotted path leads to; a key may have dots itself. */
function valueAt(value: unknown, dotted: string): unknown {
  if (!isMapping(value)) return undefined
  if (dotted in value) return value[dotted]
  const dots = [...dotted].flatMap((letter, index) => (letter === '.' ? [index] : []))
  for (const dot of dots) {
    const inner = valueAt(value[dotted.slice(0, dot)], dotted.slice(dot + 1))
    if (inner !== undefined) return inner
  }
  return undefined
}

/** The parts as lines. */
export function whyText(parts: readonly Part[]): string {
  return parts.map(({ url, part }) => `${url}: ${inline(part)}`).join('')
}

function inline(part: unknown): string {
  const text = stringify(part, { version: '1.1', lineWidth: 0, collectionStyle: 'flow' })
  return text.endsWith('\n') ? text : `${text}\n`
}
