import { describe, expect, it } from 'vitest'
import type { EventResult } from '../../src/simulator/events.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { ask, bash, flags, lines, ran, startUnit } from './charm.ts'

const ACTIONS = `
backup:
  description: Back up
  params:
    target: {type: string, default: /backup}
    options: {type: object}
install: {description: Named like a hook}
`
const ENTRY = '#!/bin/sh\nexec charms.reactive main "${0##*/}"\n'

function act(unit: SimulatedUnit, name: string, params: Record<string, unknown> = {}): Promise<EventResult> {
  return unit.run({ name, action: { name, params } })
}

const BASH = bash(`
@action backup restore
function back_up() {
  action_log "to $(action_get target)"
  action_set file="$(action_get target)/dump" size.bytes=12
  set_flag backed-up
}

@when backed-up
function tell() { echo told >>order; }

@hook install
function hooked() { echo hooked >>order; }`)

const JAVASCRIPT = `import { action, actionFail, actionGet, actionLog, actionSet, hook, setFlag } from 'charms.reactive'
action('backup', async function backUp() {
  const all = await actionGet()
  await actionLog('to ' + all.target)
  await actionSet({ target: String(await actionGet('target')), inner: String(await actionGet('options.level')) })
  await actionSet({ none: String(await actionGet('options.none.deeper')) })
  setFlag('backed-up')
  if (all.target === '/full') await actionFail('no space')
  if (all.target === '/broken') throw new Error('broken')
})
hook('install', function hooked() { setFlag('hooked') })
`

const ENTRIES = {
  'a dispatch': { dispatch: ENTRY },
  'one line in actions/*': { 'actions/backup': ENTRY, 'actions/install': ENTRY, 'hooks/install': ENTRY },
  both: { dispatch: ENTRY, 'actions/backup': ENTRY, 'actions/install': ENTRY },
}

describe.each(Object.entries(ENTRIES))('an action through %s', (_, entries) => {
  const files = { ...entries, 'actions.yaml': ACTIONS }

  it('runs its handlers in bash, then what they changed', async () => {
    const unit = await startUnit({ ...files, 'reactive/app.sh': BASH })
    const result = await act(unit, 'backup', { target: '/srv' })
    expect(result).toMatchObject({ exitStatus: 0, stdout: '', stderr: '' })
    expect(result.action).toMatchObject({
      results: { file: '/srv/dump', size: { bytes: '12' } },
      logs: ['to /srv'],
      failed: false,
    })
    expect(ran(result)).toEqual(['reactive/app.sh:back_up', 'reactive/app.sh:tell'])
    expect(flags(unit)).toEqual(['backed-up'])
  })

  it('named like a hook fires no handler of that hook, and fails without one of its own', async () => {
    const unit = await startUnit({ ...files, 'reactive/app.sh': BASH, 'reactive/app.mjs': JAVASCRIPT })
    const result = await act(unit, 'install')
    expect(result.exitStatus).toBe(3)
    expect(result.stderr).toBe(
      'charms.reactive: main: no handler matches the action, and it has no script: install\n',
    )
    expect(ran(result)).toEqual([])
    expect(lines(unit, 'order')).toEqual([])
    expect(flags(unit)).toEqual([])
    expect(ran(await unit.run({ name: 'install' }))).toEqual([
      'reactive/app.mjs:hooked',
      'reactive/app.sh:hooked',
    ])
  })
})

describe('an action', () => {
  const files = { ...ENTRIES['a dispatch'], 'actions.yaml': ACTIONS }

  it('runs its handlers in JavaScript', async () => {
    const unit = await startUnit({ ...files, 'reactive/app.mjs': JAVASCRIPT })
    const { exitStatus, action, stderr } = await act(unit, 'backup', { options: { level: 3 } })
    expect({ exitStatus, stderr }).toEqual({ exitStatus: 0, stderr: '' })
    expect(action).toMatchObject({
      results: { target: '/backup', inner: '3', none: 'null' },
      logs: ['to /backup'],
      failed: false,
    })
    expect(flags(unit)).toEqual(['backed-up'])
  })

  it('that says it failed keeps its flags, and one that fails keeps its results alone', async () => {
    const unit = await startUnit({ ...files, 'reactive/app.mjs': JAVASCRIPT })
    const broken = await act(unit, 'backup', { target: '/broken' })
    expect(broken.exitStatus).toBe(1)
    expect(broken.action).toMatchObject({ results: { target: '/broken' }, failed: true })
    expect(broken.stderr).toContain('handler reactive/app.mjs:backUp failed')
    expect(flags(unit)).toEqual([])
    const full = await act(unit, 'backup', { target: '/full' })
    expect(full).toMatchObject({ exitStatus: 0, action: { failed: true, message: 'no space' } })
    expect(flags(unit)).toEqual(['backed-up'])
  })
})

describe('the automatic flags in an action', () => {
  it('are those of a hook: what reacts to a changed option there has seen the change', async () => {
    const unit = await startUnit({
      dispatch: ENTRY,
      'actions.yaml': ACTIONS,
      'config.yaml': 'options: {port: {type: int, default: 1, description: Port}}\n',
      'reactive/app.sh': bash(`
@action backup
function back_up() { [[ $(action_get target) != /fail ]]; exit; }

@when config.changed.port
function changed() { echo "\${JUJU_ACTION_NAME-hook} $(config_get port)" >>order; }`),
    })
    await unit.run({ name: 'install' })
    unit.setConfig({ port: 2 })
    expect((await act(unit, 'backup', { target: '/fail' })).exitStatus).toBe(1)
    const result = await act(unit, 'backup')
    expect(result.hookToolCalls.filter(({ tool }) => tool === 'config-get')).toHaveLength(1)
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'order')).toEqual(['hook 1', 'backup 2'])
    expect(await ask(unit, 'get_flags')).toBe('')
  })
})
