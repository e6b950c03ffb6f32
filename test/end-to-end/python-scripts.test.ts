// Scripts of a charm in Python beside its handlers, and hooks of a relation that breaks.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { SHELL } from '../test-unit.ts'
import { flags, lines, startUnit, writeFiles } from './charm.ts'

const NOTE = `import os
from charms.reactive import get_flags

def note(what):
    flags = [flag for flag in get_flags() if flag.startswith('config.changed')]
    with open(os.path.join(os.environ['CHARM_DIR'], 'seen'), 'a') as seen:
        print(what, *flags, file=seen)
`

describe('main() in an action', () => {
  it('has no flags of the configuration, and takes no change from the next hook, but after init_config_states()', async () => {
    const unit = await startUnit({
      'config.yaml': 'options: {port: {type: int, default: 1}}\n',
      'actions.yaml': 'plain: {}\nconfigured: {}\n',
      'lib/note.py': NOTE,
      'actions/plain':
        '#!/usr/bin/env python3\nfrom charms.reactive import main, set_flag\nset_flag("due")\nmain()\n',
      'actions/configured': `#!/usr/bin/env python3
from charms.layer import basic
basic.bootstrap_charm_deps()
basic.init_config_states()
from charms.reactive import main
main()
`,
      'reactive/app.py': `from charms.reactive import when, hook
from note import note

@when('due')
def react():
    note('due')

@hook('config-changed')
def configure():
    note('hook')
`,
    })
    const act = (name: string) => unit.run({ name, action: { name } })
    await unit.run({ name: 'install' })
    unit.setConfig({ port: 2 })
    expect(await act('plain')).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(await unit.run({ name: 'config-changed' })).toMatchObject({ exitStatus: 0 })
    unit.setConfig({ port: 3 })
    expect(await act('configured')).toMatchObject({ exitStatus: 0, stderr: '' })
    const changed = 'config.changed config.changed.port'
    expect(lines(unit, 'seen')).toEqual(['due', `hook ${changed}`, `due ${changed}`, `due ${changed}`])
  })
})

describe('A script of the charm in Python', () => {
  it('may have the absolute path of charm-env as its interpreter', async ({ skip }) => {
    const unit = await startUnit({
      'actions.yaml': 'show: {}\n',
      'actions/show':
        '#!/usr/local/sbin/charm-env python3\nfrom charms.reactive import set_flag\nset_flag("shown")\n',
      'reactive/app.py': '',
    })
    skip(!unit.isolation.directories.includes('/usr'), unit.isolation.problem)
    const text = fs.readFileSync(path.join(SHELL, 'machine/charm-env'), 'utf8')
    writeFiles(unit.root, { 'usr/local/sbin/charm-env': text })
    expect(await unit.run({ name: 'show', action: { name: 'show' } })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    expect(flags(unit)).toEqual(['shown'])
  })

  it('is a dispatch of its own by main(), where Juju starts the action without the toolkit', async ({
    skip,
  }) => {
    const unit = await startUnit({
      'actions.yaml': 'show: {params: {what: {type: string}}}\n',
      'actions/show': `#!/usr/local/sbin/charm-env python3
import sys
from charms.reactive import is_flag_set, main, set_flag
set_flag('shown')
main()
print(is_flag_set('reacted'))
`,
      'reactive/app.py': `import subprocess
from charms.reactive import action, set_flag, when

@when('shown')
def react():
    set_flag('reacted')
    what = subprocess.check_output(['action-get', 'what'], text=True)
    subprocess.check_call(['action-set', 'seen=' + what.strip()])
`,
    })
    skip(!unit.isolation.directories.includes('/usr'), unit.isolation.problem)
    fs.rmSync(path.join(unit.charmDir, 'dispatch'))
    const text = fs.readFileSync(path.join(SHELL, 'machine/charm-env'), 'utf8')
    writeFiles(unit.root, { 'usr/local/sbin/charm-env': text })
    const params = { what: 'all' }
    const result = await unit.run({ name: 'show', action: { name: 'show', params } })
    const { exitStatus, stdout, stderr } = result
    expect({ exitStatus, stdout, stderr }).toEqual({ exitStatus: 0, stdout: 'True\n', stderr: '' })
    expect(flags(unit)).toEqual(['reacted', 'shown'])
  })
})

describe('JUJU_DEBUG_AT', () => {
  it('stops before a handler in Python, which sees what was done by hand', async () => {
    const unit = await startUnit({
      'reactive/app.py': `from charms.reactive import is_flag_set, set_flag, when_not

@when_not('never')
def told():
    set_flag('seen.%s' % is_flag_set('by.hand'))
`,
      typed: 'set_flag by.hand; exit 7\n',
      dispatch: '#!/bin/sh\nexec script -qec "charms.reactive main" /dev/null <typed\n',
    })
    const env = { JUJU_DEBUG_AT: 'told' }
    expect((await unit.run({ name: 'start', env })).exitStatus).toBe(0)
    expect(flags(unit)).toEqual(['by.hand', 'seen.True'])
  })
})

describe('A relation that breaks', () => {
  it('is still listed in Python, without units, and may be written', async () => {
    const unit = await startUnit({
      'metadata.yaml': 'name: app\nrequires: {db: mysql}\n',
      'reactive/relations/mysql/requires.py': `from charms.reactive import Endpoint, when_not

class MySQL(Endpoint):
    @when_not('endpoint.{endpoint_name}.joined')
    def gone(self):
        for relation in self.relations:
            relation.to_publish_raw['bye'] = '%s %s' % (relation.relation_id, relation.joined_units.keys())
`,
    })
    const relation = unit.joinRelation('db', { id: 'db:1', remoteApp: 'mysql' })
    expect(await unit.run({ name: 'db-relation-broken' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(relation.localUnit.bye).toBe('db:1 []')
  })
})
