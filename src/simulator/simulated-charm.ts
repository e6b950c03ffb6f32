// What a charm's own files say to the simulated Juju: the state of a unit that was just deployed, values
// that an option accepts, defaults of an action's parameters.

import type { ConfigValue } from '../charm/charm-files/declarations.ts'
import { CONFIG_TYPES } from '../charm/charm-files.ts'
import { ReactiveError } from '../errors.ts'
import { readCharm } from './consistency/charm.ts'
import type { SimulatedEvent } from './events.ts'
import type { Endpoint, JujuState } from './juju-state.ts'
import { type GivenState, newJujuState } from './new-juju-state.ts'

/** The state of the first unit of a charm, as far as the caller does not say otherwise. */
export function stateOfCharm(charmDir: string, given: GivenState = {}): JujuState {
  const { metadata, config } = readCharm(charmDir)
  const { name, endpoints } = metadata
  const declared = endpoints.map((endpoint): [string, Endpoint] => {
    return [endpoint.name, { interface: endpoint.interface, role: endpoint.role }]
  })
  const options = [...config.values()]
  return newJujuState({
    unit: `${name}/0`,
    endpoints: Object.fromEntries(declared),
    configDefaults: Object.fromEntries(options.map((option) => [option.name, option.default])),
    ...given,
  })
}

/** Refuse a value as `juju config` does. Null, which takes an option back to its default, is always right. */
export function checkConfigValue(charmDir: string, name: string, value: ConfigValue): void {
  const option = readCharm(charmDir).config.get(name)
  if (option === undefined) throw new ReactiveError(`the charm has no such option: ${name}`)
  if (value === null || CONFIG_TYPES[option.type](value)) return
  throw new ReactiveError(`option ${name} must be of type ${option.type}: ${JSON.stringify(value)}`)
}

/** An action's event with what the state says, then the defaults of actions.yaml, for what it leaves out. */
export function withActionDefaults(
  charmDir: string,
  { actions }: JujuState,
  event: SimulatedEvent,
): SimulatedEvent {
  const { action } = event
  if (action === undefined) return event
  const declared = readCharm(charmDir).actions.get(action.name)
  if (declared === undefined) throw new ReactiveError(`the charm has no such action: ${action.name}`)
  const defaults = Object.entries(declared.params).flatMap(([name, schema]): [string, unknown][] =>
    typeof schema === 'object' && schema !== null && 'default' in schema ? [[name, schema.default]] : [],
  )
  const params = { ...Object.fromEntries(defaults), ...actions[action.name], ...action.params }
  return { ...event, action: { ...action, params } }
}
