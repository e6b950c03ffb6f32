import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { newJujuState } from '../../src/simulator/new-juju-state.ts'
import { readJujuState } from '../../src/simulator/read-state.ts'

describe('a state that a person wrote', () => {
  it('may use any spelling of keys, short forms and numbers for strings', () => {
    const state = newJujuState(
      readJujuState(
        parse(`
unit: wiki/3
juju_version: 2.9
leader: false
config: {port: 80, title: x, none: null}
leader-settings: {n: 1}
ports: [80, 8000-8080/udp, icmp, {port: 443, endpoint: web}]
status: {unit: {status: active}}
addresses: {private: 10.1.1.1}
relations:
  - id: db:4
    remote_units: {mysql/0: {port: 3306, ok: true}}
  - id: cluster:0
    role: peer
`),
      ),
    )
    expect(state).toMatchObject({
      unit: 'wiki/3',
      jujuVersion: '2.9',
      leader: false,
      config: { port: 80, title: 'x', none: null },
      leaderSettings: { n: '1' },
      status: { unit: { status: 'active', message: '' }, app: { status: 'unknown', message: '' } },
      addresses: { private: '10.1.1.1', public: '203.0.113.10' },
      relations: [
        {
          id: 'db:4',
          endpoint: 'db',
          role: 'requires',
          remoteApp: 'mysql',
          remoteUnits: { 'mysql/0': { port: '3306', ok: 'true' } },
          localUnit: { 'private-address': '10.1.1.1' },
        },
        { id: 'cluster:0', role: 'peers', remoteApp: 'wiki' },
      ],
    })
    expect(state.ports).toHaveLength(4)
    expect(state.ports[3]).toEqual({ from: 443, to: 443, protocol: 'tcp', endpoint: 'web' })
  })

  it('may have storage, secrets, networks, goals and peers in short forms', () => {
    const state = newJujuState(
      readJujuState(
        parse(`
unit: wiki/3
endpoints: {cluster: {interface: x, role: peers}}
relations: [{id: "db:4"}]
peers: {cluster: {wiki/1: {rank: 1}}}
storage: {data/0: /srv, disk/1: {kind: block, location: /dev/sdb}}
secrets:
  - {label: own, content: {token: 1}}
  - {id: "secret:00000000000000000010", owner: mysql, revisions: {1: {a: b}}}
network: {db: {address: 10.1.2.3, egress: [10.0.0.0/8]}, web: {ingress: [192.0.2.1]}}
goal-state: {relations: {db: {mysql: joining}}}
flags: {a: null, b: x}
kv: {port: 80}
`),
      ),
    )
    expect(state.relations[1]).toMatchObject({
      id: 'cluster:5',
      role: 'peers',
      remoteApp: 'wiki',
      remoteUnits: { 'wiki/1': { rank: '1' } },
    })
    expect(state.storage).toEqual({
      'data/0': { kind: 'filesystem', location: '/srv' },
      'disk/1': { kind: 'block', location: '/dev/sdb' },
    })
    expect(state.secrets).toMatchObject([
      { label: 'own', owner: 'application', revisions: { 1: { token: '1' } }, tracked: 0 },
      { id: '00000000000000000010', owner: 'mysql' },
    ])
    expect(state.secrets[0]?.id).toMatch(/^[0-9a-v]{20}$/)
    expect(state.network).toEqual({
      db: {
        interface: 'eth0',
        address: '10.1.2.3',
        cidr: '10.1.2.0/24',
        ingress: ['10.1.2.3'],
        egress: ['10.0.0.0/8'],
      },
      web: {
        interface: 'eth0',
        address: '10.0.0.10',
        cidr: '10.0.0.0/24',
        ingress: ['192.0.2.1'],
        egress: ['192.0.2.1/32'],
      },
    })
    expect(state.goalState.relations).toMatchObject({ db: { mysql: { status: 'joining' } } })
    expect(state).toMatchObject({ flags: ['a', 'b'], kv: { port: 80 } })
  })

  it.each([
    [null, 'state must be a map: null'],
    [{ flags: 'a' }, 'state.flags must be a list: "a"'],
    [{ flags: ['a\nb'] }, 'state.flags: a flag name has no control characters: "a\\nb"'],
    [{ storage: { data: '/x' } }, 'state.storage.data must be NAME/NUMBER: "data"'],
    [
      { storage: { 'data/0': { kind: 'nfs', location: '/x' } } },
      'state.storage.data/0.kind must be filesystem or block: "nfs"',
    ],
    [{ storage: { 'data/0': {} } }, 'state.storage.data/0 has no location'],
    [{ secrets: [{ id: 'x' }] }, 'state.secrets[0].id must be twenty letters (a to v) and digits: "x"'],
    [{ secrets: [{ tracked: '1' }] }, 'state.secrets[0].tracked must be a revision: "1"'],
    [{ secrets: [{ grants: [{ to: 'x' }] }] }, 'state.secrets[0].grants[0] has no relation'],
    [
      { network: { db: { adress: 'x' } } },
      'state.network.db has no such key: adress, did you mean address? (it has interface, address, cidr, ingress, egress)',
    ],
    [
      { juju_versoin: '3' },
      'state has no such key: juju_versoin, did you mean juju_version? (it has unit, juju_version, model,',
    ],
    [{ goal_state: { units: { a: {} } } }, 'state.goal_state.units.a has no status'],
    [{ credentials: 'x' }, 'state.credentials must be a map: "x"'],
    [[], 'state must be a map: []'],
    [{ nonsense: 1 }, 'state has no such key: nonsense'],
    [{ leader: 'yes' }, 'state.leader must be true or false: "yes"'],
    [{ unit: 'app' }, 'state.unit must be the name of a unit: "app"'],
    [{ config: { a: [] } }, 'state.config.a must be a string, a number or a boolean: []'],
    [{ relations: {} }, 'state.relations must be a list: {}'],
    [{ relations: [{}] }, 'state.relations[0] has no id'],
    [{ relations: [{ id: 'db' }] }, 'state.relations[0].id must be ENDPOINT:NUMBER: "db"'],
    [{ relations: [{ id: 'db:1', role: 'toString' }] }, 'must be provides, requires or peers: "toString"'],
    [
      { relations: [{ id: 'db:1', local_unit: { a: [] } }] },
      'state.relations[0].local_unit.a must be a string: []',
    ],
    [{ status: { unit: { message: 'x' } } }, 'state.status.unit has no status'],
    [{ ports: ['x'] }, 'state.ports[0]: invalid port "x"'],
    [{ ports: [[]] }, 'state.ports[0] must be a string: []'],
    [{ endpoints: { db: { interface: 'x' } } }, 'state.endpoints.db has no role'],
  ])('is refused: %j', (input, message) => {
    expect(() => readJujuState(input)).toThrow(message)
  })

  it('is not shared with the state of a unit', () => {
    const given = { config: { a: 1 }, relations: [{ id: 'db:1', localUnit: { x: 'y' } }] }
    const state = newJujuState(given)
    state.config.a = 2
    Object.assign(state.relations[0]?.localUnit ?? {}, { x: 'z' })
    expect(given).toEqual({ config: { a: 1 }, relations: [{ id: 'db:1', localUnit: { x: 'y' } }] })
  })
})
