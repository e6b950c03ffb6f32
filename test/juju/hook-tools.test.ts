import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/juju/context.ts'
import * as relationSync from '../../src/juju/hook-tools/relation-sync.ts'
import { runJsonSync } from '../../src/juju/hook-tools/run.ts'
import * as hookTools from '../../src/juju/hook-tools.ts'
import { configGet, isLeader, runHookTool, statusSet } from '../../src/juju/hook-tools.ts'
import { contextOf, makeCharm, quote, SHELL } from '../test-unit.ts'

function contextWith(files: Record<string, string>) {
  const charm = makeCharm(files)
  return contextOf(charm, { PATH: `${charm}/tools:${process.env.PATH}` })
}

/** A tool that writes down its words and its input, and answers. */
function recording(answer: string, ...tools: string[]) {
  const script = `#!/bin/bash
printf '%s\\0' "\${0##*/}" "$@" >argv
cat >stdin
for word; do [[ $word != *'#file='* ]] || cat "\${word#*#file=}" >>files; done
printf '%s' ${quote([answer])}
`
  return contextWith(Object.fromEntries(tools.map((tool) => [`tools/${tool}`, script])))
}

function recorded(context: Context, name: string): string {
  const file = path.join(context.charmDir, name)
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
}

interface Form {
  call(context: Context): Promise<unknown>
  /** The words of the tool, its name first. */
  argv: string[]
  stdin?: string
  /** What the tool prints, and what comes of it. */
  says?: string
  gives?: unknown
}

const J = '--format=json'

const FORMS: Form[] = [
  {
    call: hookTools.configGet,
    argv: ['config-get', '--all', J],
    says: '{"a":null,"b":""}',
    gives: { a: null, b: '' },
  },
  { call: hookTools.configGet, argv: ['config-get', '--all', J], says: 'null', gives: {} },
  { call: hookTools.isLeader, argv: ['is-leader', J], says: 'true', gives: true },
  { call: hookTools.isLeader, argv: ['is-leader', J], says: 'false', gives: false },
  { call: hookTools.leaderGet, argv: ['leader-get', J], says: '{"a":"","b":"x"}', gives: { a: '', b: 'x' } },
  { call: hookTools.leaderGet, argv: ['leader-get', J], says: 'null', gives: {} },
  { call: (c) => hookTools.leaderSet(c, { a: 'x=y', b: '' }), argv: ['leader-set', 'a=x=y', 'b='] },
  { call: (c) => hookTools.leaderSet(c, { '-a': 'x', b: '-' }), argv: ['leader-set', '--', '-a=x', 'b=-'] },
  { call: (c) => hookTools.statusSet(c, 'active'), argv: ['status-set', 'active', ''] },
  { call: (c) => hookTools.statusSet(c, 'blocked', '-x y'), argv: ['status-set', '--', 'blocked', '-x y'] },
  {
    call: (c) => hookTools.statusSet(c, 'active', 'm', { application: true }),
    argv: ['status-set', '--application', 'active', 'm'],
  },
  {
    call: (c) => hookTools.statusGet(c),
    argv: ['status-get', '--include-data', J],
    says: '{"status":"active","message":"","status-data":{"a":1}}',
    gives: { status: 'active', message: '', data: { a: 1 } },
  },
  {
    call: (c) => hookTools.statusGet(c, { application: true }),
    argv: ['status-get', '--include-data', '--application', J],
    says: '{"application-status":{"status":"active","message":"m","status-data":{},"units":{}}}',
    gives: { status: 'active', message: 'm', data: {} },
  },
  { call: hookTools.stateGet, argv: ['state-get', J], says: '{"a":""}', gives: { a: '' } },
  {
    call: (c) => hookTools.stateSet(c, { '-a': '"\n\u0085\u2028\ufeff é', b: '' }),
    argv: ['state-set', '--file', '-'],
    stdin: '{"-a":"\\"\\n\\u0085\\u2028\\ufeff é","b":""}',
  },
  { call: (c) => hookTools.stateDelete(c, 'a'), argv: ['state-delete', 'a'] },
  { call: (c) => hookTools.stateDelete(c, '--strict'), argv: ['state-delete', '--', '--strict'] },
  {
    call: (c) => hookTools.resourceGet(c, 'image'),
    argv: ['resource-get', 'image'],
    says: '/a b\n',
    gives: '/a b',
  },
  { call: (c) => hookTools.applicationVersionSet(c, '1.0'), argv: ['application-version-set', '1.0'] },
  { call: (c) => hookTools.applicationVersionSet(c, '-1'), argv: ['application-version-set', '--', '-1'] },
  { call: (c) => hookTools.jujuLog(c, 'm'), argv: ['juju-log', '-l', 'INFO', 'm'] },
  {
    call: (c) => hookTools.jujuLog(c, '--debug', 'DEBUG'),
    argv: ['juju-log', '-l', 'DEBUG', '--', '--debug'],
  },
  { call: (c) => hookTools.jujuReboot(c), argv: ['juju-reboot'] },
  { call: (c) => hookTools.jujuReboot(c, { now: true }), argv: ['juju-reboot', '--now'] },
  {
    call: (c) => hookTools.addMetric(c, { users: '3', load: '-1' }),
    argv: ['add-metric', 'users=3', 'load=-1'],
  },
  {
    call: (c) => hookTools.addMetric(c, { users: '3' }, { a: 'b', c: 'd' }),
    argv: ['add-metric', '--labels=a=b,c=d', 'users=3'],
  },
  { call: hookTools.credentialGet, argv: ['credential-get', J], says: '{"type":"x"}', gives: { type: 'x' } },
  { call: hookTools.goalState, argv: ['goal-state', J], says: '{"units":{}}', gives: { units: {} } },
  {
    call: (c) => hookTools.unitGet(c, 'private-address'),
    argv: ['unit-get', J, 'private-address'],
    says: '"10.0.0.1"',
    gives: '10.0.0.1',
  },
  {
    call: (c) => hookTools.unitGet(c, 'public-address'),
    argv: ['unit-get', J, 'public-address'],
    says: 'null',
    gives: null,
  },
  {
    call: (c) => hookTools.unitGet(c, 'public-address'),
    argv: ['unit-get', J, 'public-address'],
    says: '""',
    gives: '',
  },
  { call: (c) => hookTools.storageList(c), argv: ['storage-list', J], says: '["data/0"]', gives: ['data/0'] },
  {
    call: (c) => hookTools.storageList(c, 'data'),
    argv: ['storage-list', J, 'data'],
    says: 'null',
    gives: [],
  },
  {
    call: (c) => hookTools.storageGet(c, 'data/0'),
    argv: ['storage-get', '-s', 'data/0', J],
    says: '{"kind":"filesystem","location":"/srv"}',
    gives: { kind: 'filesystem', location: '/srv' },
  },
  {
    call: (c) => hookTools.storageGet(c),
    argv: ['storage-get', J],
    says: '{}',
    gives: { kind: '', location: '' },
  },
  { call: (c) => hookTools.storageAdd(c, 'data'), argv: ['storage-add', 'data=1'] },
  { call: (c) => hookTools.storageAdd(c, 'data', 3), argv: ['storage-add', 'data=3'] },
  {
    call: (c) => hookTools.relationIds(c, 'db'),
    argv: ['relation-ids', J, 'db'],
    says: '["db:1"]',
    gives: ['db:1'],
  },
  { call: (c) => hookTools.relationIds(c, '-r'), argv: ['relation-ids', J, '--', '-r'], says: '', gives: [] },
  {
    call: (c) => hookTools.relationList(c, 'db:1'),
    argv: ['relation-list', '-r', 'db:1', J],
    says: '["a/0"]',
    gives: ['a/0'],
  },
  {
    call: (c) => hookTools.relationApplication(c, 'db:1'),
    argv: ['relation-list', '-r', 'db:1', '--app', J],
    says: '"mysql"',
    gives: 'mysql',
  },
  {
    call: (c) => hookTools.relationGet(c, 'db:1', 'a/0'),
    argv: ['relation-get', '-r', 'db:1', J, '-', 'a/0'],
    says: '{"a":"","b":"x"}',
    gives: { a: '', b: 'x' },
  },
  {
    call: (c) => hookTools.relationGet(c, 'db:1', 'a', { application: true }),
    argv: ['relation-get', '-r', 'db:1', '--app', J, '-', 'a'],
    says: 'null',
    gives: {},
  },
  {
    call: async (c) => relationSync.relationApplicationSync(c, 'db:1'),
    argv: ['relation-list', '-r', 'db:1', '--app', J],
    says: '"mysql"',
    gives: 'mysql',
  },
  {
    call: async (c) => relationSync.relationGetSync(c, 'db:1', 'a/0'),
    argv: ['relation-get', '-r', 'db:1', J, '-', 'a/0'],
    says: '{"a":"","b":"x"}',
    gives: { a: '', b: 'x' },
  },
  {
    call: async (c) => relationSync.relationGetSync(c, 'db:1', 'a', { application: true }),
    argv: ['relation-get', '-r', 'db:1', '--app', J, '-', 'a'],
    says: 'null',
    gives: {},
  },
  {
    call: (c) => hookTools.relationSet(c, 'db:1', { '-k': 'a\nb', gone: null }),
    argv: ['relation-set', '-r', 'db:1', '--file', '-'],
    stdin: '{"-k":"a\\nb","gone":""}',
  },
  {
    call: (c) => hookTools.relationSet(c, 'db:1', {}, { application: true }),
    argv: ['relation-set', '-r', 'db:1', '--app', '--file', '-'],
    stdin: '{}',
  },
  {
    call: (c) => hookTools.relationModelGet(c),
    argv: ['relation-model-get', J],
    says: '{"uuid":"u"}',
    gives: 'u',
  },
  {
    call: (c) => hookTools.relationModelGet(c, 'db:1'),
    argv: ['relation-model-get', '-r', 'db:1', J],
    says: 'null',
    gives: null,
  },
  {
    call: (c) => hookTools.networkGet(c, 'db'),
    argv: ['network-get', J, 'db'],
    says: '{"a":[]}',
    gives: { a: [] },
  },
  {
    call: (c) => hookTools.networkGet(c, 'db', 'db:1'),
    argv: ['network-get', '-r', 'db:1', J, 'db'],
    says: '{}',
    gives: {},
  },
  { call: (c) => hookTools.openPort(c, '80/tcp'), argv: ['open-port', '80/tcp'] },
  {
    call: (c) => hookTools.openPort(c, '80-90', ['a', 'b']),
    argv: ['open-port', '--endpoints=a,b', '80-90'],
  },
  { call: (c) => hookTools.closePort(c, 'icmp'), argv: ['close-port', 'icmp'] },
  { call: (c) => hookTools.closePort(c, '80', ['a']), argv: ['close-port', '--endpoints=a', '80'] },
  { call: (c) => hookTools.openedPorts(c), argv: ['opened-ports', J], says: '["80/tcp"]', gives: ['80/tcp'] },
  {
    call: (c) => hookTools.openedPorts(c, { endpoints: true }),
    argv: ['opened-ports', '--endpoints', J],
    says: '[]',
    gives: [],
  },
  { call: hookTools.actionGet, argv: ['action-get', J], says: '{"a":{"b":null}}', gives: { a: { b: null } } },
  { call: (c) => hookTools.actionSet(c, { 'a.b': '1', c: '' }), argv: ['action-set', 'a.b=1', 'c='] },
  { call: (c) => hookTools.actionLog(c, '-m'), argv: ['action-log', '--', '-m'] },
  { call: (c) => hookTools.actionFail(c), argv: ['action-fail'] },
  { call: (c) => hookTools.actionFail(c, '-x'), argv: ['action-fail', '--', '-x'] },
  { call: (c) => hookTools.secretIds(c), argv: ['secret-ids', J], says: '["a"]', gives: ['a'] },
  {
    call: (c) => hookTools.secretGet(c, 'secret:a'),
    argv: ['secret-get', J, 'secret:a'],
    says: '{"k":""}',
    gives: { k: '' },
  },
  {
    call: (c) => hookTools.secretGet(c, undefined, { label: '-l', peek: true }),
    argv: ['secret-get', '--label=-l', '--peek', J],
    says: '{"k":"v"}',
    gives: { k: 'v' },
  },
  {
    call: (c) => hookTools.secretGet(c, 'secret:a', { refresh: true }),
    argv: ['secret-get', '--refresh', J, 'secret:a'],
    says: '{}',
    gives: {},
  },
  {
    call: (c) => hookTools.secretGrant(c, 'secret:a', 'db:1'),
    argv: ['secret-grant', '-r', 'db:1', 'secret:a'],
  },
  {
    call: (c) => hookTools.secretGrant(c, 'secret:a', 'db:1', 'b/0'),
    argv: ['secret-grant', '-r', 'db:1', '--unit=b/0', 'secret:a'],
  },
  {
    call: (c) => hookTools.secretRevoke(c, 'secret:a', { relation: 'db:1' }),
    argv: ['secret-revoke', '-r', 'db:1', 'secret:a'],
  },
  {
    call: (c) => hookTools.secretRevoke(c, 'secret:a', { application: 'b', unit: 'b/0' }),
    argv: ['secret-revoke', '--app=b', '--unit=b/0', 'secret:a'],
  },
  { call: (c) => hookTools.secretRemove(c, 'secret:a'), argv: ['secret-remove', 'secret:a'] },
  {
    call: (c) => hookTools.secretRemove(c, 'secret:a', 2),
    argv: ['secret-remove', '--revision=2', 'secret:a'],
  },
  {
    call: (c) => hookTools.secretInfoGet(c, { id: 'secret:a' }),
    argv: ['secret-info-get', J, 'secret:a'],
    says: '{"a":{"revision":1}}',
    gives: { id: 'a', revision: 1 },
  },
  {
    call: (c) => hookTools.secretInfoGet(c, { label: 'l' }),
    argv: ['secret-info-get', '--label=l', J],
    says: '{}',
    gives: null,
  },
  {
    call: (c) => hookTools.secretSet(c, 'secret:a', {}, { expire: '1h', rotate: 'daily' }),
    argv: ['secret-set', '--expire=1h', '--rotate=daily', 'secret:a'],
  },
]

describe('each form of each hook tool', () => {
  it.each(FORMS.map((form) => [form.argv.join(' '), form] as const))('%s', async (_, form) => {
    const context = recording(form.says ?? '', form.argv[0] ?? '')
    expect(await form.call(context)).toEqual(form.gives)
    expect(recorded(context, 'argv').split('\0').slice(0, -1)).toEqual(form.argv)
    expect(recorded(context, 'stdin')).toBe(form.stdin ?? '')
  })

  it('is tried here for every function', () => {
    const text = fs.readFileSync(import.meta.filename, 'utf8')
    const untried = Object.keys(hookTools).filter((name) => !text.includes(`hookTools.${name}`))
    expect(untried).toEqual(['runHookTool'])
  })
})

it('hands the content of a secret over in files, which are gone afterwards', async () => {
  const context = recording('secret:new\n', 'secret-add', 'secret-set')
  const content = { password: '-x\n"', 'user-name': '' }
  expect(await hookTools.secretAdd(context, content, { label: 'l', owner: 'unit' })).toBe('secret:new')
  const [, label, owner, password = '', user] = recorded(context, 'argv').split('\0')
  expect([label, owner]).toEqual(['--label=l', '--owner=unit'])
  expect(password).toMatch(/^password#file=\//)
  expect(user).toMatch(/^user-name#file=\//)
  expect(recorded(context, 'files')).toBe('-x\n"')
  expect(fs.existsSync(password.slice('password#file='.length))).toBe(false)
  await hookTools.secretSet(context, 'secret:new', { password: 'again' })
  expect(recorded(context, 'argv')).toMatch(/^secret-set\0secret:new\0password#file=/)
  expect(recorded(context, 'files')).toBe('-x\n"again')
})

describe('a hook tool', () => {
  it('gets its words and gives its output', async () => {
    const context = contextWith({ 'tools/tool': '#!/bin/bash\nprintf "%s|" "$@"; pwd\n' })
    expect(await runHookTool(context, 'tool', ['a b', '', '$x'])).toBe(`a b||$x|${context.charmDir}\n`)
  })

  it('that fails is an error with all there is to know', async () => {
    const context = contextWith({ 'tools/tool': '#!/bin/bash\necho "ERROR no" >&2; exit 2\n' })
    await expect(runHookTool(context, 'tool', ['a'])).rejects.toMatchObject({
      name: 'HookToolError',
      tool: 'tool',
      args: ['a'],
      status: 2,
      stderr: 'ERROR no\n',
    })
    await expect(runHookTool(context, 'no-such-tool', [])).rejects.toMatchObject({ status: 127 })
  })

  it('that is not there outside of a hook says where it is, also to who waits synchronously', async () => {
    const context = contextOf(makeCharm(), { JUJU_UNIT_NAME: 'app/0' })
    const message = `this works only in a hook, where Juju answers no-such-tool: juju exec --unit app/0 '${SHELL}/charms.reactive …'`
    await expect(runHookTool(context, 'no-such-tool', [])).rejects.toMatchObject({
      name: 'OutsideOfHookError',
      message,
    })
    expect(() => runJsonSync(context, 'no-such-tool', [])).toThrow(message)
    const nameless = contextOf(makeCharm())
    await expect(runHookTool(nameless, 'x', [])).rejects.toThrow('juju exec --unit APP/N')
    const inHook = contextOf(makeCharm(), { JUJU_CONTEXT_ID: 'x' })
    await expect(runHookTool(inHook, 'no-such-tool', [])).rejects.toThrow(
      'no-such-tool failed with status 127',
    )
  })

  it('that answers with no JSON is an error', async () => {
    const context = contextWith({ 'tools/config-get': '#!/bin/bash\necho nonsense\n' })
    await expect(configGet(context)).rejects.toThrow('answered with something that is not JSON: nonsense')
  })

  it('is asked for JSON', async () => {
    const context = contextWith({
      'tools/config-get': '#!/bin/bash\n[[ $* == "--all --format=json" ]] && echo \'{"a": null, "b": ""}\'\n',
      'tools/is-leader': '#!/bin/bash\n[[ $* == --format=json ]] && echo true\n',
      'tools/status-set': '#!/bin/bash\n[[ $# == 3 && $1 == -- && $2 == active && $3 == "-x y" ]]\n',
    })
    expect(await configGet(context)).toEqual({ a: null, b: '' })
    expect(await isLeader(context)).toBe(true)
    await statusSet(context, 'active', '-x y')
  })

  it('may answer with nothing', async () => {
    const context = contextWith({
      'tools/config-get': '#!/bin/bash\n',
      'tools/is-leader': '#!/bin/bash\necho false\n',
    })
    expect(await configGet(context)).toEqual({})
    expect(await isLeader(context)).toBe(false)
  })
})
