// The record of dispatches on a whole unit: what it keeps, what it never holds, and where it goes.

import path from 'node:path'
import { expect, it } from 'vitest'
import { openState } from '../test-unit.ts'
import { bash, logged, startUnit } from './charm.ts'

const SECRETS = ['hunter22-option', 'hunter22-variable', 'hunter22-secret', 'hunter22-leader']

const FILES = {
  'layer.yaml': 'options: {reactive: {trace: log, kept_traces: 3}}\n',
  'config.yaml': 'options: {password: {type: string, default: ""}}\n',
  'templates/t.j2': '{{ word|int(base=99) }} {{ "%d" % word }}\n',
  'reactive/app.sh': bash(`@when config.changed
function configure() { set_flag app.ready; }
@hook update-status
function prints() { echo "the password is $(config_get password)"; exit 4; }
register_trigger --when app.ready --set_flag app.told`),
  'reactive/fails.mjs': `import { config, hook, hookTools, renderTemplate } from 'charms.reactive'
hook('stop', function option() { throw new Error('no: ' + config('password')) })
hook('start', function template() { renderTemplate('t.j2', '/tmp/t', { word: 'hunter22-variable' }) })
hook('leader-elected', async function secret() {
  const id = await hookTools.secretAdd({ token: 'hunter22-secret' }, { owner: 'unit' })
  throw new Error('no: ' + JSON.stringify(await hookTools.secretGet(id)))
})
hook('leader-settings-changed', () => hookTools.leaderSet({ word: 'hunter22-leader' }))
`,
}

it('has no value of an option, a secret, a setting or a template, tells who changed flags, and is in the log', async () => {
  const unit = await startUnit(FILES, { state: { jujuVersion: '3.6.0' } })
  unit.setConfig({ password: 'hunter22-option' })
  const first = await unit.run({ name: 'install' })
  expect(first.log.filter(({ level }) => level === 'ERROR')).toEqual([])
  const changes = first.trace?.iterations.flatMap(({ ran }) => ran.flatMap((run) => run.changes))
  expect(changes).toEqual([
    { flag: 'app.ready', set: true },
    { flag: 'app.told', set: true, trigger: '+app.ready' },
  ])
  expect(logged(first).filter((line) => line.startsWith('DEBUG trace: '))).toHaveLength(1)
  expect(logged(first).join('\n')).toMatch(/DEBUG +ran {3}reactive\/app.sh:configure/)
  await unit.command(['charms.reactive', 'set_flag', 'by.hand'])
  const texts: string[] = []
  for (const name of ['update-status', 'stop', 'start', 'leader-elected', 'leader-settings-changed']) {
    const result = await unit.run({ name, check: false })
    expect(result.exitStatus, name).not.toBe(0)
    texts.push(
      logged(result)
        .filter((line) => line.startsWith('DEBUG'))
        .join('\n'),
    )
  }
  for (const secret of SECRETS) expect(texts.join('\n')).not.toContain(secret)
  expect(texts[0]).toContain('| the password is [option password]')
  expect(texts[1]).toContain('no: [option password]')
  const state = await openState({ path: path.join(unit.charmDir, '.reactive-state.db') })
  const rows = [...(await state.records('trace')), ...(await state.records('outside'))]
  expect(rows.map(([, { event, command }]) => event ?? command)).toEqual([
    'start',
    'leader-elected',
    'leader-settings-changed',
    'set_flag',
  ])
  for (const secret of SECRETS) expect(JSON.stringify(rows)).not.toContain(secret)
  expect(rows.map(([, { error }]) => error)).toEqual([
    expect.stringContaining('not a number to format: str'),
    expect.stringContaining('no: {"token":"[secret]"}'),
    expect.stringContaining('leader-set word=[value of word] failed with status 1'),
    undefined,
  ])
})
