// The options of layers (documentation 2.3.7): what layer.yaml sets, with the defaults of its definitions.
// Called by the command `layer_option`, and by the engine for its own layer, `reactive`.
//
// A built charm has no definitions: `charm build` checks the options, writes all defaults into `options` and
// drops `defines`. The layer.yaml of a source layer defines its own options directly below `defines`. A file may
// also have `defines: {LAYER: {OPTION: schema}}`. An entry of `defines` is a schema when it uses a word of JSON
// schema (`type`, `default`, `enum`, …) as one; otherwise it is the definitions of the layer of that name.
// Definitions directly below `defines` count for the charm's own layer (`name` of metadata.yaml, or the last
// part of `is` in layer.yaml), and for every layer of the file that has none of its own and sets nothing else.

import { join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { isMapping, type Layer, readLayer, showValue, type YamlMap } from './charm-files.ts'
import { findDefinitions, isMentioned } from './layer-options/definitions.ts'
import { validate } from './layer-options/validate.ts'

/** What layer.yaml says about one layer. */
interface LayerSection {
  name: string
  /** The values that are set, by option. */
  set: YamlMap
  /** The definitions, by option, and the keys that lead to them. */
  schemas: YamlMap
  schemasAt: readonly string[]
  file: Layer['file']
}

/** All options of the layer, those that are set first; null where there is neither value nor default. */
export function layerOptions(charmDir: string, layer: string): YamlMap {
  const section = findLayer(charmDir, layer)
  const options: YamlMap = Object.create(null)
  for (const name of new Set([...Object.keys(section.set), ...Object.keys(section.schemas)])) {
    options[name] = optionValue(section, name)
  }
  return options
}

/** The value of one option: what is set, else the default, else null. */
export function layerOption(charmDir: string, layer: string, option: string): unknown {
  const section = findLayer(charmDir, layer)
  if (option === '' || !(option in section.set || option in section.schemas))
    throw new UsageError(`no such option of layer ${layer}: ${showValue(option)}`)
  return optionValue(section, option)
}

/** Whether layer.yaml says anything of the layer. */
export function hasLayer(charmDir: string, name: string): boolean {
  const layer = readLayer(charmDir)
  if (layer === undefined || name === '') return false
  return isMentioned(layer, name) || findDefinitions(layer, charmDir, name) !== undefined
}

function findLayer(charmDir: string, name: string): LayerSection {
  const layer = readLayer(charmDir)
  if (layer === undefined)
    throw new UsageError(`the charm has no layer.yaml: ${join(resolve(charmDir), 'layer.yaml')}`)
  const { file, options } = layer
  const set = options[name] ?? Object.create(null)
  if (!isMapping(set))
    throw file.errorAt(['options', name], `options.${name} must be a map: ${showValue(set)}`)
  const definitions = findDefinitions(layer, charmDir, name)
  if (name === '' || !(isMentioned(layer, name) || definitions !== undefined))
    throw new UsageError(`no such layer in layer.yaml: ${showValue(name)}`)
  return { name, set, file, ...(definitions ?? { schemas: Object.create(null), schemasAt: [] }) }
}

function optionValue(section: LayerSection, option: string): unknown {
  const { name, set, schemas, schemasAt, file } = section
  const isSet = option in set
  const schema = schemas[option]
  const given = isSet ? set[option] : isMapping(schema) ? (schema.default ?? null) : null
  if (!isMapping(schema) || (!isSet && given === null)) return given
  const value: unknown = structuredClone(given)
  const { unusable, broken } = validate(schema, value)
  if (unusable !== undefined) {
    const what = `the definition of layer option ${name} ${option} cannot be used: ${unusable}`
    throw file.errorAt([...schemasAt, option], what)
  }
  if (broken === undefined) return value
  const keys = isSet ? ['options', name, option] : [...schemasAt, option, 'default']
  const what = `layer option ${name} ${option}${broken.where} ${broken.rule}: ${showValue(broken.value)}`
  throw file.errorAt([...keys, ...broken.where.split('/').slice(1)], what)
}
