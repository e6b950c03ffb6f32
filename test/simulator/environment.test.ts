import { describe, expect, it } from 'vitest'
import type { SimulatedEvent } from '../../src/simulator/events.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { runScript, STATE, startUnit } from './test-charm.ts'

const SYSTEM = ['APT_LISTCHANGES_FRONTEND', 'DEBIAN_FRONTEND', 'LANG', 'PATH', 'TERM', 'CHARMS_REACTIVE_ROOT']
const CALL = ['JUJU_CONTEXT_ID', 'JUJU_AGENT_SOCKET_ADDRESS', 'JUJU_AGENT_SOCKET_NETWORK']
const UNIT = ['CHARM_DIR', 'JUJU_CHARM_DIR', 'JUJU_UNIT_NAME']
const MODEL = [
  'JUJU_MODEL_NAME',
  'JUJU_MODEL_UUID',
  'JUJU_API_ADDRESSES',
  'JUJU_VERSION',
  'JUJU_MACHINE_ID',
  'JUJU_PRINCIPAL_UNIT',
  'JUJU_AVAILABILITY_ZONE',
  'CLOUD_API_VERSION',
  'JUJU_CHARM_HTTP_PROXY',
  'JUJU_CHARM_HTTPS_PROXY',
  'JUJU_CHARM_FTP_PROXY',
  'JUJU_CHARM_NO_PROXY',
]
const HOOK = ['JUJU_HOOK_NAME', 'JUJU_DISPATCH_PATH']
const METER = ['JUJU_METER_STATUS', 'JUJU_METER_INFO']
const TRACE = ['JUJU_TRACE_ID', 'JUJU_SPAN_ID', 'JUJU_TRACE_FLAGS']
const RELATION = ['JUJU_RELATION', 'JUJU_RELATION_ID', 'JUJU_REMOTE_UNIT', 'JUJU_REMOTE_APP']
const ACTION = ['JUJU_ACTION_NAME', 'JUJU_ACTION_UUID', 'JUJU_ACTION_TAG']
const ALL = [...SYSTEM, ...CALL, ...UNIT, ...MODEL, ...HOOK, ...METER, 'JUJU_SLA']
const RESTRICTED = [...SYSTEM, ...CALL, ...UNIT, 'JUJU_DISPATCH_PATH']
const INSTALL = { name: 'install' }

async function environmentOf(unit: SimulatedUnit, event: SimulatedEvent): Promise<Record<string, string>> {
  // The process's own: bash would add variables.
  const { stdout } = await runScript(unit, 'cat /proc/$$/environ', event)
  const entries = stdout.split('\0').filter(Boolean)
  return Object.fromEntries(
    entries.map((entry) => [entry.split('=')[0], entry.slice(entry.indexOf('=') + 1)]),
  )
}

describe('the environment of a hook', () => {
  it.each([
    ['3.6.0', INSTALL, ALL],
    ['3.6.0', { name: 'db-relation-changed' }, [...ALL, ...RELATION]],
    ['3.6.0', { name: 'db-relation-created' }, [...ALL, ...RELATION]],
    ['3.6.0', { name: 'db-relation-departed' }, [...ALL, ...RELATION, 'JUJU_DEPARTING_UNIT']],
    ['3.6.0', { name: 'backup', action: { name: 'backup' } }, [...ALL, ...ACTION]],
    ['3.6.0', { name: 'collect-metrics' }, RESTRICTED],
    ['3.6.0', { name: 'meter-status-changed' }, [...RESTRICTED, ...METER]],
    ['2.9.42', { name: 'collect-metrics' }, RESTRICTED.filter((name) => name !== 'CHARM_DIR')],
    ['4.0.0', INSTALL, [...ALL.filter((name) => ![...METER, 'JUJU_SLA'].includes(name)), ...TRACE]],
    ['2.7.0', INSTALL, ALL.filter((name) => !HOOK.includes(name))],
    [
      '2.5.0',
      { name: 'db-relation-joined' },
      [
        ...ALL.filter((name) => ![...HOOK, ...CALL.slice(1)].includes(name)),
        ...RELATION.filter((name) => name !== 'JUJU_REMOTE_APP'),
        'JUJU_AGENT_SOCKET',
      ],
    ],
  ])('of Juju %s in %j has exactly these variables', async (jujuVersion, event, names) => {
    // What one Juju keeps another does not have.
    const state = { ...STATE, jujuVersion, charmState: {}, leaderSettings: {} }
    const unit = await startUnit(undefined, { state })
    expect(Object.keys(await environmentOf(unit, event)).sort()).toEqual([...names].sort())
  })

  it('has the values of the event', async () => {
    const unit = await startUnit(undefined, { state: { ...STATE, proxies: { http: 'http://proxy' } } })
    const departed = { name: 'db-relation-departed', relation: 'db:1', remoteUnit: 'mysql/2' }
    const env = await environmentOf(unit, departed)
    expect(env).toMatchObject({
      CHARM_DIR: unit.charmDir,
      JUJU_CHARM_DIR: unit.charmDir,
      JUJU_UNIT_NAME: 'app/0',
      JUJU_HOOK_NAME: 'db-relation-departed',
      JUJU_DISPATCH_PATH: 'hooks/db-relation-departed',
      JUJU_RELATION: 'db',
      JUJU_RELATION_ID: 'db:1',
      JUJU_REMOTE_UNIT: 'mysql/2',
      JUJU_REMOTE_APP: 'mysql',
      JUJU_DEPARTING_UNIT: 'mysql/2',
      JUJU_VERSION: '3.6.0',
      JUJU_CHARM_HTTP_PROXY: 'http://proxy',
      JUJU_CHARM_NO_PROXY: '',
      JUJU_PRINCIPAL_UNIT: '',
      CHARMS_REACTIVE_ROOT: unit.root,
      LANG: 'C.UTF-8',
    })
    expect(env.JUJU_CONTEXT_ID).toMatch(/^app\/0-db-relation-departed-[0-9a-f]{16}$/)
    expect(env.PATH?.split(':').slice(0, 2)).toEqual([`${unit.dir}/tools`, `${unit.dir}/bin`])
  })

  it('has empty names where Juju sets them empty', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    for (const name of ['db-relation-created', 'db-relation-broken']) {
      expect(await environmentOf(unit, { name })).toMatchObject({
        JUJU_REMOTE_UNIT: '',
        JUJU_REMOTE_APP: 'mysql',
      })
      unit.state.relations.sort(({ id }) => (id === 'db:1' ? -1 : 0))
    }
    const action = await environmentOf(unit, { name: 'backup', action: { name: 'backup' } })
    expect(action).toMatchObject({ JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: 'actions/backup' })
  })

  it('has what the event adds', async () => {
    const unit = await startUnit()
    const event = { name: 'install', env: { JUJU_STORAGE_ID: 'data/0', LANG: 'C' } }
    expect(await environmentOf(unit, event)).toMatchObject({ JUJU_STORAGE_ID: 'data/0', LANG: 'C' })
  })

  it('lets the hook tools work in every Juju version', async () => {
    for (const jujuVersion of ['2.5.0', '2.9.0', '4.0.0']) {
      const unit = await startUnit(undefined, { state: { jujuVersion } })
      expect(await runScript(unit, 'config-get port')).toMatchObject({ stdout: '8080\n', stderr: '' })
    }
  })

  it('is not that of a command outside of a hook', async () => {
    const unit = await startUnit()
    const { stdout } = await unit.command(['cat', '/proc/self/environ'], { MORE: 'x' })
    const names = stdout.split('\0').map((entry) => entry.split('=')[0])
    expect(names.sort()).toEqual(['', 'CHARMS_REACTIVE_ROOT', 'CHARM_DIR', 'LANG', 'MORE', 'PATH'])
  })
})
