import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { simulateUnit } from '../../src/simulator/unit.ts'
import { ask, bash, temporaryDir, writeFiles } from './charm.ts'

it('a charm with charmcraft.yaml alone is packed for its unit, and its source is asked where it stands', async () => {
  const charm = temporaryDir()
  writeFiles(charm, {
    'charmcraft.yaml': `
name: app
type: charm
requires: {db: {interface: sql}}
config: {options: {port: {type: int, default: 80}}}
actions: {backup: {params: {to: {type: string, default: /srv}}}}
`,
    'reactive/app.sh': bash(`
@when endpoint.db.joined
function joined() { charms.reactive endpoint_units db >units; config_get port >port; }
@action backup
function backup() { action_set "to=$(action_get to)"; }`),
  })
  const unit = await simulateUnit(charm)
  try {
    expect(unit.state).toMatchObject({ unit: 'app/0', configDefaults: { port: 80 } })
    const joined = await unit.run({ name: 'db-relation-joined', remoteUnit: 'sql/0' })
    expect(joined).toMatchObject({ exitStatus: 0, stderr: '' })
    const read = (name: string) => fs.readFileSync(path.join(unit.charmDir, name), 'utf8')
    expect([read('units'), read('port')]).toEqual(['sql/0\n', '80\n'])
    expect(fs.existsSync(path.join(unit.charmDir, 'metadata.yaml'))).toBe(true)
    const action = await unit.run({ name: 'backup', action: { name: 'backup' } })
    expect(action.action).toMatchObject({ failed: false, results: { to: '/srv' } })
    // Where it is developed nothing was split.
    for (const name of ['metadata.yaml', 'config.yaml', 'actions.yaml'])
      fs.rmSync(path.join(unit.charmDir, name))
    expect(await ask(unit, 'get_flags')).toContain('endpoint.db.joined')
    const next = await unit.run({ name: 'update-status' })
    expect(next).toMatchObject({ exitStatus: 0, stderr: '' })
  } finally {
    await unit.close()
  }
})
