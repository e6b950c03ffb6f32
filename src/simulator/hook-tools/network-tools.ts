// Addresses, ports and what Juju expects to happen: unit-get, network-get, open-port, close-port,
// opened-ports, goal-state. One network interface is all that a simulated machine has.

import { messageOf } from '../../errors.ts'
import type { HookContext } from '../hook-context.ts'
import type { JujuState } from '../juju-state.ts'
import { newNetwork } from '../new-juju-state.ts'
import { overlaps, parsePortRange, showPortRange } from '../port-ranges.ts'
import { checkEmpty, type Flag } from './arguments.ts'
import { DEPRECATED_FORMAT, type HookTool, outputFlags, type ToolCall } from './hook-tool.ts'
import { relationFlag } from './relation-tools.ts'
import { ToolError, ToolUsageError } from './tool-errors.ts'

const SINCE = '2024-01-01 00:00:00Z'
const NETWORK_KEYS = ['bind-address', 'ingress-address', 'egress-subnets']

function switches(...names: string[]): Flag[] {
  return names.map((name) => ({ names: [name], kind: 'switch' }))
}

export const NETWORK_TOOLS: Record<string, HookTool> = {
  'unit-get': {
    usage: '<setting>',
    purpose: 'Print public-address or private-address.',
    flags: () => outputFlags(),
    run({ context: { state }, args: [setting, ...rest], print }) {
      if (setting === undefined) throw new ToolUsageError('no setting specified')
      if (setting !== 'private-address' && setting !== 'public-address') {
        throw new ToolUsageError(`unknown setting ${JSON.stringify(setting)}`)
      }
      checkEmpty(rest)
      print(setting === 'private-address' ? state.addresses.private : state.addresses.public)
    },
  },
  'network-get': {
    usage: '<binding-name> [--ingress-address] [--bind-address] [--egress-subnets]',
    purpose: 'Get network config.',
    flags: (context) => [
      ...outputFlags(),
      ...switches('primary-address', ...NETWORK_KEYS),
      relationFlag(context),
    ],
    run({ context, args: [binding, ...rest], flags, print }) {
      if (binding === undefined) throw new ToolUsageError('no arguments specified')
      if (binding === '') throw new ToolUsageError('no binding name specified')
      checkEmpty(rest)
      const network = networkOf(context.state, binding)
      const asked = NETWORK_KEYS.filter((key) => flags[key])
      if (flags['primary-address'] && asked.length > 0) {
        throw new ToolError('--primary-address must be the only flag specified')
      }
      if (flags['primary-address']) return print(network.values['bind-address'])
      if (asked.length === 0) return print(network.whole)
      const chosen = asked.map((key): [string, unknown] => [key, network.values[key]])
      print(chosen.length === 1 ? chosen[0]?.[1] : Object.fromEntries(chosen))
    },
  },
  'open-port': {
    usage: '<port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp',
    purpose: 'Register a request to open a port or port range.',
    flags: portFlags,
    run: (call) => changePort(call, true),
  },
  'close-port': {
    usage: '<port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp',
    purpose: 'Register a request to close a port or port range.',
    flags: portFlags,
    run: (call) => changePort(call, false),
  },
  'opened-ports': {
    usage: '',
    purpose: 'List all ports or port ranges opened by the unit.',
    flags: () => [...outputFlags(), { names: ['endpoints'], kind: 'switch', since: '2.9' }],
    run({ context, args, flags, print }) {
      checkEmpty(args)
      // What this hook has opened or closed is not among them (docs/juju.md 4).
      const endpoints = new Map<string, string[]>()
      for (const port of context.state.ports) {
        const shown = showPortRange(port)
        endpoints.set(shown, [...(endpoints.get(shown) ?? []), port.endpoint])
      }
      const withEndpoints = ([port, names]: [string, string[]]) =>
        `${port} (${names.includes('') ? '*' : names.sort().join(', ')})`
      print(flags.endpoints ? [...endpoints].map(withEndpoints) : [...endpoints.keys()])
    },
  },
  'goal-state': {
    usage: '',
    purpose: "Print the status of the charm's peers and related units.",
    since: '2.4',
    // No smart format, and YAML is the default.
    flags: () => outputFlags(['yaml', 'json']),
    run({ context, args, flags, print }) {
      checkEmpty(args)
      flags.format ??= 'yaml'
      print(goalState(context))
    },
  },
}

function portFlags(): Flag[] {
  return [DEPRECATED_FORMAT, { names: ['endpoints'], kind: 'text', since: '2.9' }]
}

function changePort({ context, args: [port, ...rest], flags }: ToolCall, open: boolean): void {
  if (port === undefined) throw new ToolUsageError('no port or range specified')
  const range = readPort(port)
  checkEmpty(rest)
  const { state, pending } = context
  const conflict = [...state.ports, ...pending.ports.filter((change) => change.open)].find((other) =>
    overlaps(range, other),
  )
  if (conflict !== undefined) {
    const [verb, unit] = [open ? 'open' : 'close', `(unit "${state.unit}")`]
    const shown = [range, conflict].map(showPortRange)
    throw new ToolError(`cannot ${verb} ${shown[0]} ${unit}: conflicts with existing ${shown[1]} ${unit}`)
  }
  for (const endpoint of (flags.endpoints ?? '').split(',')) {
    pending.ports.push({ ...range, endpoint: endpoint.trim(), open })
  }
}

function readPort(text: string) {
  try {
    return parsePortRange(text)
  } catch (error) {
    throw new ToolUsageError(messageOf(error))
  }
}

function networkOf(state: JujuState, binding: string) {
  const { endpoints, network } = state
  const given = Object.hasOwn(network, binding) ? network[binding] : undefined
  if (given === undefined && !Object.hasOwn(endpoints, binding) && binding !== 'juju-info') {
    throw new ToolError(`no network config found for binding ${JSON.stringify(binding)}`)
  }
  const { interface: name, address, cidr, ingress, egress } = given ?? newNetwork(state, {})
  // `value` is the name that Juju began with, `address` the one in its documentation; it prints both.
  const bound = { hostname: '', value: address, address, cidr }
  const names = { 'interface-name': name, interfacename: name }
  const hardware = { 'mac-address': '00:16:3e:00:00:01', macaddress: '00:16:3e:00:00:01' }
  const values: Record<string, unknown> = {
    'bind-address': address,
    'ingress-address': ingress[0] ?? '',
    'egress-subnets': egress,
  }
  const whole = {
    'bind-addresses': [{ ...hardware, ...names, addresses: [bound] }],
    'egress-subnets': egress,
    'ingress-addresses': ingress,
  }
  return { values, whole }
}

function goalState({ state }: HookContext) {
  const joined = { status: 'joined', since: SINCE }
  const units: Record<string, unknown> = { [state.unit]: { status: state.status.unit.status, since: SINCE } }
  const relations: Record<string, Record<string, unknown>> = {}
  for (const { endpoint, role, remoteApp, remoteUnits } of state.relations) {
    const members = Object.keys(remoteUnits).map((unit): [string, unknown] => [
      unit,
      { status: 'active', since: SINCE },
    ])
    if (role === 'peers') Object.assign(units, Object.fromEntries(members))
    else {
      relations[endpoint] = { ...relations[endpoint], [remoteApp]: joined, ...Object.fromEntries(members) }
    }
  }
  // What is on its way, as the state says.
  for (const [endpoint, goals] of Object.entries(state.goalState.relations)) {
    relations[endpoint] = { ...relations[endpoint], ...goals }
  }
  return { units: { ...units, ...state.goalState.units }, relations }
}
