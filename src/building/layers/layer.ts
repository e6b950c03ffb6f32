// A layer or interface in its directory: what its layer.yaml (of an interface: interface.yaml) says about composing.

import fs from 'node:fs'
import path from 'node:path'
import { readYamlFile } from '../../charm/charm-files/yaml-file.ts'
import { isMapping, showValue, type YamlFile, type YamlMap } from '../../charm/charm-files.ts'
import { ReactiveError } from '../../errors.ts'
import type { LayerKind } from './reference.ts'

export interface Layer {
  kind: LayerKind
  name: string
  /** What messages and the build manifest call it: `layer:basic`, of the top layer the charm's name. */
  url: string
  dir: string
  origin: Origin
  config: LayerConfig
}

/** Where a layer comes from. */
export type Origin =
  | { from: 'directory'; commit: string }
  | { from: 'git'; repository: string; commit: string; subdir: string; branch: string }
  /** Ours, in place of one that everybody includes. */
  | { from: 'toolkit' }

export interface LayerConfig {
  /** Undefined where there is none, or an empty one. */
  file: YamlFile | undefined
  raw: YamlMap
  name: string | undefined
  includes: string[]
  /** Patterns of files of lower layers that are left out. */
  ignore: string[]
  /** Patterns of files of its own that are left out. */
  exclude: string[]
  /** Patterns of files of lower layers that it replaces. */
  overwrites: string[]
}

/** The files that may hold it; the second is what charm-tools read before. */
const FILES: Record<LayerKind, readonly string[]> = {
  layer: ['layer.yaml', 'composer.yaml'],
  interface: ['interface.yaml'],
}

/** The file of a layer that says what it is; undefined where there is none. */
export function configFile(dir: string, kind: LayerKind): string | undefined {
  return FILES[kind].find((name) => fs.existsSync(path.join(dir, name)))
}

/** Read what a layer says about composing. */
export function readLayerConfig(dir: string, kind: LayerKind): LayerConfig {
  const name = configFile(dir, kind)
  const file = name === undefined ? undefined : readYamlFile(path.join(dir, name))
  const raw: YamlMap = isMapping(file?.value) ? file.value : {}
  if (file !== undefined && file.value !== null && !isMapping(file.value))
    throw file.errorAt([], `the file must be a map: ${showValue(file.value)}`)
  return {
    file,
    raw,
    name: nameIn(raw, file),
    includes: kind === 'layer' ? listIn(raw, file, 'includes') : [],
    ignore: listIn(raw, file, 'ignore'),
    exclude: listIn(raw, file, 'exclude'),
    overwrites: listIn(raw, file, 'overwrites'),
  }
}

function nameIn({ name }: YamlMap, file: YamlFile | undefined): string | undefined {
  if (name === undefined || name === null) return undefined
  if (typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw file?.errorAt(['name'], `not the name of a layer: ${showValue(name)}`)
}

/** A list of texts. One text alone is a list of one; a built charm has a list for each layer, which is history. */
function listIn(raw: YamlMap, file: YamlFile | undefined, key: string): string[] {
  const value = raw[key]
  if (value === undefined || value === null || (key === 'ignore' && isMapping(value))) return []
  const list = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list)) throw file?.errorAt([key], `${key} must be a list: ${showValue(value)}`)
  return list.map((item: unknown, index) => {
    if (typeof item === 'string' && item !== '') return item
    throw file?.errorAt([key, index], `${key} must be a list of texts: ${showValue(item)}`)
  })
}

/** An error about what a layer says: with its place where there is a file. */
export function errorIn(
  { config, url }: Layer,
  keys: readonly (string | number)[],
  what: string,
): ReactiveError {
  return config.file?.errorAt(keys, what) ?? new ReactiveError(`${url}: ${what}`)
}
