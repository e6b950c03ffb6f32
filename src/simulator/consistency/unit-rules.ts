// The unit and what belongs to it: names, versions, statuses, resources, ports, network, server-side state.

import net from 'node:net'
import { versionAtLeast } from '../../juju/juju-version.ts'
import { flagNameFault } from '../../unit/flags.ts'
import { overlaps, type PortRange, showPortRange } from '../port-ranges.ts'
import { declared, hasEndpoint } from './charm.ts'
import { firstOf, listed, type Rule } from './rule.ts'

const UNIT = /^[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*\/(?:0|[1-9]\d*)$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const STATUSES = ['maintenance', 'blocked', 'waiting', 'active', 'unknown', 'error', 'terminated']
const SCHEMES = ['http', 'https', 'ftp', 'no']
const MAX_KEY = 256
const MAX_VALUE = 65_536

const schemeRule =
  (field: 'proxies' | 'legacyProxies'): Rule =>
  ({ state }) =>
    firstOf(Object.keys(state[field]), (scheme) =>
      SCHEMES.includes(scheme)
        ? undefined
        : `${field}.${scheme}: not a proxy of Juju: use one of ${SCHEMES.join(', ')}`,
    )

function isRange(cidr: string): boolean {
  const [address = '', bits = ''] = cidr.split('/')
  return net.isIP(address) !== 0 && /^\d{1,3}$/.test(bits)
}

function overlapOf(ports: readonly PortRange[]): string | undefined {
  return firstOf(ports, (port) => {
    const other = ports.find((candidate) => overlaps(port, candidate))
    return other && `ports: ${showPortRange(port)} and ${showPortRange(other)} overlap: leave one out`
  })
}

export const UNIT_RULES: Record<string, Rule> = {
  'unit has a legal name': ({ state }) =>
    UNIT.test(state.unit) ? undefined : `unit: not a unit name: ${state.unit}: give APPLICATION/NUMBER`,
  'Juju has a version': ({ state }) =>
    /^\d+\.\d+/.test(state.jujuVersion)
      ? undefined
      : `juju_version: not a version of Juju: ${state.jujuVersion}: give one such as 3.6.0`,
  'model has a UUID': ({ state }) =>
    UUID.test(state.model.uuid)
      ? undefined
      : `model.uuid: not a UUID: ${state.model.uuid}: correct it, or leave it out`,
  'only a subordinate has a principal': ({ charm, state }) =>
    state.principalUnit !== '' && !charm.metadata.subordinate
      ? `principal_unit: the charm is not a subordinate: ${state.principalUnit}: leave it out, or declare subordinate`
      : undefined,
  'statuses are legal': ({ state }) =>
    firstOf(Object.entries(state.status), ([scope, { status }]) =>
      STATUSES.includes(status)
        ? undefined
        : `status.${scope}: Juju has no status ${status}: use one of ${STATUSES.slice(0, 5).join(', ')}`,
    ),
  'resources are declared': ({ charm, state }) =>
    firstOf(Object.keys(state.resources), (name) =>
      Object.hasOwn(declared(charm, 'resources'), name)
        ? undefined
        : `resources.${name}: metadata.yaml declares no such resource: declare it, or check the name (it has ${listed(Object.keys(declared(charm, 'resources')))})`,
    ),
  'ports do not overlap': ({ state }) => overlapOf(state.ports),
  'ports are of endpoints': ({ charm, state }) =>
    firstOf(state.ports, (port) =>
      port.endpoint === '' || hasEndpoint(charm, port.endpoint)
        ? undefined
        : `ports: ${showPortRange(port)} is open for ${port.endpoint}, which is not an endpoint: declare it, or check the name`,
    ),
  'bindings are declared': ({ charm, state }) =>
    firstOf(Object.keys(state.network), (binding) =>
      hasEndpoint(charm, binding) || Object.hasOwn(declared(charm, 'extra-bindings'), binding)
        ? undefined
        : `network.${binding}: metadata.yaml declares no such endpoint or binding: declare it, or check the name`,
    ),
  'bindings are no endpoints': ({ charm }) =>
    firstOf(Object.keys(declared(charm, 'extra-bindings')), (name) =>
      charm.metadata.endpoints.some((endpoint) => endpoint.name === name)
        ? `metadata.yaml: ${name} is an endpoint and an extra binding: rename one of them`
        : undefined,
    ),
  'endpoints are declared once': ({ charm }) => {
    const names = charm.metadata.endpoints.map(({ name }) => name)
    const name = names.find((candidate, index) => names.indexOf(candidate) !== index)
    return name === undefined
      ? undefined
      : `metadata.yaml: the endpoint ${name} is declared twice: rename one`
  },
  'addresses are addresses': ({ state }) =>
    firstOf(Object.entries(state.network), ([binding, { address, ingress }]) =>
      firstOf([address, ...ingress], (one) =>
        net.isIP(one) === 0 ? `network.${binding}: not an address: ${one}: give an IP address` : undefined,
      ),
    ),
  'subnets are subnets': ({ state }) =>
    firstOf(Object.entries(state.network), ([binding, { cidr, egress }]) =>
      firstOf([cidr, ...egress], (one) =>
        isRange(one) ? undefined : `network.${binding}: not a subnet: ${one}: give ADDRESS/BITS`,
      ),
    ),
  'goals are of endpoints': ({ charm, state }) =>
    firstOf(Object.keys(state.goalState.relations), (name) =>
      hasEndpoint(charm, name)
        ? undefined
        : `goal_state.relations.${name}: metadata.yaml declares no endpoint ${name}: declare it, or check the name`,
    ),
  'state-set needs Juju 2.8': ({ state, words }) =>
    Object.keys(state.charmState).length > 0 && !versionAtLeast(state.jujuVersion, '2.8')
      ? `charm_state: Juju ${state.jujuVersion} keeps no charm state: ${words.version('2.8 or later')}`
      : undefined,
  'charm state fits': ({ state }) =>
    firstOf(Object.entries(state.charmState), ([key, value]) =>
      Buffer.byteLength(key) > MAX_KEY || Buffer.byteLength(value) > MAX_VALUE
        ? `charm_state.${key.slice(0, 40)}: longer than Juju keeps (${MAX_KEY} and ${MAX_VALUE} bytes): shorten it`
        : undefined,
    ),
  'leader settings are not empty': ({ state }) =>
    firstOf(Object.entries(state.leaderSettings), ([key, value]) =>
      value === '' ? `leader_settings.${key}: Juju keeps no empty value: leave it out` : undefined,
    ),
  'leader settings are of Juju before 4': ({ state, words }) =>
    Object.keys(state.leaderSettings).length > 0 && versionAtLeast(state.jujuVersion, '4.0')
      ? `leader_settings: Juju ${state.jujuVersion} has none: leave them out, or ${words.version('one before 4.0')}`
      : undefined,
  'flags have legal names': ({ state }) =>
    firstOf(state.flags, (flag) => {
      const fault = flagNameFault(flag)
      return fault && `flags: ${fault}: ${JSON.stringify(flag)}: correct it`
    }),
  'proxies are of Juju': schemeRule('proxies'),
  'legacy proxies are of Juju': schemeRule('legacyProxies'),
}
