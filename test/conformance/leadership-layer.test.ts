// The code of layer:leadership itself (github.com/stub42/layer-leadership), which calls leader-get and leader-set by
// charmhelpers at the start of every hook, under each Juju. LAYER_LEADERSHIP names a checkout of it.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { flags, lines, METADATA, ran, remarks, startUnit } from '../end-to-end/charm.ts'
import { originalVenv, sitePackages } from './original-venv.ts'

const layer = process.env.LAYER_LEADERSHIP
const venv = originalVenv()

const APP = `from charmhelpers.core import hookenv
from charms import leadership
from charms.reactive import hook, is_flag_set, set_flag, when, when_not

@when('leadership.is_leader')
@when_not('leadership.set.token')
def share():
    leadership.leader_set(token='a b', gone=None)
    leadership.leader_set({'other': '1'})

@when('leadership.changed.token')
def see():
    with open('seen', 'a') as file:
        print(hookenv.hook_name(), leadership.leader_get('token'), leadership.leader_get(), file=file)

@hook('start')
def change():
    if is_flag_set('leadership.is_leader'):
        leadership.leader_set(token='c', other='')
`

async function live(jujuVersion: string, leader: boolean) {
  const unit = await startUnit(
    { 'metadata.yaml': `${METADATA}peers: {cluster: {interface: app}}\n`, 'reactive/app.py': APP },
    {
      state: { jujuVersion, leader, relations: [{ id: 'cluster:0', remoteUnits: { 'app/1': {} } }] },
    },
  )
  for (const file of ['reactive/leadership.py', 'lib/charms/leadership.py']) {
    fs.mkdirSync(path.dirname(path.join(unit.charmDir, file)), { recursive: true })
    fs.copyFileSync(path.join(layer ?? '', file), path.join(unit.charmDir, file))
  }
  for (const name of ['charmhelpers', 'yaml', 'jinja2', 'markupsafe'])
    fs.symlinkSync(path.join(sitePackages(venv ?? ''), name), path.join(unit.charmDir, 'lib', name))
  const seen = []
  for (const name of ['install', 'start', 'update-status', 'upgrade-charm']) {
    const result = await unit.run({ name })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', lackingTools: [] })
    // The layer logs by a tool of its own, beside the engine.
    seen.push([ran(result), flags(unit), remarks(result).sort()])
  }
  return { seen, told: lines(unit, 'seen') }
}

describe.skipIf(layer === undefined || venv === undefined)('layer:leadership', () => {
  it.each([true, false])('has the same life under Juju 2.9, 3.6 and 4.0 (leader: %s)', async (leader) => {
    const [two, three, four] = await Promise.all(
      ['2.9.42', '3.6.0', '4.0.0'].map((version) => live(version, leader)),
    )
    expect(three).toEqual(two)
    expect(four).toEqual(two)
    const own = leader ? ['leadership.is_leader', 'leadership.set.token'] : []
    expect(two?.seen.at(-1)?.[1]).toEqual(['endpoint.cluster.joined', ...own])
    expect(two?.told[0]).toBe(leader ? "install a b {'other': '1', 'token': 'a b'}" : undefined)
  })
})
