import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { bash, flags, given, lines, logged, ran, remarks, startUnit, traces, upgrade } from './charm.ts'

const example = path.resolve(import.meta.dirname, '../../examples/documentation')

/** As section 2.4 prints it. */
const PRINTED = `#!/bin/bash
source charms.reactive.sh

@when 'db.database.available' 'admin-pass'
function render_config() {
    db_conn=$(relation_call --flag 'db.database.available' connection_string)
    admin_pass=$(config_get 'admin-pass')
    charms.reactive render_template 'app-config.j2' '/etc/app.conf'
}

@when_not 'db.database.available'
function no_db() {
    status-set waiting 'Waiting on database'
}

@when_not 'admin-pass'
function no_db() {
    status-set blocked 'Missing admin password'
}

@when_file_changed '/etc/app.conf'
function restart_service() {
    service myapp restart
}

reactive_handler_main
`

describe('the handler file of section 2.4', () => {
  const metadata = 'name: myapp\nrequires: {db: {interface: pgsql}}\n'
  const config = 'options: {admin-pass: {type: string, description: A password}}\n'
  const template = 'connection = {{ db_conn }}\npassword = {{ admin_pass }}\n'
  // Stands for the interface layer.
  const layer = `import { Endpoint } from 'charms.reactive'
export class Pgsql extends Endpoint {
  connectionString() { return 'host=10.0.0.1 user=myapp' }
}
`
  const service = '#!/bin/bash\necho "$*" >>"$CHARM_DIR/service.log"\n'

  function start(): Promise<SimulatedUnit> {
    return startUnit(
      {
        'metadata.yaml': metadata,
        'config.yaml': config,
        'templates/app-config.j2': template,
        'reactive/app.sh': PRINTED,
        'reactive/relations/pgsql/requires.mjs': layer,
      },
      { commands: { service }, state: { config: { 'admin-pass': 's3cret' } } },
    )
  }

  it('is the file of the example charm, byte for byte', () => {
    const file = path.join(example, 'reactive/app.sh')
    expect(fs.readFileSync(file, 'utf8')).toBe(PRINTED)
    expect(fs.statSync(file).mode & 0o111).not.toBe(0)
  })

  it('runs both no_db functions, in the order of the file, while no flag is set', async () => {
    const unit = await start()
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stdout: '', stderr: '' })
    expect(result.statusHistory.map(({ status, message }) => [status, message])).toEqual([
      ['waiting', 'Waiting on database'],
      ['blocked', 'Missing admin password'],
    ])
    expect(logged(result)).toEqual([
      'INFO Invoking reactive handler: reactive/app.sh:no_db',
      'INFO Invoking reactive handler: reactive/app.sh:no_db#2',
    ])
    expect(fs.existsSync(path.join(unit.root, 'etc/app.conf'))).toBe(false)
    expect(lines(unit, 'service.log')).toEqual([])
  })

  it('writes the file and restarts the service in the same hook, and in no later one', async () => {
    const unit = await start()
    given(unit, 'db.database.available', 'admin-pass')
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stdout: '', stderr: '', statusHistory: [] })
    expect(ran(result)).toEqual(['reactive/app.sh:render_config', 'reactive/app.sh:restart_service'])
    expect(fs.readFileSync(path.join(unit.root, 'etc/app.conf'), 'utf8')).toBe(
      'connection = host=10.0.0.1 user=myapp\npassword = s3cret',
    )
    expect(lines(unit, 'service.log')).toEqual(['myapp restart'])
    // config_get is answered from the one config-get of the hook.
    expect(result.hookToolCalls.filter(({ tool }) => tool === 'config-get')).toHaveLength(1)

    const next = await unit.run({ name: 'update-status' })
    expect(ran(next)).toEqual(['reactive/app.sh:render_config'])
    expect(lines(unit, 'service.log')).toEqual(['myapp restart'])
    expect(flags(unit)).toEqual(['admin-pass', 'db.database.available'])
  })

  it('runs one no_db where only the password is missing', async () => {
    const unit = await start()
    given(unit, 'db.database.available')
    expect(ran(await unit.run({ name: 'install' }))).toEqual(['reactive/app.sh:no_db#2'])
  })
})

describe('section 2.5.4, a flag that goes when a config option changes', () => {
  it('clears the flag at once, before any handler', async () => {
    const unit = await startUnit({
      'config.yaml': 'options: {install_sources: {type: string, default: a, description: x}}\n',
      'reactive/apt.sh': bash(`
register_trigger --when 'config.changed.install_sources' --clear_flag 'apt.sources_configured'

@hook install config-changed
function first() { is_flag_set apt.sources_configured && echo "still" >>seen || echo "gone" >>seen; }

@when_not 'apt.sources_configured'
function configure() { echo configure >>seen; set_flag 'apt.sources_configured'; }`),
    })
    given(unit, 'apt.sources_configured')
    // On the very first hook every option counts as changed, and the trigger is there already.
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['gone', 'configure'])
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'seen').slice(2)).toEqual(['still'])
    unit.setConfig({ install_sources: 'b' })
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'seen').slice(3)).toEqual(['gone', 'configure'])
    const [record] = await traces(unit)
    expect(record?.changes).toEqual([
      { flag: 'config.changed', set: true },
      { flag: 'config.changed.install_sources', set: true },
      { flag: 'apt.sources_configured', set: false, trigger: '+config.changed.install_sources' },
      { flag: 'config.set.install_sources', set: true },
    ])
    expect(flags(unit)).toEqual(['apt.sources_configured'])
  })
})

describe('section 2.5.5, a handler whose flag has been cleared', () => {
  const restart = `
@when 'service.stopped'
function restart_service() { echo restart >>seen; clear_flag 'service.stopped'; }
`

  it('does not run when the flag is cleared before its turn', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`${restart}
@when_all 'service.stopped' 'endpoint.clients.connected'
function notify_related_units() { echo notify >>seen; }`),
    })
    given(unit, 'service.stopped', 'endpoint.clients.connected')
    const result = await unit.run({ name: 'update-status' })
    expect(ran(result)).toEqual(['reactive/app.sh:restart_service'])
    expect(lines(unit, 'seen')).toEqual(['restart'])
    const [record] = await traces(unit)
    const tested = record?.iterations.find(({ phase }) => phase === 'other')?.tested
    expect(tested?.map(({ handler, matches }) => [handler, matches])).toEqual([
      ['reactive/app.sh:restart_service', true],
      ['reactive/app.sh:notify_related_units', true],
      ['reactive/app.sh:notify_related_units', false],
    ])
    expect(flags(unit)).toEqual(['endpoint.clients.connected'])
  })

  it('runs when a trigger keeps the fact under another flag', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
register_trigger --when 'service.stopped' --set_flag 'clients.need_notification'
${restart}
@when_all 'clients.need_notification' 'endpoint.clients.connected'
function notify_related_units() { echo notify >>seen; clear_flag 'clients.need_notification'; }

@hook stop
function stopped() { set_flag service.stopped; }`),
    })
    given(unit, 'endpoint.clients.connected')
    const result = await unit.run({ name: 'stop' })
    expect(ran(result)).toEqual([
      'reactive/app.sh:stopped',
      'reactive/app.sh:restart_service',
      'reactive/app.sh:notify_related_units',
    ])
    expect(lines(unit, 'seen')).toEqual(['restart', 'notify'])
    expect(flags(unit)).toEqual(['endpoint.clients.connected'])
  })
})

describe('section 2.8.2, triggers', () => {
  it('couple flags from the top level and from inside a handler', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
register_trigger --when 'flag_a' --set_flag 'flag_b'

@hook install
function begin() { set_flag flag_a; is_flag_set flag_b && echo 'b with a' >>seen; }

@when 'flag_b'
@when_not 'flag_d'
function handler() {
  register_trigger --when 'flag_a' --clear_flag 'flag_c'
  set_flag 'flag_c'
  clear_flag flag_a
  is_flag_set flag_c && echo 'c stays' >>seen
  set_flag flag_a
  is_flag_set flag_c || echo 'c goes with a' >>seen
  set_flag flag_d
}

@when 'flag_c'
function never() { echo never >>seen; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(remarks(result)).toEqual([])
    expect(lines(unit, 'seen')).toEqual(['b with a', 'c stays', 'c goes with a'])
    expect(flags(unit)).toEqual(['flag_a', 'flag_b', 'flag_d'])
    // The trigger of the handler lasted for that dispatch only.
    upgrade(unit, {
      'reactive/app.sh': bash(
        '@hook start\nfunction again() { clear_flag flag_a; set_flag flag_c; set_flag flag_a; }',
      ),
    })
    await unit.run({ name: 'start' })
    expect(flags(unit)).toEqual(['flag_a', 'flag_b', 'flag_c', 'flag_d'])
  })

  it('run the example of the apt layer as the text says', async () => {
    const unit = await startUnit({
      'config.yaml': 'options: {install_sources: {type: string, default: a, description: x}}\n',
      'reactive/apt.sh': bash(`
register_trigger --when 'config.changed.install_sources' --clear_flag 'apt.sources_configured'

@when_not 'apt.sources_configured'
function sources_handler() { echo sources >>seen; set_state 'apt.sources_configured'; }

@when_all 'apt.needs_update' 'apt.sources_configured'
function update() { echo update >>seen; clear_flag 'apt.needs_update'; }

@when 'apt.queued_installs'
@when_not 'apt.needs_update'
function install_queued() { echo install >>seen; clear_flag 'apt.queued_installs'; }

@when_not 'apt.queued_installs'
function ensure_package_status() { echo ensure >>seen; }`),
    })
    given(unit, 'apt.needs_update', 'apt.queued_installs')
    await unit.run({ name: 'install' })
    expect(lines(unit, 'seen')).toEqual(['sources', 'update', 'install', 'ensure'])
    given(unit, 'apt.needs_update', 'apt.queued_installs')
    unit.setConfig({ install_sources: 'b' })
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'seen').slice(4)).toEqual(['sources', 'update', 'install', 'ensure'])
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen').slice(8)).toEqual(['ensure'])
    expect(flags(unit)).toEqual(['apt.sources_configured'])
  })
})

describe('section 2.8.3, an upgrade of the series', () => {
  it('disables the application once and enables it afterwards', async () => {
    const unit = await startUnit(
      {
        'reactive/app.sh': bash(`
@when 'charm.application.started'
@when 'upgrade.series.in-progress'
function disable_application() { echo disable >>seen; set_flag 'charm.application.disabled'; }

@when 'charm.application.disabled'
@when_not 'upgrade.series.in-progress'
function enable_application() { echo enable >>seen; clear_flag 'charm.application.disabled'; }`),
      },
      { state: { jujuVersion: '3.6.0' } },
    )
    given(unit, 'charm.application.started')
    await unit.run({ name: 'pre-series-upgrade' })
    expect(lines(unit, 'seen')).toEqual(['disable'])
    expect(flags(unit)).toEqual([
      'charm.application.disabled',
      'charm.application.started',
      'upgrade.series.in-progress',
    ])
    await unit.run({ name: 'post-series-upgrade' })
    expect(lines(unit, 'seen')).toEqual(['disable', 'enable'])
    expect(flags(unit)).toEqual(['charm.application.started'])
  })
})
