// How modules of a charm are found: packages that hide others, hyphens, relative imports, layers, other processes.

import { describe, expect, it } from 'vitest'
import { flags, lines, ran, startUnit } from './charm.ts'

const NOTE = `def note(*words):
    with open('seen', 'a') as file:
        print(*words, file=file)
`

describe('Modules of a charm in Python', () => {
  it('are found behind packages that hide others, with hyphens, and by relative imports', async () => {
    const unit = await startUnit({
      'metadata.yaml': 'name: app\nrequires: {ca: {interface: tls-certificates}}\n',
      'lib/charms/__init__.py': 'HIDES = True\n',
      'lib/charms/reactive/__init__.py': 'raise ImportError("the copy in lib")\n',
      'lib/charms/layer/__init__.py': '',
      'lib/charms/layer/status.py': `import atexit\n${NOTE}\ndef active(text): note('active', text)\n`,
      'lib/charms/layer/basic.py': 'raise ImportError("layer-basic itself")\n',
      'lib/reactive/__init__.py': 'HIDES = True\n',
      'reactive/__init__.py': '',
      'reactive/app.py': `from charms import layer
from charms.layer import basic
from charms.reactive import when_not, set_flag
from reactive.other import helper
import charms

assert charms.HIDES

@when_not('done')
def handler():
    basic.bootstrap_charm_deps()
    basic.init_config_states()
    layer.status.active(helper())
    set_flag('done')
`,
      'reactive/other.py': `from charms.reactive import when
def helper(): return 'helped'

@when('done')
def first(): pass
`,
      'hooks/relations/tls-certificates/__init__.py': '',
      'hooks/relations/tls-certificates/tls_certificates_common.py': 'NAME = "common"\n',
      'hooks/relations/tls-certificates/requires.py': `from .tls_certificates_common import NAME
from charms.reactive import Endpoint, when_not
${NOTE}
class Certificates(Endpoint):
    @when_not('endpoint.{endpoint_name}.joined')
    def alone(self):
        note(NAME, self.endpoint_name)
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(ran(result)).toEqual([
      'hooks/relations/tls-certificates/requires.py:alone:ca',
      'reactive/app.py:handler',
      'reactive/other.py:first',
    ])
    expect(lines(unit, 'seen')).toEqual(['common ca', 'active helped'])
  })

  it('may set flags while they are imported, and where a role of the interface has no endpoint register nothing for it', async () => {
    const unit = await startUnit({
      'metadata.yaml': 'name: app\nrequires: {db: {interface: mysql}}\n',
      'reactive/app.py': `from charms.reactive import set_flag, when
set_flag('by-import')

@when('by-import')
def handler(): set_flag('seen')
`,
      'reactive/relations/mysql/provides.py': `from charms.reactive import Endpoint, when_not, set_flag
class Provider(Endpoint):
    @when_not('endpoint.{endpoint_name}.joined')
    def alone(self): set_flag('wrong')
`,
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(await flags(unit)).toEqual(['by-import', 'seen'])
  })

  it('are found by processes outside of a hook, where each call is a transaction of its own', async () => {
    const unit = await startUnit({
      'reactive/app.py': 'from charms.reactive import set_flag\nVALUE = 7\n',
    })
    await unit.run({ name: 'install' })
    const program = `from reactive.app import VALUE
from charms.reactive import set_flag, get_flags, clear_flag
set_flag('a'); set_flag('b'); clear_flag('a')
print(VALUE, get_flags())
set_flag('')`
    const result = await unit.command(['charm-env', 'python3', '-c', program])
    expect(result.stdout).toBe("7 ['b']\n")
    expect(result.stderr.trim().split('\n').at(-1)).toBe('ValueError: a flag needs a name: ""')
    expect(await flags(unit)).toEqual(['b'])
  })
})
