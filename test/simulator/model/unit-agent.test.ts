import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { titleOf } from '../../../src/simulator/testing.ts'
import { hooksOf, on, relatedModel, titles } from '../test-model.ts'

describe('a unit that is removed', () => {
  it('departs on both sides, breaks its relations but the peer relation, stops, and is gone', async () => {
    const { model, web } = await relatedModel(2)
    const removed = model.unit('web/1')
    model.removeUnit('web/1')
    const results = await model.settle()
    expect(hooksOf(results, 'web/1')).toEqual([
      'cluster-relation-departed cluster:0 web/0',
      'certs-relation-departed certs:1 ca/0',
      'certs-relation-broken certs:1',
      'stop',
      'remove',
    ])
    expect(hooksOf(results, 'web/0')).toEqual(['cluster-relation-departed cluster:0 web/1'])
    expect(hooksOf(results, 'ca/0')).toEqual(['clients-relation-departed clients:1 web/1'])
    const departing = results.filter(({ event }) => event.name.endsWith('-departed'))
    expect(new Set(departing.map(({ event }) => event.departingUnit))).toEqual(new Set(['web/1']))
    expect(web.units.map(({ state }) => state.unit)).toEqual(['web/0'])
    expect(fs.existsSync(removed.charmDir)).toBe(true)
    expect(() => model.unit('web/1')).toThrow('the model has no such unit: web/1')
  })

  it('leaves its data readable, publishes nothing more, and nobody hears of its last changes', async () => {
    const { model, ca } = await relatedModel(2)
    on(model.unit('web/1'), 'update-status', 'relation-set -r certs:1 word=last')
    on(model.unit('web/1'), 'certs-relation-departed', 'relation-set word=lost; relation-get word web/1')
    on(ca, 'update-status', 'relation-list -r 1; relation-get -r 1 word web/1')
    await model.run('web/1', { name: 'update-status' })
    model.removeUnit('web/1')
    const results = await model.settle()
    expect(hooksOf(results, 'ca/0')).toEqual(['clients-relation-departed clients:1 web/1'])
    const departed = results.find(
      (result) => titleOf(result) === 'web/1 certs-relation-departed certs:1 ca/0',
    )
    expect(departed?.stdout).toBe('lost\n')
    expect(await model.run(ca, { name: 'update-status' })).toMatchObject({ stdout: 'web/0\nlast\n' })
  })

  it('can be read by units that come after it, as can those whose hooks are still to come', async () => {
    const { model } = await relatedModel(
      2,
      {},
      { 'certs-relation-created': 'relation-set n=$JUJU_UNIT_NAME' },
    )
    model.removeUnit('web/1')
    await model.settle()
    const late = await model.addUnit('ca')
    on(late, 'clients-relation-created', 'relation-list; relation-get n web/0; relation-get n web/1')
    const created = (await model.settle()).find(({ event }) => event.name === 'clients-relation-created')
    expect(created).toMatchObject({ exitStatus: 0, stdout: 'web/0\nweb/1\n' })
  })

  it('has its changed hook when it has joined just before', async () => {
    const { model } = await relatedModel()
    await model.addUnit('web')
    for (let last = ''; last !== 'ca/0 clients-relation-joined clients:1 web/1'; ) {
      const result = await model.step()
      last = result === undefined ? last : titleOf(result)
    }
    model.removeUnit('web/1')
    expect(hooksOf(await model.settle(), 'ca/0')).toEqual([
      'clients-relation-changed clients:1 web/1',
      'clients-relation-departed clients:1 web/1',
    ])
  })

  it('is gone at once when it was not installed', async () => {
    const { model, web } = await relatedModel()
    model.removeUnit(await model.addUnit('web'))
    expect(web.units).toHaveLength(1)
    expect(await model.settle()).toEqual([])
  })
})

describe('a relation that is removed', () => {
  it('departs from each unit and breaks then, on both sides', async () => {
    const { model, ca, relation } = await relatedModel(2)
    on(
      ca,
      'clients-relation-departed',
      'relation-list; relation-get name "$JUJU_REMOTE_UNIT"; echo "$JUJU_DEPARTING_UNIT"',
    )
    on(ca, 'clients-relation-broken', 'relation-list; relation-get - web/1 | grep private')
    on(ca, 'update-status', 'relation-ids clients')
    model.removeRelation(relation)
    const results = await model.settle()
    expect(hooksOf(results, 'ca/0')).toEqual([
      'clients-relation-departed clients:1 web/0',
      'clients-relation-departed clients:1 web/1',
      'clients-relation-broken clients:1',
    ])
    const output = results.filter(({ unit }) => unit === 'ca/0').map(({ stdout }) => stdout)
    expect(output).toEqual(['web/1\nweb/0\n', 'web/1\n', 'private-address: 10.0.0.12\n'])
    expect(hooksOf(results, 'web/0')).toEqual([
      'certs-relation-departed certs:1 ca/0',
      'certs-relation-broken certs:1',
    ])
    expect(await model.run(ca, { name: 'update-status' })).toMatchObject({ stdout: '' })
    expect(() => model.removeRelation('certs:1')).toThrow('the model has no such relation: certs:1')
    expect(model.relate('web:certs', 'ca:clients')).toBe(2)
  })

  it('is not heard of by a charm that did not hear of its creation', async () => {
    const { model } = await relatedModel()
    const id = model.relate('web:certs', 'ca:backup')
    expect(model.pending.map(titleOf)).toContain(`ca/0 backup-relation-created backup:${id}`)
    model.removeRelation(id)
    expect(await model.settle()).toEqual([])
    expect(model.unit('ca/0').state.relations.map((relation) => relation.id)).toEqual(['clients:1'])
  })
})

describe('leadership', () => {
  it('goes to the unit that is told to lead, with the settings that all share', async () => {
    const { model, web } = await relatedModel(3)
    for (const unit of web.units) on(unit, 'update-status', 'leader-set who="$JUJU_UNIT_NAME"')
    for (const unit of web.units) on(unit, 'leader-settings-changed', 'is-leader; leader-get who')
    on(model.unit('web/0'), 'config-changed', 'status-set --application active')
    on(model.unit('web/2'), 'leader-elected', 'status-get --application')
    model.config('web', { port: 1 })
    await model.settle()
    model.setLeader('web/2')
    const changed = await model.settle()
    expect(titles(changed).sort()).toEqual(['web/0 leader-settings-changed', 'web/2 leader-elected'])
    expect(changed.find(({ unit }) => unit === 'web/2')?.stdout).toBe('active\n')
    await model.run('web/2', { name: 'update-status' })
    const told = await model.settle()
    expect(titles(told).sort()).toEqual(['web/0 leader-settings-changed', 'web/1 leader-settings-changed'])
    expect(told.map(({ stdout }) => stdout)).toEqual(['False\nweb/2\n', 'False\nweb/2\n'])
    expect(web.leader?.state.unit).toBe('web/2')
    model.setLeader('web/0')
    expect(titles(await model.settle()).sort()).toEqual([
      'web/0 leader-elected',
      'web/2 leader-settings-changed',
    ])
  })

  it('goes to another unit when the leader is gone', async () => {
    const { model, web } = await relatedModel(2)
    model.removeUnit('web/0')
    const results = await model.settle()
    // What dies leads no longer, so that Juju tells it of the settings first.
    expect(hooksOf(results, 'web/0')[0]).toBe('leader-settings-changed')
    expect(titles(results).slice(-2)).toEqual(['web/0 remove', 'web/1 leader-elected'])
    expect(web.leader?.state.unit).toBe('web/1')
  })
})
