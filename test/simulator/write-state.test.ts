import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { GivenState } from '../../src/simulator/new-juju-state.ts'
import { parsePortRange } from '../../src/simulator/port-ranges.ts'
import { readJujuState } from '../../src/simulator/read-state.ts'
import { stateOfCharm } from '../../src/simulator/simulated-charm.ts'
import { writeJujuState } from '../../src/simulator/write-state.ts'
import { makeCharm, STATE } from './test-charm.ts'

const WHOLE: GivenState = {
  ...STATE,
  unit: 'app/3',
  jujuVersion: '3.6.2',
  machine: '7',
  leader: false,
  peers: { cluster: { 'app/9': { rank: '9' } } },
  status: { unit: { status: 'active', message: 'yes: "no"' } },
  ports: [parsePortRange('80'), parsePortRange('8000-8080/udp', 'website'), parsePortRange('icmp')],
  version: '1.10',
  storage: { 'data/0': { kind: 'filesystem', location: '/srv' } },
  secrets: [
    { label: 'a', content: { token: '0080' }, grants: [{ to: 'mysql', relation: 'db:1' }] },
    { owner: 'mysql', revisions: { 1: { 'key#base64': '/w==' }, 2: { other: 'x' } }, tracked: 1 },
  ],
  network: { db: { address: '10.1.2.3', ingress: ['192.0.2.1'] } },
  goalState: {
    units: { 'app/4': { status: 'waiting', since: 'now' } },
    relations: { db: { x: { status: 'joining', since: '' } } },
  },
  actions: { backup: { target: '/x', depth: { a: [1, null] } } },
  credentials: { type: 'lxd', endpoint: 'x' },
  proxies: { http: 'x' },
  legacyProxies: { no: 'y' },
  flags: ['a', 'b c', 'on'],
  kv: { port: 80, camelCase: { snake_case: null }, 'kebab-case': ['x'] },
  memory: { 'config:last': { camelCase: true } },
}

describe('the whole state as plain data', () => {
  it.each([
    ['JSON', (value: unknown) => JSON.parse(JSON.stringify(value))],
    ['YAML', (value: unknown) => parse(stringify(value, { version: '1.1' }), { version: '1.1' })],
  ])('comes back from %s as it was', (_, through) => {
    const charm = makeCharm()
    const state = stateOfCharm(charm, WHOLE)
    const written = writeJujuState(state)
    expect(stateOfCharm(charm, readJujuState(through(written)))).toEqual(state)
    expect(JSON.parse(JSON.stringify(written))).toEqual(written)
  })

  it('of a new unit comes back, too', () => {
    const charm = makeCharm()
    const state = stateOfCharm(charm)
    expect(stateOfCharm(charm, readJujuState(writeJujuState(state)))).toEqual(state)
  })

  it('has keys in snake case, short ports, and leaves to the charm what the charm says', () => {
    const written = writeJujuState(stateOfCharm(makeCharm(), WHOLE))
    expect(written).toMatchObject({
      juju_version: '3.6.2',
      ports: ['80/tcp', { port: '8000-8080/udp', endpoint: 'website' }, 'icmp'],
      kv: { camelCase: { snake_case: null } },
    })
    expect(written.relations).toContainEqual(
      expect.objectContaining({ id: 'db:1', remote_units: expect.anything() }),
    )
    expect(Object.keys(written)).not.toContain('endpoints')
    expect(Object.keys(written)).not.toContain('config_defaults')
  })
})
