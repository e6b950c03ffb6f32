// What a charm says about itself: metadata.yaml, config.yaml, layer.yaml and actions.yaml, or charmcraft.yaml in place
// of them (charm-files/sources.ts), read as PyYAML reads them and checked for their shape. An error is a ReactiveError that names the absolute path, line and column.
// Load this module when it is needed: it brings the `yaml` package with it.

import { join, resolve } from 'node:path'
import { ReactiveError } from '../errors.ts'
import type {
  ActionDeclaration,
  ConfigOption,
  ConfigValue,
  EndpointDeclaration,
  EndpointRole,
  Metadata,
  YamlMap,
} from './charm-files/declarations.ts'
import { readDeclaration } from './charm-files/sources.ts'
import { readYamlFile, type YamlFile, type YamlPart } from './charm-files/yaml-file.ts'
import { isMapping, showValue } from './charm-files/yaml-values.ts'

export type * from './charm-files/declarations.ts'
export type { YamlFile, YamlPart }
export { isMapping, showValue }

export interface Layer {
  includes: string[]
  /** The options that are set, by layer. */
  options: YamlMap
  defines: YamlMap
  raw: YamlMap
  /** For errors with a place. */
  file: YamlFile
}

/** Read any YAML file: undefined when it does not exist, null when it is empty. */
export function readYaml(path: string): unknown {
  return readYamlFile(path)?.value
}

/** Read the metadata, which every charm has. */
export function readMetadata(charmDir: string): Metadata {
  const file = readDeclaration(charmDir, 'metadata.yaml')
  if (file === undefined)
    throw new ReactiveError(`the charm has no metadata.yaml: ${join(resolve(charmDir), 'metadata.yaml')}`)
  return metadataIn(file)
}

/** What a metadata.yaml says, which need not stand in a charm dir yet. */
export function metadataIn(file: YamlPart): Metadata {
  const raw = wholeMap(file)
  const metadata: Metadata = {
    name: requiredString(file, raw, ['name']),
    subordinate: readSubordinate(file, raw),
    endpoints: (['provides', 'requires', 'peers'] as const).flatMap((role) => readEndpoints(file, raw, role)),
    storage: Object.keys(mapAt(file, raw, ['storage'])),
    raw,
  }
  return typeof raw.summary === 'string' ? { ...metadata, summary: raw.summary } : metadata
}

/** Read the options that config.yaml declares; none when it is absent or empty. */
export function readConfigOptions(charmDir: string): Map<string, ConfigOption> {
  const file = readDeclaration(charmDir, 'config.yaml')
  if (file === undefined || file.value === null) return new Map()
  const options = mapAt(file, wholeMap(file), ['options'])
  return new Map(Object.keys(options).map((name) => [name, readConfigOption(file, options, name)]))
}

/** What a type of config.yaml accepts. */
export const CONFIG_TYPES: Record<ConfigOption['type'], (value: ConfigValue) => boolean> = {
  string: (value) => typeof value === 'string',
  int: Number.isInteger,
  float: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  secret: (value) => typeof value === 'string',
}

/** Throw for a default of another type than its option, with which Juju refuses the charm. */
export function checkConfigDefaults(charmDir: string): void {
  const file = readDeclaration(charmDir, 'config.yaml')
  for (const { name, type, default: value } of readConfigOptions(charmDir).values()) {
    if (file === undefined || value === null || CONFIG_TYPES[type](value)) continue
    const keys = ['options', name, 'default']
    const written = file.plainText(keys) ?? showValue(value)
    const remedy =
      type === 'string' || type === 'secret' ? `quote it: ${JSON.stringify(written)}` : 'correct it'
    throw file.errorAt(keys, `the default of ${name} must be of type ${type}: ${written}: ${remedy}`)
  }
}

/** Read layer.yaml; undefined when it is absent, without anything in it when it is empty. */
export function readLayer(charmDir: string): Layer | undefined {
  const file = readYamlFile(join(charmDir, 'layer.yaml'))
  if (file === undefined) return undefined
  const raw: YamlMap = file.value === null ? Object.create(null) : wholeMap(file)
  return {
    includes: readIncludes(file, raw),
    options: mapAt(file, raw, ['options']),
    defines: mapAt(file, raw, ['defines']),
    raw,
    file,
  }
}

/** Read the actions that actions.yaml declares; none when it is absent or empty. */
export function readActions(charmDir: string): Map<string, ActionDeclaration> {
  const file = readDeclaration(charmDir, 'actions.yaml')
  if (file === undefined || file.value === null) return new Map()
  const actions = wholeMap(file)
  return new Map(Object.keys(actions).map((name) => [name, readAction(file, actions, name)]))
}

function readEndpoints(file: YamlPart, raw: YamlMap, role: EndpointRole): EndpointDeclaration[] {
  const declared = mapAt(file, raw, [role])
  return Object.entries(declared).map(([name, value]) => {
    if (typeof value === 'string' && value !== '') return { name, role, interface: value }
    if (!isMapping(value)) throw wrong(file, [role, name], 'must name an interface', value)
    const endpoint = { name, role, interface: requiredString(file, value, [role, name, 'interface']) }
    return typeof value.scope === 'string' ? { ...endpoint, scope: value.scope } : endpoint
  })
}

/** Juju takes the words as well. */
function readSubordinate(file: YamlPart, { subordinate }: YamlMap): boolean {
  if (subordinate === undefined || subordinate === null) return false
  if (subordinate === true || subordinate === 'true') return true
  if (subordinate === false || subordinate === 'false') return false
  throw wrong(file, ['subordinate'], 'must be true or false', subordinate)
}

function readConfigOption(file: YamlPart, options: YamlMap, name: string): ConfigOption {
  const option = mapAt(file, options, ['options', name])
  const types = Object.keys(CONFIG_TYPES) as ConfigOption['type'][]
  const type = types.find((known) => known === (option.type ?? 'string'))
  if (type === undefined)
    throw wrong(file, ['options', name, 'type'], `must be one of ${types.join(', ')}`, option.type)
  const value = option.default ?? null
  if (!isConfigValue(value)) throw wrong(file, ['options', name, 'default'], 'must be a single value', value)
  return { name, type, default: value, description: textOf(option.description) }
}

function isConfigValue(value: unknown): value is ConfigValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function readIncludes(file: YamlPart, { includes }: YamlMap): string[] {
  if (includes === undefined || includes === null) return []
  if (!Array.isArray(includes)) throw wrong(file, ['includes'], 'must be a list', includes)
  return includes.map((include: unknown, index) => {
    if (typeof include === 'string') return include
    throw wrong(file, ['includes', index], 'must be a string', include)
  })
}

function readAction(file: YamlPart, actions: YamlMap, name: string): ActionDeclaration {
  const raw = mapAt(file, actions, [name])
  return { name, description: textOf(raw.description), params: mapAt(file, raw, [name, 'params']), raw }
}

function wholeMap(file: YamlPart): YamlMap {
  if (isMapping(file.value)) return file.value
  throw file.errorAt([], `the file must be a map: ${showValue(file.value)}`)
}

/** The map that the last of the keys has in its parent; an empty one when there is none. */
function mapAt(file: YamlPart, parent: YamlMap, keys: readonly string[]): YamlMap {
  const value = parent[keys.at(-1) ?? '']
  if (value === undefined || value === null) return Object.create(null)
  if (isMapping(value)) return value
  throw wrong(file, keys, 'must be a map', value)
}

function requiredString(file: YamlPart, parent: YamlMap, keys: readonly string[]): string {
  const value = parent[keys.at(-1) ?? '']
  if (typeof value === 'string' && value !== '') return value
  if (value === undefined) throw file.errorAt(keys, `is missing: ${keys.join('.')}`)
  throw wrong(file, keys, 'must be a string that is not empty', value)
}

/** The error for a value at these keys; the rule follows the keys. */
export function wrong(
  file: YamlPart,
  keys: readonly (string | number)[],
  rule: string,
  value: unknown,
): ReactiveError {
  return file.errorAt(keys, `${keys.join('.')} ${rule}: ${showValue(value)}`)
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}
