// The options of all layers of a charm: what their layer.yaml files set, checked against what the layers define
// (documentation 2.3.7), and completed with the defaults.

import { isMapping, showValue, type YamlFile, type YamlMap } from '../../charm/charm-files.ts'
import { directDefinitions, isOneSchema, namedDefinitions } from '../../charm/layer-options/definitions.ts'
import { validate } from '../../charm/layer-options/validate.ts'
import { OWN_OPTION_NAMES } from '../../charm/layer-settings.ts'
import type { ReactiveError } from '../../errors.ts'
import { suggestion } from '../../system/nearest.ts'
import { errorIn, type Layer, type LayerConfig, readLayerConfig } from '../layers/layer.ts'
import { ownLayerDir, STAND_INS } from '../layers/sources.ts'

/** The definitions of one layer's options, by option. */
type Schemas = Map<string, unknown>

/** Check the options of all layers; `set` are the merged ones. The result is complete. */
export function completeOptions(layers: readonly Layer[], set: unknown): Record<string, YamlMap> {
  const defined = definitionsOf(layers)
  const options: Record<string, YamlMap> = Object.create(null)
  const open = new Set(layers.filter(takesAny).map(({ name }) => name))
  for (const layer of layers) checkNames(layer, defined, open)
  for (const [name, schemas] of defined) {
    const given = isMapping(set) && isMapping(set[name]) ? set[name] : {}
    // A layer that says nothing about itself has no options either, as charm-tools sees it.
    const speaks = layers.some(({ name: own, config }) => own === name && config.file !== undefined)
    if (!speaks && Object.keys(given).length === 0) continue
    options[name] = completeLayer(name, schemas, given, layers)
  }
  return options
}

/** Of every layer that is there, of those that the toolkit stands in for, and of the toolkit itself. */
function definitionsOf(layers: readonly Layer[]): Map<string, Schemas> {
  const defined = new Map<string, Schemas>()
  const add = (name: string, schemas: YamlMap) =>
    defined.set(name, new Map([...(defined.get(name) ?? []), ...Object.entries(schemas)]))
  for (const name of STAND_INS)
    add(name, directDefinitions(definesIn(readLayerConfig(ownLayerDir(name), 'layer'))))
  add('reactive', Object.fromEntries(OWN_OPTION_NAMES.map((option) => [option, {}])))
  for (const layer of layers) {
    const defines = definesIn(layer.config)
    add(layer.name, directDefinitions(defines))
    for (const [name, schemas] of Object.entries(namedDefinitions(defines))) add(name, schemas)
  }
  return defined
}

/** The definitions of a layer, with their file. A layer without a file has none. */
function definesIn({ raw: { defines = {} }, file }: LayerConfig): { defines: YamlMap; file: YamlFile } {
  if (defines !== null && !isMapping(defines))
    throw file?.errorAt(['defines'], `defines must be a map: ${showValue(defines)}`)
  return { defines: defines ?? {}, file: file as YamlFile }
}

/** Whether a layer does not say which options it has. */
function takesAny({ config }: Layer): boolean {
  const { defines } = definesIn(config)
  return Object.keys(defines).length === 0 || (isOneSchema(defines) && !isMapping(defines.properties))
}

/** Names of layers and options, at the place where a layer sets them. */
function checkNames(layer: Layer, defined: ReadonlyMap<string, Schemas>, open: ReadonlySet<string>): void {
  const { options } = layer.config.raw
  if (options === undefined || options === null) return
  if (!isMapping(options)) throw errorIn(layer, ['options'], `options must be a map: ${showValue(options)}`)
  for (const [name, given] of Object.entries(options)) {
    const keys = ['options', name]
    const schemas = defined.get(name)
    // The layer that charm-tools lets pass, since it is no layer; and those that let any option pass.
    if (name === 'charms.reactive' || open.has(name)) continue
    if (schemas === undefined)
      throw errorIn(layer, keys, `no such layer in this charm: ${name}${suggestion(name, defined.keys())}`)
    if (given === null) continue
    if (!isMapping(given)) throw errorIn(layer, keys, `options.${name} must be a map: ${showValue(given)}`)
    for (const option of Object.keys(given)) {
      if (schemas.has(option)) continue
      const near = suggestion(option, schemas.keys())
      throw errorIn(layer, [...keys, option], `no such option of layer ${name}: ${option}${near}`)
    }
  }
}

function completeLayer(name: string, schemas: Schemas, given: YamlMap, layers: readonly Layer[]): YamlMap {
  const complete: YamlMap = Object.create(null)
  for (const [option, schema] of schemas) {
    if (!isMapping(schema)) continue
    const value = option in given ? given[option] : structuredClone(schema.default)
    if (value === undefined) continue
    const { unusable, broken } = validate(schema, value)
    const fail = (where: string, what: string) => errorAbout(name, option, where, what, layers)
    if (unusable !== undefined) throw fail('', `the definition cannot be used: ${unusable}`)
    if (broken !== undefined) throw fail(broken.where, `${broken.rule}: ${showValue(broken.value)}`)
    complete[option] = value
  }
  return complete
}

/** At the topmost place that sets the option, else at its definition. */
function errorAbout(
  name: string,
  option: string,
  where: string,
  what: string,
  layers: readonly Layer[],
): ReactiveError {
  const setsIt = ({ config: { raw } }: Layer) =>
    isMapping(raw.options) && isMapping(raw.options[name]) && option in raw.options[name]
  const setter = layers.findLast(setsIt)
  const owner = setter ?? layers.find((layer) => layer.name === name)
  const keys =
    setter === undefined ? ['defines', option] : ['options', name, option, ...where.split('/').slice(1)]
  const text = `options.${name}.${option}${where.replaceAll('/', '.')} ${what}`
  if (owner === undefined) throw new TypeError(text)
  return errorIn(owner, keys, text)
}
