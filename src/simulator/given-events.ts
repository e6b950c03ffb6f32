// Events as a person writes them, in `charms.reactive simulate` and in `run_events` of the test kit:
// `config-changed motd='a b'`, `db-relation-changed unit=mysql/0 host=10.0.0.1`, `action:backup target=/srv`.

import { split } from 'shlex'
import type { ConfigValue } from '../charm/charm-files/declarations.ts'
import { isMapping, readActions, readConfigOptions } from '../charm/charm-files.ts'
import { UsageError } from '../errors.ts'
import { readPair } from '../system/key-values.ts'
import { hasFailed } from './event-result.ts'
import type { EventResult, SimulatedEvent } from './events.ts'
import type { SimulatedUnit } from './unit.ts'

/** An event with values as text: of options for `config-changed`, of parameters for an action. */
export type GivenEvent = SimulatedEvent & {
  config?: Record<string, string>
  params?: Record<string, string>
}

/** Run events until one fails, as Juju would. */
export async function runUntilFailure(
  unit: SimulatedUnit,
  events: readonly GivenEvent[],
): Promise<EventResult[]> {
  const results: EventResult[] = []
  for (const { config = {}, params = {}, ...event } of events) {
    unit.setConfig(parseConfig(unit.charmDir, config))
    const { action } = event
    const result = await unit.run({
      ...event,
      ...(action && { action: { ...action, params: parseParams(unit.charmDir, action.name, params) } }),
    })
    results.push(result)
    // A failed action leaves the unit as it was; after a failed hook Juju runs no other.
    if (hasFailed(result) && result.action === undefined) break
  }
  return results
}

const EVENT_KEYS = {
  relation: 'relation',
  unit: 'remoteUnit',
  departing: 'departingUnit',
  storage: 'storage',
  secret: 'secret',
} as const

/**
 * Read `NAME KEY=VALUE...`, quoted as for a shell. For `action:NAME` the keys are parameters, for
 * `config-changed` options; in a relation hook those that do not name the relation or a
 * unit are data of the remote unit, or with `unit=` of its application.
 */
export function parseEvent(text: string): GivenEvent {
  const [name = '', ...words] = shellWords(text)
  const pairs = words.map((word) => readPair(word, 'expected KEY=VALUE in an event'))
  if (name === '') throw new UsageError('an event must have a name: (empty)')
  if (name.startsWith('action:')) return actionEvent(name.slice('action:'.length), Object.fromEntries(pairs))
  if (name === 'config-changed') return { name, config: Object.fromEntries(pairs) }
  const event: GivenEvent = { name }
  for (const [key, value] of pairs) {
    if (isEventKey(key)) event[EVENT_KEYS[key]] = value
    else if (name.includes('-relation-')) event.remoteData = { ...event.remoteData, [key]: value }
    else
      throw new UsageError(`an event has no such key: ${key} (it has ${Object.keys(EVENT_KEYS).join(', ')})`)
  }
  return event
}

function shellWords(text: string): string[] {
  try {
    return split(text)
  } catch {
    throw new UsageError(`a quote is not closed, or nothing follows a backslash: ${text}`)
  }
}

function isEventKey(key: string): key is keyof typeof EVENT_KEYS {
  return Object.hasOwn(EVENT_KEYS, key)
}

/** An action with its parameters. */
export function actionEvent(name: string, params: Record<string, string>): GivenEvent {
  return { name, action: { name }, params }
}

/** Parameters of the types that actions.yaml declares; others are numbers or booleans if they look so. */
function parseParams(charm: string, action: string, params: Record<string, string>): Record<string, unknown> {
  const schemas = readActions(charm).get(action)?.params ?? {}
  const values = Object.entries(params).map(([name, text]): [string, unknown] => {
    const schema = schemas[name]
    const type = isMapping(schema) ? schema.type : undefined
    if (type === 'string') return [name, text]
    return [name, type === 'object' || type === 'array' ? jsonOf(name, text) : scalarOf(text)]
  })
  return Object.fromEntries(values)
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`the parameter ${name} must be JSON: ${text}`)
  }
}

/** A number or a boolean if the text is one, else the text. */
function scalarOf(text: string): string | number | boolean {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) ? Number(text) : text
}

/** Values of the types that config.yaml declares. */
export function parseConfig(charm: string, config: Record<string, string>): Record<string, ConfigValue> {
  if (Object.keys(config).length === 0) return {}
  const options = readConfigOptions(charm)
  const values = Object.entries(config).map(([name, text]): [string, ConfigValue] => {
    const type = options.get(name)?.type ?? 'string'
    return [name, type === 'string' || type === 'secret' ? text : scalarOf(text)]
  })
  return Object.fromEntries(values)
}
