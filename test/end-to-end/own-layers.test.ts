// The Python modules of the layers that stand in for layer:leadership and layer:status, with charmhelpers from PyPI.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventResult } from '../../src/simulator/events.ts'
import { originalVenv, sitePackages } from '../conformance/original-venv.ts'
import { type CharmFiles, errors, flags, startUnit } from './charm.ts'

const venv = originalVenv()
const LAYERS = path.resolve(import.meta.dirname, '../../layers')

/** A unit whose charm has the files of the two layers, as a build puts them there. */
async function start(files: CharmFiles) {
  const unit = await startUnit(files, { state: { leader: true } })
  for (const layer of ['leadership', 'status'])
    fs.cpSync(path.join(LAYERS, layer), unit.charmDir, {
      recursive: true,
      filter: (from) => !from.endsWith('layer.yaml'),
    })
  for (const name of ['charmhelpers', 'yaml', 'jinja2', 'markupsafe'])
    fs.symlinkSync(path.join(sitePackages(venv ?? ''), name), path.join(unit.charmDir, 'lib', name))
  return unit
}

/** The statuses that a hook has set, as `STATE MESSAGE`. */
const statuses = ({ hookToolCalls }: EventResult) =>
  hookToolCalls.filter(({ tool }) => tool === 'status-set').map(({ args }) => args.join(' '))

const LAYER = `includes: ['layer:basic', 'layer:status', 'layer:tool']
options: {status: {patch-hookenv: true}}
`
const TOOL = `from charms.layer import status
from charms.reactive import hook

@hook('install')
def wants_a_disk():
    status.blocked('tool needs a disk')

@hook('start')
def waits():
    status.active('tool is up')
    status.waiting('tool waits')
`
const APP = `from charmhelpers.core import hookenv
from charms.layer import status
from charms.leadership import leader_get, leader_set
from charms.reactive import hook, set_flag, when

@hook('install')
def begin():
    status.maintenance('installing')
    status.maint('still installing')
    status.waiting('app waits')

@hook('start')
def wait():
    status.status_set('waiting', 'app waits')

@hook('update-status')
def work():
    status.status_set(status.WorkloadState.ACTIVE, 'one')
    status.active('two')
    hookenv.status_set('active', 'three')

@hook('stop')
def err():
    status.status_set('lost', 'x')

@hook('config-changed')
def share():
    leader_set({'token': 'a b', 'old': 'x'}, port=1)
    assert leader_get('token') == 'a b' and leader_get('nothing') is None
    assert leader_get() == {'token': 'a b', 'old': 'x', 'port': '1'}, leader_get()
    leader_set(old=None)
    leader_set()
    assert sorted(leader_get()) == ['port', 'token']
    try:
        leader_set({}, {})
    except TypeError as error:
        set_flag(str(error))

@when('leadership.changed.token')
def see():
    set_flag('seen')
`

describe.skipIf(venv === undefined)('the modules of our layers', () => {
  it('do what the originals document', async () => {
    const unit = await start({ 'layer.yaml': LAYER, 'reactive/tool.py': TOOL, 'reactive/app.py': APP })
    // Of several layers what blocks counts before what waits, and of one state the upper layer's.
    expect(statuses(await unit.run({ name: 'install' }))).toEqual([
      'maintenance installing',
      'maintenance still installing',
      'blocked tool needs a disk',
    ])
    expect(statuses(await unit.run({ name: 'start' }))).toEqual(['waiting app waits'])
    expect(statuses(await unit.run({ name: 'update-status' }))).toEqual(['active three'])
    expect(await unit.run({ name: 'config-changed' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual(
      expect.arrayContaining([
        'leadership.set.token',
        'leadership.set.port',
        'seen',
        'leader_set takes one dictionary: 2 were given',
      ]),
    )
    expect(flags(unit)).not.toContain('leadership.set.old')
    expect(errors(await unit.run({ name: 'stop' })).join()).toContain("'lost' is not a valid WorkloadState")
  })
})
