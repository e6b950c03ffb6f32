// The check of one layer option against its definition. Imported lazily by `layer-options.ts`, since Ajv is slow
// to load; a module of its own, since a bundler keeps the names of a CommonJS package only for static imports.

import { Ajv, type ValidateFunction } from 'ajv'
import { messageOf, oneLine } from '../../errors.ts'
import { isMapping, showValue, type YamlMap } from '../charm-files.ts'
import { cleanSchema } from './schema.ts'

export interface Verdict {
  /** Why the schema is of no use. */
  unusable?: string
  /** The first rule that the value breaks. */
  broken?: Broken
}

export interface Broken {
  /** Where inside the value, as in `/0/name`. */
  where: string
  rule: string
  value: unknown
}

/** Check the value, and complete it with the defaults inside its schema, as `charm build` does. */
export function validate(schema: YamlMap, value: unknown): Verdict {
  const clean = cleanSchema(schema)
  if (isOfType(clean, value)) return {}
  const check = compile(clean)
  if (typeof check === 'string') return { unusable: check }
  if (check(value)) return {}
  const [error] = check.errors ?? []
  const rule = error?.keyword === 'enum' ? `must be one of ${showValue(error.schema)}` : error?.message
  return { broken: { where: error?.instancePath ?? '', rule: rule ?? 'is not valid', value: error?.data } }
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: Number.isFinite,
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isMapping,
}

/** Whether a schema says no more than a type, as most do, and the value is of it: Ajv takes its time for each schema. */
function isOfType({ type, default: _, ...others }: YamlMap, value: unknown): boolean {
  if (Object.keys(others).length > 0) return false
  return type === undefined || (type as string[]).some((name) => TYPES[name]?.(value))
}

function compile(schema: YamlMap): ValidateFunction | string {
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    validateFormats: false,
    unicodeRegExp: false,
    ownProperties: true,
    useDefaults: true,
    verbose: true,
    logger: false,
  })
  try {
    return ajv.compile(schema)
  } catch (error) {
    return oneLine(messageOf(error))
  }
}
