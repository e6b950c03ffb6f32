import { describe, expect, it } from 'vitest'
import { catchUp } from '../../src/simulator/catch-up.ts'
import { type GivenState, newJujuState } from '../../src/simulator/new-juju-state.ts'

const endpoints = {
  db: { interface: 'mysql', role: 'requires' },
  cluster: { interface: 'app-cluster', role: 'peers' },
} as const

function relationsAfter(event: Parameters<typeof catchUp>[1], given: GivenState = {}) {
  const state = newJujuState({ unit: 'app/3', endpoints, ...given })
  catchUp(state, event)
  return state.relations.map(({ id, remoteApp, remoteUnits, remoteAppData }) => {
    return { id, remoteApp, remoteUnits, remoteAppData }
  })
}

describe('what Juju has done before a relation hook', () => {
  it.each([
    [{ name: 'db-relation-created' }, 'db:1', 'remote-db', {}],
    [{ name: 'db-relation-created', relation: 'db:7' }, 'db:7', 'remote-db', {}],
    [{ name: 'db-relation-joined' }, 'db:1', 'remote-db', { 'remote-db/0': {} }],
    [{ name: 'db-relation-changed', remoteUnit: 'pg/4' }, 'db:1', 'pg', { 'pg/4': {} }],
    [
      { name: 'db-relation-changed', remoteUnit: 'pg/4', remoteData: { a: '1' } },
      'db:1',
      'pg',
      { 'pg/4': { a: '1' } },
    ],
    [
      { name: 'db-relation-changed', remoteUnit: '', remoteData: { a: '1' } },
      'db:1',
      'remote-db',
      {},
      { a: '1' },
    ],
    [{ name: 'cluster-relation-joined' }, 'cluster:1', 'app', { 'app/4': {} }],
    [{ name: 'cluster-relation-joined', remoteUnit: 'app/0' }, 'cluster:1', 'app', { 'app/0': {} }],
    [{ name: 'juju-info-relation-joined', remoteUnit: 'x/0' }, 'juju-info:1', 'x', { 'x/0': {} }],
  ])('%j begins it', (event, id, remoteApp, remoteUnits, remoteAppData: object = {}) => {
    expect(relationsAfter(event)).toEqual([{ id, remoteApp, remoteUnits, remoteAppData }])
  })

  it('makes one that had left a member again, with its data, and lets the others be', () => {
    const relations = [
      { id: 'db:1', remoteUnits: { 'pg/0': { a: '1' } }, departedUnits: { 'pg/1': { b: '2' } } },
    ]
    const changed = { name: 'db-relation-changed', remoteUnit: 'pg/1', remoteData: { c: '3' } }
    expect(relationsAfter(changed, { relations })).toMatchObject([
      { id: 'db:1', remoteUnits: { 'pg/0': { a: '1' }, 'pg/1': { b: '2', c: '3' } } },
    ])
    expect(
      relationsAfter({ name: 'db-relation-changed', remoteData: { a: '2' } }, { relations }),
    ).toMatchObject([{ remoteUnits: { 'pg/0': { a: '2' } } }])
  })

  it.each([
    { name: 'db-relation-departed', remoteUnit: 'pg/0' },
    { name: 'db-relation-broken', relation: 'db:1' },
    { name: 'nope-relation-joined' },
    { name: 'install' },
    { name: 'backup', action: { name: 'db-relation-joined' } },
  ])('%j begins nothing', (event) => {
    expect(relationsAfter(event)).toEqual([])
  })

  it('learns from the first unit which application it is', () => {
    const relations = [{ id: 'db:1' }]
    const event = { name: 'db-relation-joined', remoteUnit: 'pg/0' }
    expect(relationsAfter(event, { relations })).toMatchObject([
      { remoteApp: 'pg', remoteUnits: { 'pg/0': {} } },
    ])
  })

  it('leaves the relation of another endpoint alone', () => {
    const relations = [{ id: 'cluster:1' }]
    const event = { name: 'db-relation-joined', relation: 'db:1' }
    expect(relationsAfter(event, { relations })).toMatchObject([{ id: 'cluster:1', remoteUnits: {} }])
  })
})
