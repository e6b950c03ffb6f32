import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type HookResult, type SimulatedModel, titleOf } from '../../src/simulator/testing.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { bash, lines, temporaryDir, writeFiles } from '../end-to-end/charm.ts'
import { CA, deploy, hooksOf, makeCharm, on, relatedModel, startModel, titles, WEB } from './test-model.ts'

/** Signs what a client asks for; fails while there is a file `fail`. */
const SIGNING = {
  'clients-relation-changed': `
name=$(relation-get name)
[[ ! $name ]] || relation-set "cert-\${JUJU_REMOTE_UNIT/\\//-}=signed $name"
[[ ! -e fail ]] || exit 3`,
  'clients-relation-departed': 'relation-get name >>revoked',
}
const ASKING = {
  'certs-relation-joined': 'relation-set "name=$JUJU_UNIT_NAME"',
  'certs-relation-changed':
    'echo "$JUJU_RELATION_ID $JUJU_REMOTE_UNIT: $(relation-get "cert-${JUJU_UNIT_NAME/\\//-}")" >>certs',
}

describe('a new unit', () => {
  it('runs its first hooks in the order of Juju, for leaders and others', async () => {
    const model = await startModel()
    await deploy(model, 'web', { units: 2 })
    const results = await model.settle()
    const begin = ['install', 'cluster-relation-created cluster:0']
    const peer = (unit: string) => [
      `cluster-relation-joined cluster:0 ${unit}`,
      `cluster-relation-changed cluster:0 ${unit}`,
    ]
    expect(hooksOf(results, 'web/0')).toEqual([
      ...begin,
      'leader-elected',
      'config-changed',
      'start',
      ...peer('web/1'),
    ])
    expect(hooksOf(results, 'web/1')).toEqual([
      ...begin,
      'leader-settings-changed',
      'config-changed',
      'start',
      ...peer('web/0'),
    ])
    expect(await model.settle()).toEqual([])
  })

  it('shares configuration with the others, and has an address of its own', async () => {
    const model = await startModel()
    const show = 'echo "$(config-get port) $(unit-get private-address)"'
    const { units } = await deploy(
      model,
      'web',
      { units: 2, config: { port: 81 } },
      { 'config-changed': show },
    )
    const shown = (results: HookResult[]) => results.map(({ unit, stdout }) => `${unit} ${stdout.trim()}`)
    const configured = (await model.settle()).filter(({ event }) => event.name === 'config-changed')
    expect(shown(configured)).toEqual(['web/0 81 10.0.0.10', 'web/1 81 10.0.0.11'])
    model.config('web', { port: 82 })
    expect(shown(await model.settle())).toEqual(['web/0 82 10.0.0.10', 'web/1 82 10.0.0.11'])
    model.config('web', { port: 82 })
    expect(await model.settle()).toEqual([])
    expect(units.map(({ state }) => state.config)).toEqual([{ port: 82 }, { port: 82 }])
  })

  it('joins relations that are there already', async () => {
    const { model } = await relatedModel()
    await model.addUnit('web')
    const results = await model.settle()
    expect(hooksOf(results, 'web/1', 'certs')).toEqual([
      'certs-relation-created certs:1',
      'certs-relation-joined certs:1 ca/0',
      'certs-relation-changed certs:1 ca/0',
    ])
    expect(hooksOf(results, 'ca/0')).toEqual([
      'clients-relation-joined clients:1 web/1',
      'clients-relation-changed clients:1 web/1',
    ])
    expect(hooksOf(results, 'web/1')[1]).toBe('cluster-relation-created cluster:0')
  })
})

describe('a peer relation', () => {
  it('of one unit is only created, and the unit reads what it writes there', async () => {
    const model = await startModel()
    const created =
      'relation-set --app a=1; relation-get --app - web; relation-get n "$JUJU_UNIT_NAME"; relation-list'
    const later = 'relation-get -r cluster:0 --app a web; relation-get -r cluster:0 --app a web/0'
    await deploy(model, 'web', {}, { 'cluster-relation-created': created, start: later })
    const results = await model.settle()
    expect(hooksOf(results, 'web/0', 'cluster')).toEqual(['cluster-relation-created cluster:0'])
    const [made, read] = [results[1], results.at(-1)]
    expect(made).toMatchObject({ exitStatus: 0, stdout: 'a: "1"\n' })
    expect(read).toMatchObject({ exitStatus: 0, stdout: '1\n1\n' })
  })

  it('of three units joins each with the two others', async () => {
    const model = await startModel()
    await deploy(model, 'web', { units: 3 })
    const results = await model.settle()
    for (const unit of ['web/0', 'web/1', 'web/2']) {
      const others = ['web/0', 'web/1', 'web/2'].filter((other) => other !== unit)
      expect(hooksOf(results, unit, 'cluster')).toEqual([
        'cluster-relation-created cluster:0',
        ...others.flatMap((other) => [
          `cluster-relation-joined cluster:0 ${other}`,
          `cluster-relation-changed cluster:0 ${other}`,
        ]),
      ])
    }
  })

  it('holds data of the application: the leader writes, all read, the others are told', async () => {
    const model = await startModel()
    const changed =
      'echo "unit=$JUJU_REMOTE_UNIT app=$JUJU_REMOTE_APP $(relation-get secret) $(relation-get --app secret)"'
    const web = await deploy(model, 'web', { units: 3 }, { 'cluster-relation-changed': changed })
    await model.settle()
    const write = 'relation-set -r cluster:0 --app secret=x'
    for (const unit of web.units) on(unit, 'update-status', write)
    const refused = await model.run('web/1', { name: 'update-status' })
    expect(refused).toMatchObject({ exitStatus: 1, stderr: 'ERROR cannot write relation settings\n' })
    on(model.unit('web/1'), 'update-status', '')
    await model.retry('web/1')
    await model.run('web/0', { name: 'update-status' })
    const told = await model.settle()
    expect(told.map(({ unit, stdout }) => [unit, stdout])).toEqual([
      ['web/2', 'unit= app=web x x\n'],
      ['web/1', 'unit= app=web x x\n'],
    ])
    const [copy] = (await model.addUnit('web')).state.relations
    expect(copy).toBeUndefined()
    await model.settle()
    expect(model.unit('web/3').state.relations[0]?.localApp).toEqual({ secret: 'x' })
  })
})

describe('a relation', () => {
  it('carries what hooks write, under one number with an id on each side', async () => {
    const model = await startModel()
    const ca = await deploy(model, 'ca', {}, SIGNING)
    const web = await deploy(model, 'web', { units: 2 }, ASKING)
    await model.settle()
    expect(model.relate('web:certs', 'ca:clients')).toBe(1)
    const results = await model.settle()
    expect(results.filter(({ exitStatus }) => exitStatus !== 0)).toEqual([])
    expect(web.units.map((unit) => lines(unit, 'certs').at(-1))).toEqual([
      'certs:1 ca/0: signed web/0',
      'certs:1 ca/0: signed web/1',
    ])
    expect(hooksOf(results, 'ca/0').slice(0, 3)).toEqual([
      'clients-relation-created clients:1',
      'clients-relation-joined clients:1 web/0',
      'clients-relation-changed clients:1 web/0',
    ])
    expect(ca.units[0]?.state.relations[0]).toMatchObject({ id: 'clients:1', remoteApp: 'web' })
    model.removeUnit('web/1')
    await model.settle()
    expect(lines(ca.units[0] as SimulatedUnit, 'revoked')).toEqual(['web/1'])
  })

  it('carries what handlers with @hook write, in bash', async () => {
    const model = await startModel()
    // Other hooks have nothing to do.
    const dispatch = `#!/bin/sh
case $JUJU_HOOK_NAME in c*-changed | c*ts-*-departed | certs-*-joined) exec charms.reactive main ;; esac
`
    const charmOf = (metadata: string, handlers: Record<string, string>) => {
      const text = Object.entries(handlers).map(
        ([hook, body], index) => `@hook ${hook}\nfunction f${index}() {\n${body.trim()}\n}`,
      )
      return makeCharm(metadata, { dispatch, 'reactive/app.sh': bash(text.join('\n')) })
    }
    const ca = await model.deploy('ca', charmOf(CA, SIGNING))
    const web = await model.deploy('web', charmOf(WEB, ASKING))
    model.relate('web:certs', 'ca:clients')
    const results = await model.settle()
    expect(results.filter(({ exitStatus }) => exitStatus !== 0)).toEqual([])
    expect(web.units.map((unit) => lines(unit, 'certs').at(-1))).toEqual(['certs:1 ca/0: signed web/0'])
    model.removeUnit('web/0')
    await model.settle()
    expect(lines(ca.units[0] as SimulatedUnit, 'revoked')).toEqual(['web/0'])
  })

  it('gets nothing from a hook that fails, and its data once from the retry', async () => {
    const model = await startModel()
    const ca = await deploy(model, 'ca', {}, { ...SIGNING, fail: '' })
    const web = await deploy(model, 'web', {}, ASKING)
    model.relate('web:certs', 'ca:clients')
    const failing = (await model.settle()).filter(({ exitStatus }) => exitStatus !== 0)
    const changed = 'clients-relation-changed clients:1 web/0'
    expect(titles(failing)).toEqual([`ca/0 ${changed}`])
    expect(model.failed.map(titleOf)).toEqual([`ca/0 ${changed}`])
    expect(web.units.map((unit) => lines(unit, 'certs').at(-1))).toEqual(['certs:1 ca/0: '])
    model.config('ca', { port: 81 })
    expect(titles(await model.settle({ retry: true }))).toEqual([`ca/0 ${changed}`])
    fs.rmSync(path.join(ca.units[0]?.charmDir ?? '', 'fail'))
    expect(titles(await model.settle({ retry: true }))).toEqual([
      `ca/0 ${changed}`,
      'web/0 certs-relation-changed certs:1 ca/0',
      'ca/0 config-changed',
      // The unit's data had changed since the failed hook; the answer is the same and changes nothing more.
      `ca/0 ${changed}`,
    ])
    expect(web.units.map((unit) => lines(unit, 'certs').at(-1))).toEqual(['certs:1 ca/0: signed web/0'])
    expect(model.failed).toEqual([])
  })

  it('tells of several changes at once, and not of values that were there already', async () => {
    const { model, ca, webs } = await relatedModel()
    const [web] = webs
    on(ca, 'update-status', 'relation-set -r 1 n=$(($(relation-get -r 1 n ca/0) + 1)) k=v')
    on(web as SimulatedUnit, 'update-status', 'relation-get -r certs:1 n ca/0')
    on(web as SimulatedUnit, 'certs-relation-changed', 'relation-get n')
    for (let times = 0; times < 3; times++) await model.run(ca, { name: 'update-status' })
    // The controller has the data before the unit was told of it.
    expect(await model.run('web/0', { name: 'update-status' })).toMatchObject({ stdout: '3\n' })
    const results = await model.settle()
    expect(titles(results)).toEqual(['web/0 certs-relation-changed certs:1 ca/0'])
    expect(results[0]?.stdout).toBe('3\n')
    on(ca, 'update-status', 'relation-set -r 1 k=v n=3 x=')
    await model.run(ca, { name: 'update-status' })
    expect(await model.settle()).toEqual([])
    on(ca, 'update-status', 'relation-set -r 1 k=')
    await model.run(ca, { name: 'update-status' })
    expect(titles(await model.settle())).toEqual(['web/0 certs-relation-changed certs:1 ca/0'])
  })

  it('tells of a change that the next hook takes back', async () => {
    const { model, ca } = await relatedModel()
    for (const value of ['x', '']) {
      on(ca, 'update-status', `relation-set -r 1 k=${value}`)
      await model.run(ca, { name: 'update-status' })
    }
    expect(titles(await model.settle())).toEqual(['web/0 certs-relation-changed certs:1 ca/0'])
  })

  it('tells every unit of a change of the other application before anything else', async () => {
    const model = await startModel()
    await deploy(
      model,
      'ca',
      { units: 2 },
      { 'clients-relation-created': 'is-leader | grep True && relation-set --app v=1 || true' },
    )
    const show = 'echo "[$JUJU_REMOTE_UNIT] $(relation-get --app v)"'
    await deploy(
      model,
      'web',
      {},
      { 'certs-relation-changed': show, 'certs-relation-created': 'relation-list' },
    )
    await model.settle()
    model.relate('web:certs', 'ca:clients')
    const results = (await model.settle()).filter(({ unit }) => unit === 'web/0')
    expect(results.map((result) => `${result.event.name} ${result.stdout.trim()}`)).toEqual([
      'certs-relation-created ',
      'certs-relation-changed [] 1',
      'certs-relation-joined ',
      'certs-relation-changed [ca/0] 1',
      'certs-relation-joined ',
      'certs-relation-changed [ca/1] 1',
    ])
  })

  it('shows no application data of its own to units that do not lead', async () => {
    const { model, webs } = await relatedModel(2)
    for (const unit of webs) on(unit, 'update-status', 'relation-get -r certs:1 --app - web')
    expect(await model.run('web/0', { name: 'update-status' })).toMatchObject({ stdout: '{}\n' })
    const refused = await model.run('web/1', { name: 'update-status' })
    expect(refused).toMatchObject({ exitStatus: 1, stderr: 'ERROR permission denied\n' })
  })
})

describe('a model', () => {
  it('runs one hook at a time', async () => {
    const { model } = await relatedModel()
    const file = path.join(temporaryDir(), 'order')
    const script = `echo begin >>${file}; sleep 0.1; echo end >>${file}`
    for (const unit of ['web/0', 'ca/0']) on(model.unit(unit), 'config-changed', script)
    model.config('web', { port: 1 })
    model.config('ca', { port: 1 })
    const both = await Promise.all([model.settle(), model.settle()])
    expect(both.flat()).toHaveLength(2)
    expect(fs.readFileSync(file, 'utf8')).toBe('begin\nend\n'.repeat(2))
  })

  it('refuses what a model does not have or Juju cannot do', async () => {
    const { model } = await relatedModel()
    const refused: [(model: SimulatedModel) => unknown, string][] = [
      [(model) => model.relate('web:nope', 'ca:clients'), 'the charm has no such endpoint: web:nope'],
      // Another interface, the same role.
      [(model) => model.relate('web:db', 'ca:clients'), 'no relation: web:db ca:clients'],
      [(model) => model.relate('ca:backup', 'ca:clients'), 'no relation: ca:backup ca:clients'],
      [(model) => model.removeRelation('cluster:0'), 'a peer relation cannot be removed: cluster:0'],
      [(model) => model.addUnit('db'), 'the model has no such application: db'],
      [(model) => deploy(model, 'ca'), 'the model has this application: ca'],
      [(model) => model.config('ca', { nope: 1 }), 'the charm has no such option: nope'],
      [(model) => model.retry('ca/0'), 'no hook of the unit has failed: ca/0'],
    ]
    for (const [operate, message] of refused)
      await expect((async () => operate(model))()).rejects.toThrow(message)
  })

  it('forgets no failed hook because of what runs meanwhile, and takes no action for one', async () => {
    const model = await startModel()
    const { units } = await deploy(model, 'web', {}, { 'actions.yaml': 'backup: {description: x}\n' })
    await model.settle()
    const [web] = units as [SimulatedUnit]
    writeFiles(web.charmDir, { dispatch: '#!/bin/bash\n[[ $JUJU_HOOK_NAME == update-status ]]\n' })
    const action = await model.run(web, { name: 'backup', action: { name: 'backup' } })
    expect(action).toMatchObject({ exitStatus: 1, unit: 'web/0', action: { failed: true } })
    expect(model.failed).toEqual([])
    model.config('web', { port: 1 })
    await model.settle()
    expect(await model.run(web, { name: 'update-status' })).toMatchObject({ exitStatus: 0 })
    expect(model.failed.map(titleOf)).toEqual(['web/0 config-changed'])
    expect(await model.settle()).toEqual([])
  })

  it('may have slow hook tools, which do not wait for each other', async () => {
    const model = await startModel()
    const many = 'for i in {1..20}; do config-get port & done; wait'
    const inTurn = 'for i in {1..5}; do config-get port; done'
    const scripts = { install: 'config-get port', 'config-changed': inTurn, start: many }
    await deploy(model, 'web', { toolDelayMs: 150 }, scripts)
    const results = await model.settle()
    const [install, configChanged, start] = ['install', 'config-changed', 'start'].map((name) =>
      results.find(({ event }) => event.name === name),
    )
    expect(install?.durationMs).toBeGreaterThanOrEqual(150)
    expect(start?.durationMs).toBeGreaterThanOrEqual(150)
    // Twenty at once take less than four times five in turn.
    expect((start?.durationMs ?? Number.NaN) / (configChanged?.durationMs ?? 0)).toBeLessThan(4)
    expect(start?.stdout).toBe('80\n'.repeat(20))
  })
})
