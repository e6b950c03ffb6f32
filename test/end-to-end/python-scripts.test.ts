// Scripts of a charm in Python beside its handlers, and hooks of a relation that breaks.

import { describe, expect, it } from 'vitest'
import { lines, startUnit } from './charm.ts'

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
