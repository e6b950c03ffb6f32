// Events as a person writes them, in `charms.reactive simulate` and in `run_events` of the test kit:
// `config-changed motd='a b'`, `db-relation-changed unit=mysql/0 host=10.0.0.1`, `action:backup target=/srv`.

import { split } from 'shlex'
import { type ConfigValue, readConfigOptions } from '../charm/charm-files.ts'
import { UsageError } from '../errors.ts'
import { readPair } from '../system/key-values.ts'
import { hasFailed } from './event-result.ts'
import type { EventResult, SimulatedEvent } from './events.ts'
import type { SimulatedUnit } from './unit.ts'

/** An event, and for `config-changed` the values of options, as text. */
export type GivenEvent = SimulatedEvent & { config?: Record<string, string> }

/** Run events until one fails, as Juju would. */
export async function runUntilFailure(
  unit: SimulatedUnit,
  events: readonly GivenEvent[],
): Promise<EventResult[]> {
  const results: EventResult[] = []
  for (const { config = {}, ...event } of events) {
    unit.setConfig(parseConfig(unit.charmDir, config))
    const result = await unit.run(event)
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
 * Read `NAME KEY=VALUE...`, quoted as for a shell. For `action:NAME` the keys are parameters, their values YAML
 * scalars; for `config-changed` they are options; in a relation hook those that do not name the relation or a
 * unit are data of the remote unit, or with `unit=` of its application.
 */
export function parseEvent(text: string): GivenEvent {
  const [name = '', ...words] = shellWords(text)
  const pairs = words.map((word) => readPair(word, 'expected KEY=VALUE in an event'))
  if (name === '') throw new UsageError('an event must have a name: (empty)')
  if (name.startsWith('action:')) return actionEvent(name.slice('action:'.length), pairs)
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

function actionEvent(name: string, pairs: readonly [string, string][]): SimulatedEvent {
  const params = pairs.map(([key, value]): [string, unknown] => [key, scalarOf(value)])
  return { name, action: { name, params: Object.fromEntries(params) } }
}

/** A number or a boolean if the text is one, else the text. */
export function scalarOf(text: string): string | number | boolean {
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
