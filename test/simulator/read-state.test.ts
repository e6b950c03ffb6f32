import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { newJujuState } from '../../src/simulator/juju-state.ts'
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

  it.each([
    [null, 'state must be a map: null'],
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
