// The JSON schemas of layer options as charm authors write them, and what of them Ajv is given. Used by
// `layer-options.ts` and `validate.ts`.

import { isMapping, type YamlMap } from '../charm-files.ts'

/** The names of types that charm authors know from config.yaml and from Python. */
const TYPES: Record<string, string> = {
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  str: 'string',
  list: 'array',
  dict: 'object',
  map: 'object',
}
const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']

const keep = (value: unknown) => value
const ignore = () => undefined
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
const string = (value: unknown) => (typeof value === 'string' ? value : undefined)
const boolean = (value: unknown) => (typeof value === 'boolean' ? value : undefined)
const list = (value: unknown) => (Array.isArray(value) && value.length > 0 ? value : undefined)
const schema = (value: unknown) => (isMapping(value) ? cleanSchema(value) : boolean(value))
const schemaList = (value: unknown) => list(value)?.map((item: unknown) => schema(item) ?? true)
const schemaMap = (value: unknown) =>
  isMapping(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, schema(item) ?? true]))
    : undefined

/** The words of a schema, by what of their value counts: anything else is left out, as are other words. */
export const SCHEMA_WORDS: Record<string, (value: unknown) => unknown> = wordTable([
  [keep, 'default const'],
  [list, 'enum required'],
  [string, 'pattern $ref'],
  [boolean, 'uniqueItems'],
  [number, 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength'],
  [number, 'minItems maxItems minProperties maxProperties'],
  [schema, 'additionalItems contains additionalProperties propertyNames not'],
  [schemaList, 'allOf anyOf oneOf'],
  [schemaMap, 'properties patternProperties definitions $defs'],
  [(value) => schemaList(value) ?? schema(value), 'items'],
  [cleanType, 'type'],
  [ignore, 'description title format examples'],
])

function wordTable(rows: readonly (readonly [(value: unknown) => unknown, string])[]) {
  const entries = rows.flatMap(([clean, words]) => words.split(' ').map((word) => [word, clean] as const))
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

/** The schema without what Ajv refuses: words of draft 04 (`required: true`), `type: int`, words of other tools. */
export function cleanSchema(schema: YamlMap): YamlMap {
  const words = Object.entries(schema).map(([word, value]) => [word, SCHEMA_WORDS[word]?.(value)])
  const clean: YamlMap = Object.fromEntries(words.filter(([, value]) => value !== undefined))
  if (schema.exclusiveMinimum === true && clean.minimum !== undefined) clean.exclusiveMinimum = clean.minimum
  if (schema.exclusiveMaximum === true && clean.maximum !== undefined) clean.exclusiveMaximum = clean.maximum
  return structuredClone(clean)
}

function cleanType(type: unknown): string[] | undefined {
  const names = (Array.isArray(type) ? type : [type]).map((name) => TYPES[String(name)] ?? String(name))
  return names.length > 0 && names.every((name) => JSON_TYPES.includes(name)) ? names : undefined
}
