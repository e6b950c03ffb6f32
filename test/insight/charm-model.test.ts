import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CharmModel, readCharmModel } from '../../src/insight/charm-model.ts'

const FILES = {
  'metadata.yaml': 'name: app\nrequires:\n  db: {interface: pgsql}\n',
  'config.yaml': 'options:\n  port: {type: int, default: 80}\n',
  'reactive/app.sh': `#!/bin/bash
source charms.reactive.sh
register_trigger --when_not db.ready --clear_flag app.ready
port=$(config_get port)
@when db.ready
@when_not "app.ready.$port"
function configure() {
  finish
  set_flag "app.ready.$port"
}
finish() { set_flag app.done; }
reactive_handler_main
`,
  'reactive/relations/pgsql/requires.py': `from charms.reactive import Endpoint, register_trigger, toggle_flag, when
from nowhere import something
class Requires(Endpoint):
    def register_triggers(self):
        register_trigger(when_not=self.expand_name('joined'), clear_flag=self.expand_name('{endpoint_name}.ready'))
    @when('endpoint.{endpoint_name}.changed')
    def changed(self):
        toggle_flag(self.expand_name('{endpoint_name}.ready'), self.is_joined)
`,
  'reactive/broken.mjs': "import { when } from 'charms.reactive'\nwhen(",
  'reactive/notes.mjs':
    "import { setFlag, when } from 'charms.reactive'\nwhen('app.done', () => setFlag('noted'))\n",
}

const charm = fs.mkdtempSync(path.join(os.tmpdir(), 'charm-model-'))
let model: CharmModel

beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) {
    fs.mkdirSync(path.dirname(path.join(charm, name)), { recursive: true })
    fs.writeFileSync(path.join(charm, name), text, { mode: 0o755 })
  }
  model = await readCharmModel(charm)
}, 120_000)
afterAll(() => fs.rmSync(charm, { recursive: true }))

const conditionsOf = (id: string) =>
  model.handlers
    .find((handler) => handler.id === id)
    ?.conditions.map(({ name, args }) => [name, ...args].join(' '))

const changesIn = (id: string) =>
  model.handlers
    .find((handler) => handler.id === id)
    ?.changes.map(({ kind, flag, line }) => `${line} ${kind} ${flag}`)

it('has the conditions as the charm registers them, with what only running it tells', () => {
  expect(conditionsOf('reactive/app.sh:configure')).toEqual(['when db.ready', 'when_not app.ready.80'])
  expect(conditionsOf('reactive/relations/pgsql/requires.py:changed:db')).toEqual([
    'when_all endpoint.db.changed',
  ])
  expect(conditionsOf('reactive/notes.mjs:line-2')).toEqual(['when app.done'])
})

it('has the changes of each handler, also those in functions that it calls', () => {
  expect(changesIn('reactive/app.sh:configure')?.sort()).toEqual(['11 set app.done', '9 set app.ready.*'])
  expect(changesIn('reactive/relations/pgsql/requires.py:changed:db')).toEqual([
    '8 set db.ready',
    '8 clear db.ready',
  ])
  expect(changesIn('reactive/notes.mjs:line-2')).toEqual(['2 set noted'])
})

it('has triggers, each once', () => {
  expect(model.triggers.map(({ whenNot, clearFlags, file }) => [whenNot, clearFlags, file])).toEqual([
    ['db.ready', ['app.ready'], 'reactive/app.sh'],
    ['endpoint.db.joined', ['db.ready'], 'reactive/relations/pgsql/requires.py'],
  ])
})

it('goes on behind a file that cannot register, and says why', () => {
  expect(model.registration.faults).toMatchObject([{ file: 'reactive/broken.mjs' }])
  expect(model.registration.standIns).toEqual(['nowhere'])
})

it('has the automatic flags that the declarations lead to', () => {
  const flags = model.automatic.map(({ flag }) => flag)
  expect(flags).toContain('config.set.port')
  expect(flags).toContain('endpoint.db.changed.*')
})
