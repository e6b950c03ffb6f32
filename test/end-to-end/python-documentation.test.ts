// Every Python example of the documentation, taken from its text and run as printed. Only names that the text leaves
// open are given, before the example. Where a page break took the indentation, it is given back: each repair is named.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CharmFiles, flags, given, lines, ran, startUnit } from './charm.ts'

const root = path.resolve(import.meta.dirname, '../..')
const TEXT = process.env.DOCUMENTATION ?? path.join(root, '../shared/seed/charms-reactive-docs-1.3.0.txt')
const isThere = fs.existsSync(TEXT)

/** The blocks of code, in their order. */
const blocks = isThere
  ? [...fs.readFileSync(TEXT, 'utf8').matchAll(/^```\n(.*?)^```$/gms)].map(([, text = '']) => text)
  : []

/** The only block with these words. */
function block(words: string): string {
  const found = blocks.filter((text) => text.includes(words))
  if (found.length !== 1) throw new Error(`${found.length} blocks of the documentation have: ${words}`)
  return found[0] ?? ''
}

/** A repair: a block behind a page break, whose lines had so many spaces in front. */
const indented = (text: string, spaces = 4) => text.replace(/^(?=.)/gm, ' '.repeat(spaces))

const NOTE = `
def note(*words):
    with open('seen', 'a') as file:
        print(*words, file=file)
`

async function start(files: CharmFiles) {
  return startUnit({
    'config.yaml':
      'options: {my-opt: {type: string}, install_sources: {type: string}, admin-pass: {type: string}}\n',
    ...files,
  })
}

describe.skipIf(!isThere)('A Python example of the documentation', () => {
  it('of the overview renders a file when database and password are there, and restarts only when it changed', async () => {
    // Repair: `restart_service` goes on behind a page break.
    const example = block('def render_config(pgsq):') + indented(block("hookenv.service_restart('myapp')"))
    const unit = await start({
      'metadata.yaml': 'name: app\nrequires: {db: {interface: pgsql}}\n',
      // The text imports charmhelpers: what it uses of it.
      'lib/charmhelpers/__init__.py': '',
      'lib/charmhelpers/core/__init__.py': '',
      'lib/charmhelpers/core/templating.py': `def render(source, target, context):
    with open('app.conf', 'w') as file:
        file.write('%s %s %s' % (source, target, sorted(context.items())))
`,
      'lib/charmhelpers/core/hookenv.py': `import os
class Config(dict):
    CONFIG_FILE_NAME = 'x'
    def load_previous(self): pass
    def save(self): pass
_atstart, _atexit = [], []
def config(name): return 's3cret'
def service_restart(name):
    with open('seen', 'a') as file:
        print('restart', name, file=file)
`,
      'reactive/relations/pgsql/requires.py': `from charms.reactive import Endpoint, when, set_flag
class Pgsql(Endpoint):
    def connection_string(self):
        return 'host=' + self.all_joined_units.received_raw['host']

    @when('endpoint.{endpoint_name}.joined')
    def joined(self):
        set_flag(self.expand_name('{endpoint_name}.database.available'))
`,
      // Where the text watches /etc, the test watches a file of its own.
      'reactive/app.py': example.replace(
        "any_file_changed(['/etc/app.conf'])",
        "any_file_changed(['app.conf'])",
      ),
    })
    unit.setConfig({ 'admin-pass': 's3cret' })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual([])
    unit.joinRelation('db', { remoteApp: 'pgsql', remoteUnits: { 'pgsql/0': { host: 'a' } } })
    expect(await unit.run({ name: 'db-relation-joined', remoteUnit: 'pgsql/0' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    expect(fs.readFileSync(path.join(unit.charmDir, 'app.conf'), 'utf8')).toBe(
      "app-config.j2 /etc/app.conf [('admin_pass', 's3cret'), ('db_conn', 'host=a')]",
    )
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen')).toEqual(['restart myapp'])
    expect(flags(unit)).not.toContain('myapp.restart')
  })

  it('of the base layer reacts to an option that changed', async () => {
    const given = `from charms.reactive import when\n${NOTE}\nupdate_config = restart_service = lambda: note('called')\n`
    const unit = await start({ 'reactive/app.py': given + block('def my_opt_changed') })
    await unit.run({ name: 'install' })
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen')).toEqual(['called', 'called'])
    unit.setConfig({ 'my-opt': 'x' })
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'seen')).toHaveLength(4)
  })

  it('of layer options gets an option, and all of a layer', async () => {
    const example = block('foo_opts = layer.options.get')
    const given = `from charms.reactive import when\n${NOTE}
class hookenv:
    log = note
`
    const unit = await start({
      'layer.yaml': `${block('enable-bar: # define')}options: {foo: {enable-bar: true, count: 1}}\n`,
      'reactive/app.py': `${given}${example}\n    note(sorted(foo_opts), layer.options('foo')['enable-bar'])\n`,
    })
    const { stderr } = await unit.run({ name: 'install' })
    expect(stderr).toBe('')
    await (await import('./charm.ts')).given(unit, 'flag')
    expect(await unit.run({ name: 'update-status' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')[0]).toContain('Bar is enabled')
    expect(lines(unit, 'seen')[1]).toMatch(/'enable-bar'.* True$/)
  })

  it('of the questions clears a flag when an option changes, and notifies clients by a flag of its own', async () => {
    const head = `from charms.reactive import *
from charms.reactive import endpoint_from_flag as from_flag
${NOTE}
restart_my_service = lambda: note('restart')
class Clients:
    def notify_service_stopped(self):
        note('notified')
from_flag = lambda flag: Clients()
`
    const trigger =
      blocks.find(
        (text) =>
          text.startsWith("register_trigger(when='config.changed.install_sources'") && !text.includes('def '),
      ) ?? ''
    expect(trigger).not.toBe('')
    // Repair: the body of notify_related_units goes on behind a page break.
    const tail = blocks.filter((text) => text.startsWith('clients.notify_service_stopped()'))
    expect(tail).toHaveLength(1)
    const example = block("set_flag='clients.need_notification'") + indented(tail[0] ?? '')
    const unit = await start({ 'reactive/app.py': head + trigger + example })
    given(unit, 'endpoint.clients.connected', 'apt.sources_configured')
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual(['endpoint.clients.connected'])
    // The operator's command, which the triggers of the last hook see.
    await unit.command(['charms.reactive', 'set_flag', 'service.stopped'])
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen')).toEqual(['restart', 'notified'])
    // Without the trigger the second handler is never reached.
    const plain =
      blocks.find(
        (text) => text.includes("@when('service.stopped')") && !text.includes('register_trigger'),
      ) ?? ''
    const other = await start({ 'reactive/app.py': head + plain })
    given(other, 'service.stopped', 'endpoint.clients.connected')
    expect(ran(await other.run({ name: 'install' }))).toEqual(['reactive/app.py:restart_service'])
  })

  it('of triggers sets and clears at the same moment, also by one that a handler registers', async () => {
    const unit = await start({
      'reactive/app.py': `${block("register_trigger(when='flag_a',\n                set_flag='flag_b')").replace('do_something()', 'pass')}`,
    })
    given(unit, 'flag_a')
    await unit.run({ name: 'install' })
    expect(flags(unit)).toEqual(['flag_a'])
    const { charmDir } = unit
    fs.appendFileSync(
      path.join(charmDir, 'reactive/app.py'),
      `
from charms.reactive import hook, clear_flag
@hook('start')
def again():
    clear_flag('flag_a')
    set_flag('flag_a')
`,
    )
    await unit.run({ name: 'start' })
    expect(flags(unit)).toEqual(['flag_a', 'flag_b', 'flag_c'])
  })

  it('of the apt layer configures its sources again when they change', async () => {
    const head = `from charms.reactive import *\n${NOTE}
configure_sources = lambda: note('sources')
class charms:
    class apt:
        update = staticmethod(lambda: note('update'))
        install_queued = staticmethod(lambda: note('install'))
        ensure_package_status = staticmethod(lambda: note('status'))
`
    // Repair: the example goes on behind a page break, where nothing was indented.
    const example = `${block('def sources_handler')}${block("@when_all('apt.needs_update'")}`
    const unit = await start({ 'reactive/app.py': head + example })
    given(unit, 'apt.sources_configured', 'apt.queued_installs')
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual(['sources', 'install', 'status'])
    expect(flags(unit)).toEqual(['apt.sources_configured'])
  })

  it('of series upgrades stops the application once, and starts it afterwards', async () => {
    const head = `from charms.reactive import *\n${NOTE}
stop_app_services = lambda: note('stop')
disable_app_services = lambda: note('disable')
enable_app_services = lambda: note('enable')
start_app_services = lambda: note('start')
`
    const example = `${block('def disable_application')}${block('def enable_application')}`
    const unit = await start({ 'reactive/app.py': head + example })
    given(unit, 'charm.application.started')
    await unit.run({ name: 'install' })
    await unit.run({ name: 'pre-series-upgrade' })
    expect(lines(unit, 'seen')).toEqual(['stop', 'disable'])
    await unit.run({ name: 'post-series-upgrade' })
    expect(lines(unit, 'seen')).toEqual(['stop', 'disable', 'enable', 'start'])
  })

  it('of requests asks for a certificate, and another one gives it', async () => {
    const classes = block('class CertResponse(BaseResponse)')
    // Repair: a page break stands between the import and the classes.
    const endpoints = `${block('from charms.reactive import RequesterEndpoint, ResponderEndpoint')}${block('class CertRequester(RequesterEndpoint)')}`
    const layer = `${classes}\n${endpoints}`
    const asks = `from charms.reactive import *\nfrom pathlib import Path\n${NOTE}
generate_csr = lambda: 'csr'
CERT_PATH = Path('cert')
class unitdata:
    values = {}
    @classmethod
    def kv(cls): return cls
    set = values.__setitem__
    get = lambda key: open('current').read()
`
    const client = block('def request_cert').replace(
      'request.request_id) # for reissues',
      "request.request_id) # for reissues\n    open('current', 'w').write(request.request_id)",
    )
    const unit = await start({
      'metadata.yaml': 'name: app\nrequires: {certs: {interface: certs}}\n',
      // The two classes are for the two sides.
      'reactive/relations/certs/requires.py': layer.replace(/class CertResponder[\s\S]*/, ''),
      'reactive/app.py': asks + client,
    })
    const relation = unit.joinRelation('certs', { remoteApp: 'ca', remoteUnits: { 'ca/0': {} } })
    expect(await unit.run({ name: 'certs-relation-joined', remoteUnit: 'ca/0' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    const [key = '', text = ''] =
      Object.entries(relation.localUnit).find(([name]) => name.startsWith('request_')) ?? []
    expect(JSON.parse(text)).toMatchObject({ csr_data: 'csr' })

    // Repair: the body of sign_certs goes on behind a page break.
    const provider = block('def sign_certs') + indented(block('for request in cert_clients.new_requests:'))
    const ca = await start({
      'metadata.yaml': 'name: ca\nprovides: {cert_clients: {interface: certs}}\n',
      'reactive/relations/certs/provides.py': layer.replace(
        /class CertRequester[\s\S]*?(?=class CertResponder)/,
        '',
      ),
      'reactive/ca.py': `from charms.reactive import *\nsign_cert = lambda csr: 'signed ' + csr\n${provider}`,
    })
    const served = ca.joinRelation('cert_clients', {
      remoteApp: 'app',
      remoteUnits: { 'app/0': { [key]: text } },
    })
    expect(await ca.run({ name: 'cert_clients-relation-changed', remoteUnit: 'app/0' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    const answer = served.localUnit[key.replace('request_', 'response_')] ?? ''
    expect(JSON.parse(answer)).toEqual({ signed_cert: 'signed csr' })

    relation.remoteUnits['ca/0'] = { [key.replace('request_', 'response_')]: answer }
    expect(await unit.run({ name: 'certs-relation-changed', remoteUnit: 'ca/0' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    expect(fs.readFileSync(path.join(unit.charmDir, 'cert'), 'utf8')).toBe('signed csr')
  })
})
