// Where the definitions of a layer's options stand in layer.yaml; the head of `layer-options.ts` tells in which
// forms they come.

import { readDeclaration } from '../charm-files/sources.ts'
import { isMapping, type Layer, showValue, type YamlMap } from '../charm-files.ts'
import { SCHEMA_WORDS } from './schema.ts'

/** Whether layer.yaml names the layer at all. */
export function isMentioned({ includes, options }: Layer, name: string): boolean {
  return name in options || includes.includes(`layer:${name}`)
}

/** The definitions of a layer's options, and the keys that lead to them; undefined where there are none. */
export function findDefinitions(
  layer: Layer,
  charmDir: string,
  name: string,
): { schemas: YamlMap; schemasAt: readonly string[] } | undefined {
  const own = layer.defines[name]
  if (isMapping(own) && !isSchema(own) && !(isEmpty(own) && !isMentioned(layer, name)))
    return { schemas: own, schemasAt: ['defines', name] }
  const schemas = directDefinitions(layer)
  if (isEmpty(schemas)) return undefined
  const set = layer.options[name]
  const setsOthers = isMapping(set) && Object.keys(set).some((option) => !(option in schemas))
  const applies = isOwnLayer(layer, charmDir, name) || (isMentioned(layer, name) && !setsOthers)
  return applies ? { schemas, schemasAt: ['defines'] } : undefined
}

/** What of a layer.yaml holds definitions. */
type Defining = Pick<Layer, 'defines' | 'file'>

/** The schemas directly below `defines`. An entry without anything is a schema that allows everything. */
export function directDefinitions({ defines, file }: Defining): YamlMap {
  const schemas: YamlMap = Object.create(null)
  if (isOneSchema(defines)) return isMapping(defines.properties) ? defines.properties : schemas
  for (const [name, value] of Object.entries(defines)) {
    const entry = value ?? {}
    if (!isMapping(entry))
      throw file.errorAt(['defines', name], `defines.${name} must be a map: ${showValue(entry)}`)
    if (isEmpty(entry) || isSchema(entry)) schemas[name] = entry
  }
  return schemas
}

/** Whether `defines` is one schema for all options, as in layer:snap, instead of one for each. */
export function isOneSchema(defines: YamlMap): boolean {
  return typeof defines.type === 'string'
}

/** The schemas below `defines` that are those of a layer which is named there, by layer. */
export function namedDefinitions({ defines }: Defining): Record<string, YamlMap> {
  const isNamed = ([, entry]: [string, unknown]) => isMapping(entry) && !isEmpty(entry) && !isSchema(entry)
  return Object.fromEntries(Object.entries(defines).filter(isNamed)) as Record<string, YamlMap>
}

function isOwnLayer({ raw }: Layer, charmDir: string, name: string): boolean {
  const metadata = readDeclaration(charmDir, 'metadata.yaml')?.value
  const names = [isMapping(metadata) ? metadata.name : undefined, raw.is]
  return names.some((own) => typeof own === 'string' && own.split(/[/:]/).at(-1) === name)
}

/** Maps that are schemas themselves make it the definitions of a layer, even if an option is called `default`. */
function isSchema(entry: YamlMap): boolean {
  const words = Object.keys(entry).filter((key) => key in SCHEMA_WORDS)
  if (words.some((word) => !isMapping(entry[word]))) return true
  const maps = Object.values(entry).filter(isMapping)
  const isLayer = maps.some(isSchema) && maps.every((map) => isEmpty(map) || isSchema(map))
  return words.length > 0 && !isLayer
}

function isEmpty(map: YamlMap): boolean {
  return Object.keys(map).length === 0
}
