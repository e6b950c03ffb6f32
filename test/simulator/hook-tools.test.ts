import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/juju/hook-tools/output-formats.ts'
import { versionAtLeast } from '../../src/juju/juju-version.ts'
import { catchUp } from '../../src/simulator/catch-up.ts'
import { resolveEvent, type SimulatedEvent } from '../../src/simulator/events.ts'
import { commitHook, type HookContext, openHook } from '../../src/simulator/hook-context.ts'
import { parseArguments, parseKeyValues } from '../../src/simulator/hook-tools/arguments.ts'
import { callHookTool, parseSettings, STDIN_WANTED } from '../../src/simulator/hook-tools/hook-tool.ts'
import { HOOK_TOOLS, hookToolsOf } from '../../src/simulator/hook-tools/table.ts'
import { type GivenState, newJujuState } from '../../src/simulator/new-juju-state.ts'
import { parsePortRange, showPortRange } from '../../src/simulator/port-ranges.ts'
import type { Reply } from '../../src/system/channel.ts'
import { STATE } from './test-charm.ts'

const ENDPOINTS = { cluster: { interface: 'app-cluster', role: 'peers' as const } }

function open(event: SimulatedEvent = { name: 'install' }, given: GivenState = {}): HookContext {
  const state = newJujuState({ ...STATE, endpoints: ENDPOINTS, ...given })
  catchUp(state, event)
  return openHook(state, resolveEvent(state, event), 'id')
}

function call(context: HookContext, tool: string, ...args: string[]): Reply {
  const found = HOOK_TOOLS.get(tool)
  if (found === undefined) throw new Error(tool)
  return callHookTool(found, context, { tool, args, cwd: '/' })
}

const printed = (context: HookContext, ...[tool = '', ...args]: string[]) =>
  call(context, tool, ...args).stdout

describe('arguments', () => {
  const flags = [
    { names: ['relation', 'r'], kind: 'text' as const },
    { names: ['app', 'a'], kind: 'switch' as const },
    { names: ['b'], kind: 'switch' as const },
  ]

  it.each([
    [['-r', 'x', 'y'], { relation: 'x' }, ['y']],
    [['y', '--relation', 'x'], { relation: 'x' }, ['y']],
    [['--relation=x=y'], { relation: 'x=y' }, []],
    [['--relation='], { relation: '' }, []],
    [['-rx'], { relation: 'x' }, []],
    [['-r=db:1'], { relation: '=db:1' }, []],
    [['-ab'], { app: 'true', b: 'true' }, []],
    [['-abrx'], { app: 'true', b: 'true', relation: 'x' }, []],
    [['--app=false', '--app=T'], { app: 'true' }, []],
    [['--app=0'], {}, []],
    [['-', '', '--', '--app', '-r'], {}, ['-', '', '--app', '-r']],
    [['-r', '--'], { relation: '--' }, []],
    [['--relation=a\nb'], { relation: 'a\nb' }, []],
  ])('%j are read as gnuflag reads them', (words, expected, args) => {
    const line = parseArguments(flags, words)
    expect({ ...line?.flags }).toEqual(expected)
    expect(line?.args).toEqual(args)
  })

  it.each([
    [['--nonsense'], 'flag provided but not defined: --nonsense'],
    [['-az'], 'flag provided but not defined: -z'],
    [['-r'], 'flag needs an argument: -r'],
    [['--app=x'], /^invalid value "x" for flag --app: /],
    [['--=x'], 'empty flag in argument "--=x"'],
  ])('%j are refused', (words, message) => {
    expect(() => parseArguments(flags, words)).toThrow(message)
  })

  it('ask for help unless the letter is a flag', () => {
    expect(parseArguments([], ['x', '--help'])).toBeUndefined()
    expect(parseArguments([], ['-h'])).toBeUndefined()
    expect(parseArguments([{ names: ['h'], kind: 'switch' }], ['-h'])?.flags).toEqual({ h: 'true' })
  })

  it('hold keys and values', () => {
    expect(parseKeyValues(['a=', 'b=c=d', 'e= '])).toEqual({ a: '', b: 'c=d', e: ' ' })
    expect(() => parseKeyValues(['=x'])).toThrow('expected "key=value", got "=x"')
    expect(() => parseKeyValues(['a='], false)).toThrow('expected "key=value", got "a="')
  })
})

describe('formats', () => {
  it.each([
    ['smart', null, ''],
    ['smart', '', ''],
    ['smart', [], ''],
    ['smart', {}, '{}\n'],
    ['smart', 'a\n', 'a\n\n'],
    ['smart', ['a', 'b'], 'a\nb\n'],
    ['smart', [1, 'b'], '- 1\n- b\n'],
    ['smart', true, 'True\n'],
    ['smart', false, 'False\n'],
    ['smart', 8080, '8080\n'],
    ['smart', { b: 'x', a: ['1', 'y'] }, 'a:\n- "1"\n- "y"\nb: x\n'],
    ['yaml', null, ''],
    ['yaml', '', '""\n'],
    ['yaml', [], '[]\n'],
    ['yaml', true, 'true\n'],
    [
      'yaml',
      { t: 'yes', n: '12', d: 'a: b', e: '', m: 'x\ny\n' },
      `d: 'a: b'\ne: ""\nm: |\n  x\n  y\n"n": "12"\nt: "yes"\n`,
    ],
    ['yaml', { 10: 'x', 9: 'y' }, '"10": x\n"9": "y"\n'],
    ['json', null, 'null\n'],
    ['json', '', '""\n'],
    ['json', { b: [true, null], a: '<&>\u2028' }, '{"a":"\\u003c\\u0026\\u003e\\u2028","b":[true,null]}\n'],
    ['json', { 10: 1, 9: 2 }, '{"10":1,"9":2}\n'],
  ])('%s prints %j', (format, value, expected) => {
    expect(FORMATS[format]?.(value)).toBe(expected)
  })

  it('of YAML repeat equal values instead of naming them once', () => {
    const same = ['x']
    expect(FORMATS.yaml?.({ a: same, b: same })).toBe('a:\n- x\nb:\n- x\n')
  })
})

describe('settings files', () => {
  it('keep scalars as they are written', () => {
    const text = 'a: 0080\nb: yes\nc: 1.10\nd: "q"\ne: ~\nf: |\n  x\n5: n\n'
    expect(parseSettings(text)).toEqual({ a: '0080', b: 'yes', c: '1.10', d: 'q', e: '', f: 'x\n', 5: 'n' })
    expect(parseSettings('')).toEqual({})
  })

  it.each(['a: [1]', 'a: {b: c}', '- a', 'a: "'])('%s is refused', (text) => {
    expect(() => parseSettings(text)).toThrow(/^yaml: /)
  })
})

describe('port ranges', () => {
  it.each([
    ['80', '80/tcp'],
    ['80/UDP', '80/udp'],
    ['1-65535', '1-65535/tcp'],
    ['7-7/udp', '7/udp'],
    ['ICMP', 'icmp'],
  ])('%s is %s', (text, shown) => {
    expect(showPortRange(parsePortRange(text))).toBe(shown)
  })

  it.each(['', '-1', '65536', '1-2-3', '80/', '80/icmp', 'x-y', '80tcp', '2-1'])('%j is refused', (text) => {
    expect(() => parsePortRange(text)).toThrow()
  })
})

describe('versions', () => {
  it.each([
    ['2.9.42', '2.9', true],
    ['2.10', '2.9', true],
    ['2.8', '2.8.0', true],
    ['3.0-beta1', '3.0', true],
    ['2.7.9', '2.8', false],
    ['4', '3.6.1', true],
  ])('%s is at least %s: %s', (version, least, expected) => {
    expect(versionAtLeast(version, least)).toBe(expected)
  })

  it('decide which tools and flags there are', () => {
    expect(hookToolsOf('2.7')).not.toContain('state-get')
    expect(hookToolsOf('2.8')).toContain('state-get')
    expect(hookToolsOf('3.6')).toContain('add-metric')
    expect(hookToolsOf('4.0')).not.toContain('add-metric')
    const old = open({ name: 'install' }, { jujuVersion: '2.6' })
    expect(call(old, 'relation-set', '-r', 'db:1', '--app')).toMatchObject({ status: 2 })
    expect(call(old, 'open-port', '80', '--endpoints', 'db')).toMatchObject({ status: 2 })
  })
})

describe('buffered changes', () => {
  it('of own relation data are seen by the hook, and by others when it exits 0', () => {
    const context = open()
    call(context, 'relation-set', '-r', 'db:1', 'new=1', 'mine=')
    call(context, 'relation-set', '-r', 'db:1', '--app', 'owner=me')
    const [relation] = context.state.relations
    expect(printed(context, 'relation-get', '-r', '1', '-', 'app/0')).toBe(
      'new: "1"\nprivate-address: 10.0.0.10\n',
    )
    expect(printed(context, 'relation-get', '-r', '1', 'owner', 'app', '--app')).toBe('me\n')
    expect(relation).toMatchObject({ localUnit: { mine: 'old' }, localApp: { owner: 'app' } })
    commitHook(context)
    expect(relation?.localUnit).toEqual({ new: '1', 'private-address': '10.0.0.10' })
    expect(relation?.localApp).toEqual({ owner: 'me' })
  })

  it('of charm state are seen by the hook', () => {
    const context = open()
    call(context, 'state-set', 'a=1', 'empty=')
    call(context, 'state-delete', 'key')
    expect(printed(context, 'state-get')).toBe('a: "1"\nempty: ""\n')
    expect(printed(context, 'state-get', 'key', '--format=json')).toBe('""\n')
    expect(context.state.charmState).toEqual({ key: 'value' })
    commitHook(context)
    expect(context.state.charmState).toEqual({ a: '1', empty: '' })
  })

  it('of ports are not seen by the hook, and are sorted', () => {
    const context = open()
    for (const port of ['53/udp', '8080', '80', 'icmp', '80']) call(context, 'open-port', port)
    call(context, 'open-port', '443', '--endpoints', 'website, db')
    call(context, 'close-port', '8080')
    expect(printed(context, 'opened-ports')).toBe('')
    commitHook(context)
    expect(printed(context, 'opened-ports')).toBe('icmp\n80/tcp\n443/tcp\n53/udp\n')
    expect(printed(context, 'opened-ports', '--endpoints', '--format=json')).toBe(
      '["icmp (*)","80/tcp (*)","443/tcp (db, website)","53/udp (*)"]\n',
    )
  })

  it('of a port that overlaps another range are refused', () => {
    const context = open({ name: 'install' }, { ports: [parsePortRange('80-90')] })
    expect(call(context, 'open-port', '85')).toEqual({
      status: 1,
      stderr: 'ERROR cannot open 85/tcp (unit "app/0"): conflicts with existing 80-90/tcp (unit "app/0")\n',
    })
    expect(call(context, 'close-port', '85-95').status).toBe(1)
    expect(call(context, 'open-port', '85/udp').status).toBe(0)
    expect(call(context, 'open-port', '80-90').status).toBe(0)
  })

  it('of a unit that departs itself are not published', () => {
    const departing = { name: 'db-relation-departed', relation: 'db:1', departingUnit: 'app/0' }
    const context = open({ ...departing, remoteUnit: 'mysql/2' })
    call(context, 'relation-set', 'mine=lost')
    call(context, 'relation-set', '-r', 'db:2', 'mine=kept')
    commitHook(context)
    expect(context.state.relations[0]?.localUnit.mine).toBe('old')
    expect(context.state.relations[2]?.localUnit.mine).toBe('kept')
  })
})

describe('immediate changes', () => {
  it('are there at once', () => {
    const context = open()
    call(context, 'status-set', 'waiting', 'for a database')
    call(context, 'status-set', '--application', 'active')
    call(context, 'leader-set', 'a=1', 'secret=')
    call(context, 'application-version-set', '1.10')
    expect(context.state).toMatchObject({
      status: {
        unit: { status: 'waiting', message: 'for a database' },
        app: { status: 'active', message: '' },
      },
      leaderSettings: { a: '1' },
      version: '1.10',
    })
    expect(context.state.leaderSettings).not.toHaveProperty('secret')
    expect(context.record.statusHistory).toEqual([
      { scope: 'unit', status: 'waiting', message: 'for a database' },
      { scope: 'app', status: 'active', message: '' },
    ])
    expect(printed(context, 'status-get')).toBe('waiting\n')
    expect(printed(context, 'status-get', '--application', '--include-data', '--format=json')).toBe(
      '{"application-status":{"message":"","status":"active","status-data":{},"units":{"app/0":{"message":"for a database","status":"waiting","status-data":{}}}}}\n',
    )
    expect(printed(context, 'leader-get')).toBe('a: "1"\n')
    expect(printed(context, 'leader-get', '-')).toBe('a: "1"\n')
  })
})

describe('relation life', () => {
  it('adds the unit that joins, removes the one that departs, keeps its data, and ends', () => {
    const context = open({ name: 'db-relation-joined', relation: 'db:2', remoteUnit: 'other/3' })
    const { state } = context
    const relation = context.relation
    expect(printed(context, 'relation-list')).toBe('other/3\n')
    commitHook(context)
    Object.assign(relation?.remoteUnits['other/3'] ?? {}, { host: 'h' })

    const leaving = resolveEvent(state, { name: 'db-relation-departed', relation: 'db:2' })
    const departed = openHook(state, leaving, 'id')
    expect(departed).toMatchObject({ remoteUnit: 'other/3', departingUnit: 'other/3' })
    expect(printed(departed, 'relation-list')).toBe('')
    expect(printed(departed, 'relation-list', '-r', 'db:1')).toBe('mysql/0\nmysql/10\nmysql/2\n')
    expect(printed(departed, 'relation-get', 'host')).toBe('h\n')
    commitHook(departed)
    expect(relation).toMatchObject({ remoteUnits: {}, departedUnits: { 'other/3': { host: 'h' } } })

    const broken = openHook(
      state,
      resolveEvent(state, { name: 'db-relation-broken', relation: 'db:2' }),
      'id',
    )
    expect(printed(broken, 'relation-get', 'host', 'other/3')).toBe('h\n')
    expect(printed(broken, 'relation-ids')).toBe('db:1\ndb:12\ndb:2\n')
    commitHook(broken)
    expect(state.relations.map(({ id }) => id)).toEqual(['db:1', 'db:12', 'website:3', 'cluster:0'])
  })

  it('has changes without a remote unit when application data changed', () => {
    const context = open({ name: 'db-relation-changed', relation: 'db:1', remoteUnit: '' })
    expect(printed(context, 'relation-get')).toBe('schema: "5"\n')
  })

  it.each([
    [{ name: 'db-relation-departed', relation: 'db:9' }, 'there is no relation: db:9'],
    [{ name: 'nope-relation-changed' }, 'there is no relation: nope'],
    [{ name: 'db-relation-changed', relation: 'website:3' }, 'belongs to another endpoint: website:3'],
    [{ name: 'db-relation-departed', relation: 'db:2' }, 'has no remote unit: db:2'],
    [
      { name: 'db-relation-departed', relation: 'db:1', remoteUnit: 'mysql/9' },
      'no unit of relation db:1: mysql/9',
    ],
  ])('refuses %j', (event, message) => {
    expect(() => open(event)).toThrow(message)
  })

  it('lets the peers of an application read its data, and others not', () => {
    const peer = open({ name: 'cluster-relation-changed' }, { leader: false })
    expect(peer.relation).toMatchObject({ remoteApp: 'app', role: 'peers' })
    expect(printed(peer, 'relation-list', '--app')).toBe('app\n')
    expect(printed(peer, 'relation-get')).toBe('rank: "1"\n')
    expect(printed(peer, 'relation-get', '--app')).toBe('shared: "yes"\n')
    expect(call(peer, 'relation-get', '--app', '-', 'app', '-r', 'db:1').stderr).toBe(
      'ERROR permission denied\n',
    )
  })
})

describe('actions', () => {
  const backup = { name: 'backup', action: { name: 'backup', params: {} } }

  it('collect results by dotted keys, messages and a failure', () => {
    const context = open(backup)
    expect(printed(context, 'action-get')).toBe('{}\n')
    call(
      context,
      'action-set',
      'outfile.size=10G',
      'foo.bar=2',
      'foo.baz.val=3',
      'foo.bar.zab=4',
      'foo.baz=1',
    )
    call(context, 'action-log', 'half', 'done')
    call(context, 'action-fail')
    expect(context.record.action).toEqual({
      results: { outfile: { size: '10G' }, foo: { bar: { zab: '4' }, baz: '1' } },
      logs: ['half done'],
      failed: true,
      message: 'action failed without reason given, check action for errors',
    })
    call(context, 'action-fail', 'disk full')
    expect(context.record.action.message).toBe('disk full')
  })

  it.each(['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding', 'a.stdout'])('reserve %s', (key) => {
    expect(call(open(backup), 'action-set', `${key}=x`).status).toBe(2)
  })

  it.each(['-a', 'a-', 'A', '', 'a..b', 'a_b', '.a'])('refuse the key %j', (key) => {
    expect(call(open(backup), 'action-set', '--', `${key}=x`).status).toBe(2)
  })
})

describe('other tools', () => {
  it('log at the level asked for, in any case', () => {
    const context = open()
    for (const args of [
      ['m'],
      ['-l', 'warn', 'm'],
      ['--log-level=Error', 'm', 'n'],
      ['--debug', '-l', 'ERROR', 'm'],
    ]) {
      call(context, 'juju-log', ...args)
    }
    call(context, 'juju-log', '-l', 'loud', 'm')
    expect(context.record.log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'INFO m',
      'WARNING m',
      'ERROR m n',
      'DEBUG m',
      'WARNING Specified log level of "loud" is not valid',
      'INFO m',
    ])
  })

  it('that set something complain about --format', () => {
    const reply = call(open(), 'juju-log', '--format', 'json', 'm')
    expect(reply).toMatchObject({ status: 0, stderr: '--format flag deprecated for command "juju-log"' })
  })

  it('describe the network of declared endpoints', () => {
    const context = open()
    expect(JSON.parse(printed(context, 'network-get', 'cluster', '--format=json') ?? '')).toMatchObject({
      'bind-addresses': [
        { 'interface-name': 'eth0', addresses: [{ value: '10.0.0.10', cidr: '10.0.0.0/24' }] },
      ],
      'egress-subnets': ['10.0.0.10/32'],
      'ingress-addresses': ['10.0.0.10'],
    })
    expect(printed(context, 'network-get', 'cluster', '--primary-address')).toBe('10.0.0.10\n')
    expect(call(context, 'network-get', 'cluster', '--primary-address', '--bind-address').status).toBe(1)
    expect(call(context, 'network-get')).toMatchObject({
      status: 2,
      stderr: 'ERROR no arguments specified\n',
    })
    expect(call(context, 'network-get', '').stderr).toBe('ERROR no binding name specified\n')
    expect(printed(context, 'network-get', 'juju-info', '--ingress-address')).toBe('10.0.0.10\n')
  })

  it('tell the goal state in YAML by default', () => {
    const text = printed(open(), 'goal-state')
    expect(text).toMatch(/^relations:\n/)
    expect(JSON.parse(printed(open(), 'goal-state', '--format=json') ?? '')).toMatchObject({
      units: { 'app/0': { status: 'unknown' }, 'app/1': { status: 'active' } },
      relations: { db: { mysql: { status: 'joined' }, 'mysql/10': {} }, website: { 'proxy/0': {} } },
    })
  })

  it('record metrics in collect-metrics only', () => {
    const context = open({ name: 'collect-metrics' })
    call(context, 'add-metric', '-l', 'zone=a', 'users=3', 'load=0.5')
    expect(context.record.metrics).toEqual({ users: '3', load: '0.5' })
    expect(call(context, 'add-metric', 'juju-units=1').stderr).toBe(
      'ERROR juju-units uses a reserved prefix\n',
    )
  })

  it.each([...HOOK_TOOLS.keys()])('%s knows help, unknown flags and restricted contexts', (tool) => {
    const restricted = open({ name: 'meter-status-changed' })
    expect(call(restricted, tool, '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(`^Usage: ${tool}`),
    })
    expect(call(open(), tool, '--nonsense')).toEqual({
      status: 2,
      stderr: 'ERROR flag provided but not defined: --nonsense\n',
    })
    const expected = { status: 1, stderr: 'ERROR not implemented for restricted context\n' }
    expect(call(restricted, tool, 'x')).toMatchObject(tool === 'juju-log' ? { status: 0 } : expected)
  })

  it('ask for stdin when it did not come', () => {
    expect(call(open(), 'state-set', '--file', '-')).toEqual({ status: STDIN_WANTED })
  })
})
