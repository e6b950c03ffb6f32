import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedEvent } from '../../src/simulator/events.ts'
import { quote, runScript, STATE, startUnit } from './test-charm.ts'

interface Case {
  tool: string[]
  /** Exactly; '' if not said. */
  stdout?: string
  stderr?: string | RegExp
  status?: number
  event?: SimulatedEvent
  leader?: boolean
}

const INSTALL = { name: 'install' }
const CHANGED = { name: 'db-relation-changed', relation: 'db:1', remoteUnit: 'mysql/0' }
const CREATED = { name: 'db-relation-created', relation: 'db:1' }
const BROKEN = { name: 'db-relation-broken', relation: 'db:1' }
const DEPARTED = { name: 'db-relation-departed', relation: 'db:1', remoteUnit: 'mysql/0' }
const ACTION = {
  name: 'backup',
  action: { name: 'backup', params: { depth: { a: { b: 'deep', n: 3 }, list: ['x', 'y'] }, on: true } },
}
const UNKNOWN_FLAG = 'ERROR flag provided but not defined: --nonsense\n'

const CASES: Case[] = [
  // config-get: smart format, null, --all
  { tool: ['config-get', 'port'], stdout: '8080\n' },
  { tool: ['config-get', 'ratio'], stdout: '1.5\n' },
  { tool: ['config-get', 'debug'], stdout: 'False\n' },
  { tool: ['config-get', 'title'], stdout: 'a <b> & c\n' },
  { tool: ['config-get', 'title', '--format=json'], stdout: '"a \\u003cb\\u003e \\u0026 c"\n' },
  { tool: ['config-get', 'empty'] },
  { tool: ['config-get', 'empty', '--format=json'], stdout: '""\n' },
  { tool: ['config-get', 'unset'] },
  { tool: ['config-get', 'unset', '--format=json'], stdout: 'null\n' },
  { tool: ['config-get', 'unknown'] },
  { tool: ['config-get', 'unknown', '--format', 'json'], stdout: 'null\n' },
  {
    tool: ['config-get', '--format=json'],
    stdout: '{"debug":false,"empty":"","port":8080,"ratio":1.5,"title":"a \\u003cb\\u003e \\u0026 c"}\n',
  },
  {
    tool: ['config-get', '-a', '--format', 'yaml'],
    stdout: 'debug: false\nempty: ""\nport: 8080\nratio: 1.5\ntitle: a <b> & c\nunset: null\n',
  },
  {
    tool: ['config-get', '--all', 'port'],
    status: 2,
    stderr: 'ERROR cannot use argument --all together with key "port"\n',
  },
  { tool: ['config-get', 'port', 'more'], status: 2, stderr: 'ERROR unrecognized args: ["more"]\n' },
  { tool: ['config-get', '--nonsense'], status: 2, stderr: UNKNOWN_FLAG },
  {
    tool: ['config-get', '--format=xml'],
    status: 2,
    stderr: /^ERROR invalid value "xml" .* unknown format "xml"\n$/,
  },
  { tool: ['config-get', '--format'], status: 2, stderr: 'ERROR flag needs an argument: --format\n' },
  // relation-ids, relation-list
  { tool: ['relation-ids', 'db'], stdout: 'db:1\ndb:12\ndb:2\n' },
  { tool: ['relation-ids', 'nothing'] },
  { tool: ['relation-ids', 'nothing', '--format=json'], stdout: '[]\n' },
  { tool: ['relation-ids'], status: 2, stderr: 'ERROR no relation name specified\n' },
  { tool: ['relation-ids'], event: CHANGED, stdout: 'db:1\ndb:12\ndb:2\n' },
  { tool: ['relation-list', '-r', 'db:1'], stdout: 'mysql/0\nmysql/10\nmysql/2\n' },
  { tool: ['relation-list', '-r=db:1', '--app'], stdout: 'mysql\n' },
  { tool: ['relation-list', '--format=json', '--relation=1'], stdout: '["mysql/0","mysql/10","mysql/2"]\n' },
  { tool: ['relation-list'], status: 2, stderr: 'ERROR no relation id specified\n' },
  { tool: ['relation-list', '1'], event: CHANGED, status: 2, stderr: 'ERROR unrecognized args: ["1"]\n' },
  { tool: ['relation-list', '-r', 'bad'], status: 2, stderr: /-r: invalid relation id\n$/ },
  { tool: ['relation-list', '-r', 'db:99'], status: 1, stderr: /-r: relation not found\n$/ },
  { tool: ['relation-list'], event: DEPARTED, stdout: 'mysql/10\nmysql/2\n' },
  { tool: ['relation-list'], event: BROKEN },
  // relation-get: whose data
  { tool: ['relation-get'], event: CHANGED, stdout: 'host: 10.0.0.1\nnumber: "12345"\n' },
  { tool: ['relation-get', '-'], event: CHANGED, stdout: 'host: 10.0.0.1\nnumber: "12345"\n' },
  { tool: ['relation-get', 'number'], event: CHANGED, stdout: '12345\n' },
  { tool: ['relation-get', 'missing'], event: CHANGED },
  { tool: ['relation-get', 'missing', '--format=json'], event: CHANGED, stdout: 'null\n' },
  { tool: ['relation-get', 'host', 'mysql/2'], event: CHANGED, stdout: 'h2\n' },
  { tool: ['relation-get', 'host'], event: DEPARTED, stdout: '10.0.0.1\n' },
  { tool: ['relation-get', '-r', 'db:1', 'host', 'mysql/7'], stdout: 'gone\n' },
  { tool: ['relation-get'], event: CREATED, stdout: 'schema: "5"\n' },
  { tool: ['relation-get'], event: BROKEN, stdout: 'schema: "5"\n' },
  { tool: ['relation-get', '--app'], event: CHANGED, stdout: 'schema: "5"\n' },
  { tool: ['relation-get', '-', 'mysql/0', '--app'], event: CHANGED, stdout: 'schema: "5"\n' },
  { tool: ['relation-get', '-', 'mysql'], event: CHANGED, stdout: 'schema: "5"\n' },
  { tool: ['relation-get', '-', 'mysql/10'], event: CHANGED, stdout: '{}\n' },
  { tool: ['relation-get', 'mine', 'app/0'], event: CHANGED, stdout: 'old\n' },
  { tool: ['relation-get', '--app', '-', 'app'], event: CHANGED, stdout: 'owner: app\n' },
  {
    tool: ['relation-get', '--app', '-', 'app'],
    event: CHANGED,
    leader: false,
    status: 1,
    stderr: 'ERROR permission denied\n',
  },
  {
    tool: ['relation-get', '-r', 'cluster:0', '--app', '-', 'app'],
    leader: false,
    stdout: 'shared: "yes"\n',
  },
  { tool: ['relation-get', '-', 'mysql/99'], event: CHANGED, status: 1, stderr: /settings not found\n$/ },
  {
    tool: ['relation-get', '-', 'foreign/0'],
    event: CHANGED,
    status: 1,
    stderr: 'ERROR permission denied\n',
  },
  { tool: ['relation-get'], status: 2, stderr: 'ERROR no relation id specified\n' },
  { tool: ['relation-get', '-r', 'db:1'], status: 2, stderr: 'ERROR no unit or application specified\n' },
  // relation-set
  { tool: ['relation-set'], event: CHANGED },
  { tool: ['relation-set', 'a=1'], status: 2, stderr: 'ERROR no relation id specified\n' },
  {
    tool: ['relation-set', 'a=1', 'a=2'],
    event: CHANGED,
    status: 2,
    stderr: 'ERROR key "a" specified more than once\n',
  },
  {
    tool: ['relation-set', 'word'],
    event: CHANGED,
    status: 2,
    stderr: 'ERROR expected "key=value", got "word"\n',
  },
  {
    tool: ['relation-set', '--app', 'a=1'],
    event: CHANGED,
    leader: false,
    status: 1,
    stderr: 'ERROR cannot write relation settings\n',
  },
  {
    tool: ['relation-set', '--file', 'nowhere', '-r', 'db:1'],
    status: 1,
    stderr: /^ERROR open .*\/nowhere: no such file or directory\n$/,
  },
  // leadership
  { tool: ['is-leader'], stdout: 'True\n' },
  { tool: ['is-leader'], leader: false, stdout: 'False\n' },
  { tool: ['is-leader', '--format=json'], leader: false, stdout: 'false\n' },
  { tool: ['leader-get', 'secret'], stdout: 'x\n' },
  { tool: ['leader-get', 'other', '--format=json'], stdout: 'null\n' },
  {
    tool: ['leader-set', 'a=1'],
    leader: false,
    status: 1,
    stderr: 'ERROR cannot write leadership settings: cannot write settings: not the leader\n',
  },
  // status
  { tool: ['status-set', 'active', 'ready'] },
  { tool: ['status-set', 'active'] },
  {
    tool: ['status-set', 'idle', ''],
    status: 2,
    stderr: 'ERROR invalid status "idle", expected one of [maintenance blocked waiting active]\n',
  },
  { tool: ['status-set'], status: 2, stderr: 'ERROR invalid args, require <status> [message]\n' },
  { tool: ['status-set', 'active', 'a', 'b'], status: 2, stderr: 'ERROR unrecognized args: ["b"]\n' },
  {
    tool: ['status-set', '--application', 'active'],
    leader: false,
    status: 1,
    stderr: 'ERROR this unit is not the leader\n',
  },
  { tool: ['status-get'], stdout: 'unknown\n' },
  { tool: ['status-get', '--format=json'], stdout: '{"status":"unknown"}\n' },
  {
    tool: ['status-get', '--include-data', '--format=json'],
    stdout: '{"message":"","status":"unknown","status-data":{}}\n',
  },
  // state
  { tool: ['state-get', 'key'], stdout: 'value\n' },
  { tool: ['state-get', 'none'] },
  { tool: ['state-get', '--strict', 'none'], status: 1, stderr: 'ERROR "none" not found\n' },
  { tool: ['state-set', `${'k'.repeat(257)}=v`], status: 1, stderr: /key length \(256\) exceeded\n$/ },
  { tool: ['state-set', `k=${'v'.repeat(65537)}`], status: 1, stderr: /value length \(65536\) exceeded\n$/ },
  { tool: ['state-delete', 'nothing'] },
  // ports
  { tool: ['open-port', '80'] },
  { tool: ['open-port', 'icmp'] },
  { tool: ['open-port', '8000-8080/udp', '--endpoints', 'db,website'] },
  { tool: ['open-port'], status: 2, stderr: 'ERROR no port or range specified\n' },
  { tool: ['open-port', '80/sctp'], status: 2, stderr: /^ERROR invalid protocol "sctp"/ },
  { tool: ['open-port', 'http'], status: 2, stderr: 'ERROR invalid port "http"\n' },
  { tool: ['close-port', '9000-80'], status: 2, stderr: 'ERROR invalid port range 9000-80/tcp\n' },
  { tool: ['opened-ports'] },
  { tool: ['opened-ports', '--format=json'], stdout: '[]\n' },
  // actions
  { tool: ['action-get', 'target'], event: ACTION, stdout: '/backup\n' },
  { tool: ['action-get', 'depth.a.b'], event: ACTION, stdout: 'deep\n' },
  { tool: ['action-get', 'depth.a.b.c', '--format=json'], event: ACTION, stdout: 'null\n' },
  { tool: ['action-get', 'depth.a'], event: ACTION, stdout: 'b: deep\n"n": 3\n' },
  { tool: ['action-get', 'on'], event: ACTION, stdout: 'True\n' },
  { tool: ['action-get'], status: 1, stderr: 'ERROR not running an action\n' },
  { tool: ['action-set', 'a=1'], status: 1, stderr: 'ERROR not running an action\n' },
  { tool: ['action-fail'], status: 1, stderr: 'ERROR not running an action\n' },
  { tool: ['action-log', 'x'], status: 1, stderr: 'ERROR not running an action\n' },
  {
    tool: ['action-set', 'stdout=x'],
    event: ACTION,
    status: 2,
    stderr: 'ERROR cannot set reserved action key "stdout"\n',
  },
  { tool: ['action-set', 'Bad=x'], event: ACTION, status: 2, stderr: /^ERROR key "Bad" must start and end/ },
  {
    tool: ['action-set', 'word'],
    event: ACTION,
    status: 2,
    stderr: /must be of the form key\.\.\.=value\n$/,
  },
  // the rest
  { tool: ['unit-get', 'private-address'], stdout: '10.0.0.10\n' },
  { tool: ['unit-get', 'public-address'], stdout: '203.0.113.10\n' },
  { tool: ['unit-get', 'name'], status: 2, stderr: 'ERROR unknown setting "name"\n' },
  { tool: ['unit-get'], status: 2, stderr: 'ERROR no setting specified\n' },
  { tool: ['network-get', 'db', '--ingress-address'], stdout: '10.0.0.10\n' },
  { tool: ['network-get', 'db', '--egress-subnets'], stdout: '10.0.0.10/32\n' },
  {
    tool: ['network-get', 'db', '--bind-address', '--ingress-address'],
    stdout: 'bind-address: 10.0.0.10\ningress-address: 10.0.0.10\n',
  },
  { tool: ['network-get', 'nope'], status: 1, stderr: 'ERROR no network config found for binding "nope"\n' },
  { tool: ['resource-get', 'software'], stdout: '/resources/software.zip' },
  { tool: ['resource-get', 'nope'], status: 1, stderr: /^ERROR could not download resource/ },
  { tool: ['application-version-set', '1.0'] },
  { tool: ['application-version-set'], status: 2, stderr: 'ERROR no version specified\n' },
  { tool: ['goal-state', '--format=smart'], status: 2, stderr: /unknown format "smart"\n$/ },
  { tool: ['juju-log'], status: 2, stderr: 'ERROR no message specified\n' },
  { tool: ['juju-log', '-l', 'INFO', '--', '-dash', 'and more'] },
  { tool: ['juju-log', '-dash'], status: 2, stderr: 'ERROR flag provided but not defined: -d\n' },
  {
    tool: ['is-leader', '--help'],
    stdout: 'Usage: is-leader [options]\n\nSummary:\nPrint application leadership status.\n',
  },
  // restricted contexts: juju-log works, add-metric in collect-metrics only
  ...['config-get', 'relation-ids', 'is-leader', 'status-get', 'leader-get', 'state-get', 'opened-ports'].map(
    (tool): Case => ({
      tool: [tool],
      event: { name: 'collect-metrics' },
      status: 1,
      stderr: 'ERROR not implemented for restricted context\n',
    }),
  ),
  { tool: ['juju-log', 'x'], event: { name: 'meter-status-changed' } },
  { tool: ['add-metric', 'users=1'], event: { name: 'collect-metrics' } },
  {
    tool: ['add-metric', 'users=1'],
    event: { name: 'meter-status-changed' },
    status: 1,
    stderr: 'ERROR not implemented for restricted context\n',
  },
  {
    tool: ['add-metric', 'users=1'],
    status: 1,
    stderr: 'ERROR cannot record metric: metrics not allowed in this context\n',
  },
  {
    tool: ['add-metric'],
    event: { name: 'collect-metrics' },
    status: 2,
    stderr: 'ERROR no metrics specified\n',
  },
]

/** What one hook can answer: rows of the same event, as the leader or not. Those that change something come last. */
function groupsOf(rows: readonly Case[]): Case[][] {
  const groups = new Map<string, Case[]>()
  const isChanging = ({ tool: [name = ''] }: Case) => /-(set|port|delete|metric)$/.test(name)
  for (const row of [...rows.filter((one) => !isChanging(one)), ...rows.filter(isChanging)]) {
    const key = JSON.stringify([row.event ?? INSTALL, row.leader ?? true])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

describe.each(groupsOf(CASES).map((rows) => ({ rows })))(
  'a hook tool, called as its executable,',
  ({ rows }) => {
    const answers = new Map<Case, { stdout: string; stderr: string; status: number; call: unknown }>()

    beforeAll(async () => {
      const [{ event = INSTALL, leader = true } = {}] = rows
      const unit = await startUnit(undefined, { state: { ...STATE, leader } })
      const lines = rows.map(
        ({ tool }, index) => `${quote(tool)} >${index}.out 2>${index}.err; echo "$?" >${index}.status`,
      )
      const { hookToolCalls } = await runScript(unit, lines.join('\n'), event)
      expect(hookToolCalls).toHaveLength(rows.length)
      for (const [index, row] of rows.entries()) {
        const [stdout = '', stderr = '', status] = ['out', 'err', 'status'].map((kind) =>
          fs.readFileSync(path.join(unit.charmDir, `${index}.${kind}`), 'utf8'),
        )
        answers.set(row, { stdout, stderr, status: Number(status), call: hookToolCalls[index] })
      }
    })

    it.each(rows)('$tool of $event.name', (row) => {
      const { tool, stdout = '', stderr = '', status = 0 } = row
      expect(answers.get(row)).toEqual({
        stdout,
        stderr: stderr instanceof RegExp ? expect.stringMatching(stderr) : stderr,
        status,
        call: expect.objectContaining({ tool: tool[0], args: tool.slice(1), status }),
      })
    })
  },
)

describe('the executables of hook tools', () => {
  it('fail as Juju does without a context, without a socket, and with the context of another hook', async () => {
    const unit = await startUnit()
    const results = await runScript(
      unit,
      `(unset JUJU_CONTEXT_ID; config-get; echo $?)
      (unset JUJU_AGENT_SOCKET_ADDRESS; config-get; echo $?)
      (JUJU_AGENT_SOCKET_ADDRESS=/nowhere config-get; echo $?)
      JUJU_CONTEXT_ID=other config-get; echo $?`,
    )
    expect(results.stdout).toBe('1\n1\n1\n1\n')
    expect(results.stderr.split('\n')).toEqual([
      'ERROR JUJU_CONTEXT_ID not set',
      'ERROR JUJU_AGENT_SOCKET_ADDRESS not set',
      'ERROR dial unix /nowhere: connect: no such file or directory',
      expect.stringMatching(
        /^ERROR bad request: expected context id "app\/0-install-[0-9a-f]+", got "other"$/,
      ),
      '',
    ])
  })

  it('fail outside of a hook and after it has ended', async () => {
    const unit = await startUnit()
    const outside = await unit.command(['bash', '-c', `${unit.dir}/tools/config-get`])
    expect(outside).toMatchObject({ exitStatus: 1, stderr: 'ERROR JUJU_CONTEXT_ID not set\n' })
    const log = path.join(unit.dir, 'late')
    await runScript(unit, `(exec >${log} 2>&1; sleep 0.2; config-get port; echo $?) & exit 0`)
    await expect.poll(() => fs.readFileSync(log, 'utf8')).toMatch(/expected context id "", got .*\n1\n$/)
  })

  it('hand over odd arguments as they are', async () => {
    const unit = await startUnit()
    const odd = [
      '',
      ' ',
      'a\nb\n',
      '\\',
      '\\n',
      "'",
      '"',
      '$HOME',
      '*',
      'ü€😀',
      '=',
      '\u0001\u007f',
      'x'.repeat(70_000),
    ]
    const result = await runScript(unit, quote(['juju-log', '--', ...odd]))
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(result.hookToolCalls[0]?.args).toEqual(['--', ...odd])
    expect(result.log[0]?.message).toBe(odd.join(' '))
  })

  it('refuse what is no UTF-8, and drop NUL', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const invalid = await runScript(unit, `juju-log $'\\xff'`)
    expect(invalid).toMatchObject({ exitStatus: 2, stderr: expect.stringContaining('UTF-8') })
    const nul = await runScript(
      unit,
      `printf 'a: "x\\\\0y"' | relation-set -r db:1 --file -; relation-get -r db:1 a app/0`,
    )
    expect(nul).toMatchObject({ exitStatus: 0, stdout: 'xy\n' })
  })

  it('read stdin when they are asked to, and only then', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const big = `big: ${'b'.repeat(200_000)}`
    const script = `cat big.yaml | relation-set -r db:1 --file - word=argument
      printf 'n: 0080\\nt: true\\nempty:\\nmine: ""\\n' | { relation-set --file=- -r db:1; cat; }
      printf 'left' | { relation-set -r db:1 x=1; cat; }
      state-set --file - <<<'from: stdin'`
    fs.writeFileSync(path.join(unit.charmDir, 'big.yaml'), `${big}\nword: file`)
    const result = await runScript(unit, script)
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: 'left' })
    expect(unit.state.relations[0]?.localUnit).toEqual({
      'private-address': '10.0.0.10',
      big: 'b'.repeat(200_000),
      word: 'argument',
      n: '0080',
      t: 'true',
      x: '1',
    })
    expect(unit.state.charmState).toEqual({ key: 'value', from: 'stdin' })
    expect(result.hookToolCalls.map(({ tool }) => tool)).toEqual([
      ...Array<string>(3).fill('relation-set'),
      'state-set',
    ])
  })

  it('write to a file that is relative to their own directory', async () => {
    const unit = await startUnit()
    const result = await runScript(
      unit,
      'mkdir sub; cd sub; config-get port -o out; config-get -o /nowhere/x port',
    )
    expect(fs.readFileSync(path.join(unit.charmDir, 'sub', 'out'), 'utf8')).toBe('8080\n')
    expect(result.stderr).toBe('ERROR open /nowhere/x: no such file or directory\n')
  })

  it('are not disturbed by what a charm exports', async () => {
    const unit = await startUnit()
    const script = `printf() { echo hijacked; }; export -f printf
      export SHELLOPTS; set -xeu; export BASH_ENV=/nonsense LC_ALL=C IFS=8; config-get port 2>/dev/null`
    const result = await runScript(unit, script)
    expect(result).toMatchObject({ exitStatus: 0, stdout: '8080\n' })
    expect(result.stderr).not.toContain('_reactive')
  })

  it('work through a link of another name or place', async () => {
    const unit = await startUnit()
    const result = await runScript(
      unit,
      'mkdir l; ln -s "$(command -v config-get)" l/config-get; l/config-get port',
    )
    expect(result).toMatchObject({ exitStatus: 0, stdout: '8080\n', stderr: '' })
  })

  it('answer forty callers at once', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const script = `for ((i = 0; i < 40; i++)); do
        { relation-set -r db:1 "k$i=$i"; [[ $(config-get port) == 8080 ]] || echo wrong; } &
      done; wait; relation-get -r db:1 --format=json - app/0`
    const result = await runScript(unit, script)
    const expected = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, String(i)]))
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(JSON.parse(result.stdout)).toMatchObject(expected)
    expect(result.hookToolCalls).toHaveLength(81)
  })
})
