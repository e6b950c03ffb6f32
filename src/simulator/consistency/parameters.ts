// Parameters of an action against the JSON schema that actions.yaml declares, as Juju checks them.

import { Ajv } from 'ajv'
import type { ActionDeclaration } from '../../charm/charm-files.ts'
import { oneLine } from '../../errors.ts'
import { versionAtLeast } from '../../juju/juju-version.ts'

/** What is wrong with the parameters, in one line. */
export function paramsFault(
  { name, params: properties, raw }: ActionDeclaration,
  params: Readonly<Record<string, unknown>>,
  jujuVersion: string,
): string | undefined {
  // Juju 4 refuses what is not declared, unless the action allows it.
  const { required, additionalProperties = !versionAtLeast(jujuVersion, '4.0') } = raw
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false, logger: false })
  const schema = plain({
    type: 'object',
    properties,
    ...(required !== undefined && { required }),
    additionalProperties,
  })
  const validate = compile(ajv, schema)
  if (validate === undefined) return undefined
  if (validate(params)) return undefined
  const [error] = validate.errors ?? []
  const { instancePath = '', message = 'is not valid', params: details = {}, keyword = '' } = error ?? {}
  const place = instancePath.slice(1).replaceAll('/', '.')
  if (keyword === 'additionalProperties') {
    return `action ${name}: actions.yaml declares no parameter ${details.additionalProperty}: declare it, or leave it out`
  }
  if (keyword === 'required')
    return `action ${name}: the parameter ${details.missingProperty} is required: give it`
  const value = JSON.stringify(place.split('.').reduce<unknown>(valueAt, params))
  return oneLine(
    `action ${name}: the parameter ${place} ${message}: ${value}: correct it, or its schema in actions.yaml`,
  )
}

/** A schema that is none is refused by the tools that pack a charm, not here. */
function compile(ajv: Ajv, schema: Record<string, unknown>) {
  try {
    return ajv.compile(schema)
  } catch {
    return undefined
  }
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

/** YAML maps have no prototype, which ajv expects. */
function plain(value: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value))
}
