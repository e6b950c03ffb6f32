import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../src/simulator/given-events.ts'
import { formatReport } from '../../src/simulator/report.ts'
import { simulateCommand } from '../../src/simulator/simulate-command.ts'
import { makeCharm, runScript, startUnit } from './test-charm.ts'

const DISPATCH = `#!/bin/bash
set -e
case $JUJU_DISPATCH_PATH in
  hooks/install)
    juju-log "Invoking reactive handler: reactive/app.sh:install"
    mkdir -p "$CHARMS_REACTIVE_ROOT/etc"; echo x >"$CHARMS_REACTIVE_ROOT/etc/app.conf"
    systemctl enable app; status-set maintenance installing ;;
  hooks/start) status-set active "port $(config-get port), $(relation-list -r db:1)" ;;
  hooks/stop) echo 'no way' >&2; exit 3 ;;
  actions/backup) action-set to="$(action-get target)" ;;
esac
`
// Whether this machine can isolate is no matter here.
const NO = { config: {}, json: false, isolate: false }

describe('simulateCommand', () => {
  it('reports events, handlers, statuses and files in aligned columns', async () => {
    const charm = makeCharm({ dispatch: DISPATCH })
    const stateFile = path.join(charm, 'state.yaml')
    fs.writeFileSync(stateFile, 'relations: [{id: "db:1", remote_units: {mysql/0: {}}}]\n')
    const { status, stdout } = await simulateCommand({
      charm,
      events: [
        'install',
        'start',
        'action:backup target=/x',
        'db-relation-changed relation=db:1 unit=mysql/0',
      ],
      config: { port: '80' },
      stateFile,
      json: false,
      isolate: false,
      commands: ['systemctl'],
    })
    expect(status).toBe(0)
    expect(stdout.replace(/[0-9]+ ms/g, 'N ms')).toBe(
      `Unit app/0

EVENT                             RESULT  STATUS                     HANDLERS  TOOLS  TIME
install                           ok      maintenance: installing    1         3      N ms
  ran reactive/app.sh:install
start                             ok      active: port 80, mysql/0   0         3      N ms
action backup                     ok      -                          0         2      N ms
  result {"to":"/x"}
db-relation-changed db:1 mysql/0  ok      -                          0         0      N ms

Files written:
  /etc/app.conf
`.replaceAll(/ {3}(?=[01] {9}|HAND)/g, '  '),
    )
  })

  it('stops at a hook that fails, and says why', async () => {
    const charm = makeCharm({ dispatch: DISPATCH })
    const { status, stdout } = await simulateCommand({ ...NO, charm, events: ['stop', 'start'] })
    expect(status).toBe(1)
    expect(stdout.replace(/[0-9]+ ms/g, 'N ms')).toBe(`Unit app/0

EVENT  RESULT   STATUS  HANDLERS  TOOLS  TIME
stop   exit 3   -       0         0      N ms
  WARNING no way
start  not run
`)
  })

  it('shows what went wrong in a hook that succeeds', async () => {
    const charm = makeCharm({ dispatch: '#!/bin/bash\necho odd >&2\njuju-log -l WARNING beware\n' })
    const { status, stdout } = await simulateCommand({ ...NO, charm, events: ['install'] })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^install +ok .*\n(?=.* {2}WARNING odd\n).* {2}WARNING beware\n/ms)
  })

  it('knows the relations and units that its events begin', async () => {
    const charm = makeCharm({
      dispatch: `#!/bin/bash
juju-log "$JUJU_HOOK_NAME $(relation-ids db) $(relation-list -r db:1 --format=json) $(relation-get -r db:1 host mysql/0 2>/dev/null)"
`,
    })
    const events = [
      'db-relation-created relation=db:1',
      'db-relation-joined relation=db:1 unit=mysql/0',
      "db-relation-changed host='a b'",
      'db-relation-departed relation=db:1 unit=mysql/0',
      'db-relation-broken relation=db:1',
    ]
    const { stdout } = await simulateCommand({ ...NO, json: true, charm, events })
    const log = JSON.parse(stdout).events.map(
      ({ log: [entry] }: { log: { message: string }[] }) => entry?.message,
    )
    expect(log).toEqual([
      'db-relation-created db:1 [] ',
      'db-relation-joined db:1 ["mysql/0"] ',
      'db-relation-changed db:1 ["mysql/0"] a b',
      'db-relation-departed db:1 [] a b',
      'db-relation-broken db:1 [] a b',
    ])
  })

  it('hands parameters to an action by the types that actions.yaml declares', async () => {
    const charm = makeCharm({
      dispatch: '#!/bin/bash\naction-set all="$(action-get --format=json)"\n',
      'actions.yaml': 'backup: {params: {release: {type: string}, list: {type: array}}}\n',
    })
    const events = ['action:backup release=1.10 list=[1] n=2 yes=True more=1.10.2']
    const { stdout } = await simulateCommand({ ...NO, charm, events })
    const all = '{\\"list\\":[1],\\"more\\":\\"1.10.2\\",\\"n\\":2,\\"release\\":\\"1.10\\",\\"yes\\":true}'
    expect(stdout).toContain(`result {"all":"${all}"}`)
  })

  it('puts files and directories of this machine where the charm finds them', async () => {
    const charm = makeCharm({
      dispatch:
        '#!/bin/bash\ncd "$CHARMS_REACTIVE_ROOT"; juju-log "$(cat etc/a opt/d/x; ls opt/e; ls -d srv/f)"; echo 1 >etc/new\n',
    })
    fs.mkdirSync(path.join(charm, 'given'))
    fs.writeFileSync(path.join(charm, 'given/x'), 'text of x\n')
    const files = [`/etc/a=${charm}/given/x`, `/opt/d=${charm}/given`, '/opt/e/', '/srv/f']
    const { stdout } = await simulateCommand({ ...NO, json: true, charm, events: ['install'], files })
    expect(JSON.parse(stdout)).toMatchObject({
      events: [{ log: [{ message: 'text of x\ntext of x\nsrv/f' }] }],
      files: ['/etc/new'],
    })
    const missing = simulateCommand({ ...NO, charm, events: ['install'], files: ['/etc/a=/nowhere'] })
    await expect(missing).rejects.toThrow('the file does not exist: /nowhere')
  })

  it('goes on after a failed action', async () => {
    const charm = makeCharm({
      dispatch: '#!/bin/bash\n[[ $JUJU_ACTION_NAME ]] && action-fail "disk full" || true\n',
    })
    const { status, stdout } = await simulateCommand({ ...NO, charm, events: ['action:backup', 'start'] })
    expect(status).toBe(1)
    expect(stdout).toMatch(/action backup +action failed .*\n {2}failed: disk full\nstart +ok/)
  })

  it('gives everything as JSON', async () => {
    const charm = makeCharm({ dispatch: DISPATCH })
    const events = ['install', 'stop', 'start']
    const result = await simulateCommand({
      charm,
      events,
      config: {},
      json: true,
      commands: ['systemctl=exit 0'],
    })
    const report: unknown = JSON.parse(result.stdout)
    expect(report).toMatchObject({
      events: [
        { event: { name: 'install' }, exitStatus: 0, handlers: ['reactive/app.sh:install'] },
        { event: { name: 'stop' }, exitStatus: 3, stderr: 'no way\n' },
      ],
      notRun: ['start'],
      state: { unit: 'app/0', status: { unit: { status: 'maintenance' } } },
      files: ['/etc/app.conf'],
    })
  })

  it('sets flags before the first event, and says so when that fails', async () => {
    const charm = makeCharm({ dispatch: '#!/bin/bash\n' })
    const toolkit = { charm, events: ['install'], config: {}, json: false }
    const set = 'charms.reactive=[ "$1 $2" = "set_flag a.b" ] || { echo unknown >&2; exit 2; }'
    expect(await simulateCommand({ ...toolkit, flags: ['a.b'], commands: [set] })).toMatchObject({
      status: 0,
    })
    const failing = simulateCommand({ ...toolkit, flags: ['c'], commands: [set] })
    await expect(failing).rejects.toThrow('the flag cannot be set: c: unknown')
  })

  it.each([
    [{ stateFile: '/nowhere.yaml' }, 'the state file does not exist: /nowhere.yaml'],
    [{ config: { nope: '1' } }, 'the charm has no such option: nope'],
    [{ config: { port: 'x' } }, 'option port must be of type int: "x"'],
    [{ events: ['start x'] }, 'expected KEY=VALUE in an event: x'],
    [
      { events: ['start x=y'] },
      'an event has no such key: x (it has relation, unit, departing, storage, secret)',
    ],
    [
      { events: ["config-changed title='a"] },
      "a quote is not closed, or nothing follows a backslash: config-changed title='a",
    ],
    [{ events: [' '] }, 'an event must have a name'],
    [{ commands: ['a/b'] }, 'a command must be a plain name: a/b'],
  ])('refuses %j', async (args, message) => {
    const charm = makeCharm({ dispatch: DISPATCH })
    await expect(simulateCommand({ charm, events: ['start'], ...NO, ...args })).rejects.toThrow(message)
  })

  it('reads events', () => {
    expect(parseEvent('db-relation-departed relation=db:1 unit=a/0 departing=a/1')).toEqual({
      name: 'db-relation-departed',
      relation: 'db:1',
      remoteUnit: 'a/0',
      departingUnit: 'a/1',
    })
    expect(parseEvent('action:backup n=1 v=1.10.2 yes=true path=a=b')).toEqual({
      name: 'backup',
      action: { name: 'backup' },
      params: { n: '1', v: '1.10.2', yes: 'true', path: 'a=b' },
    })
    expect(parseEvent(`config-changed motd='a b' title="it's" plain=x\\ y empty=`)).toEqual({
      name: 'config-changed',
      config: { motd: 'a b', title: "it's", plain: 'x y', empty: '' },
    })
    expect(parseEvent('db-relation-changed unit= schema=5')).toEqual({
      name: 'db-relation-changed',
      remoteUnit: '',
      remoteData: { schema: '5' },
    })
  })
})

describe('the report', () => {
  it('marks what failed with colour only when asked to', async () => {
    const unit = await startUnit()
    const results = [await runScript(unit, 'kill -9 $$'), await unit.run({ name: 'start', timeoutMs: 1 })]
    const [plain, coloured] = [false, true].map((colour) => formatReport({ unit: 'app/0', results, colour }))
    expect(plain).not.toContain('\u001b')
    expect(plain).toContain('install  SIGKILL')
    expect(coloured).toContain('\u001b[31minstall  SIGKILL')
  })
})
