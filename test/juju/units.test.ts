// Which unit a command outside of a hook is about, with the built engine on a directory of agents.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { locateUnit } from '../../src/juju/units.ts'
import { makeCharm, makeDir, type Result, run, SHELL, startSession, writeFiles } from '../test-unit.ts'

const PRINCIPAL = 'summary: A charm\n'
const SUBORDINATE = 'subordinate: true\n'

/** A directory of agents with units of charms, by unit name. */
function makeAgents(units: Record<string, string> = {}): string {
  const agents = makeDir()
  for (const [unit, metadata] of Object.entries(units)) {
    const [app = '', number = ''] = unit.split('/')
    writeFiles(agents, { [`unit-${app}-${number}/charm/metadata.yaml`]: `name: ${app}\n${metadata}` })
  }
  writeFiles(agents, { 'machine-0/agent.conf': '', 'unit-new-0/agent.conf': '' })
  return agents
}

function charmOf(agents: string, unit: string): string {
  return path.join(agents, `unit-${unit.replace('/', '-')}`, 'charm')
}

/** Run a program of the toolkit in any shell on the machine. */
function inShell(
  agents: string,
  words: readonly string[],
  { cwd = '/', env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Result> {
  const [name = '', ...rest] = words
  const own = { PATH: process.env.PATH ?? '', CHARMS_REACTIVE_AGENTS: agents, ...env }
  return run(path.join(SHELL, name), rest, { cwd, env: own })
}

async function flagsOf(charmDir: string): Promise<string[]> {
  const { state } = await startSession({ charmDir })
  return [...state.entries('flag:')].map(([flag]) => flag)
}

const TWO = { 'app/0': PRINCIPAL, 'my-db/10': PRINCIPAL, 'my-db/9': PRINCIPAL, 'nrpe/0': SUBORDINATE }
const SAYS_TWO = 'there are several units, name one with --unit APP/N: app/0, my-db/9, my-db/10'

describe('a command outside of a hook is about', () => {
  it('the only principal unit of the machine', async () => {
    const agents = makeAgents({ 'my-app/3': PRINCIPAL, 'nrpe/0': SUBORDINATE })
    expect(await inShell(agents, ['charms.reactive', 'set_flag', 'x'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
    expect(await inShell(agents, ['get_flags'])).toEqual({ status: 0, stdout: 'x\n', stderr: '' })
    expect(await flagsOf(charmOf(agents, 'my-app/3'))).toEqual(['x'])
    expect(fs.existsSync(path.join(charmOf(agents, 'nrpe/0'), '.reactive-state.db'))).toBe(false)
    expect(locateUnit(agents, '/', {}).unit).toBe('my-app/3')
  })

  it('the unit or charm dir that is named, before, in and after the words', async () => {
    const agents = makeAgents(TWO)
    const db = charmOf(agents, 'my-db/10')
    await inShell(agents, ['charms.reactive', '--unit', 'my-db/10', 'set_flag', 'one'])
    await inShell(agents, ['charms.reactive', 'set_flag', '--unit=my-db/10', 'two'])
    await inShell(agents, ['set_flag', 'three', '--charm-dir', db])
    await inShell(agents, ['set_flag', 'four', '--charm_dir=charm'], { cwd: path.dirname(db) })
    await inShell(agents, ['set_flag', '--unit', 'nrpe/0', '--', '--unit'])
    expect((await flagsOf(db)).sort()).toEqual(['four', 'one', 'three', 'two'])
    expect(await flagsOf(charmOf(agents, 'nrpe/0'))).toEqual(['--unit'])
    expect(await flagsOf(charmOf(agents, 'app/0'))).toEqual([])
  })

  it('the charm of the environment, else of the working directory, else the only one', async () => {
    const agents = makeAgents(TWO)
    const [app, db] = [charmOf(agents, 'app/0'), charmOf(agents, 'my-db/9')]
    await inShell(agents, ['set_flag', 'from-cwd'], { cwd: app })
    await inShell(agents, ['set_flag', 'from-env'], { cwd: db, env: { JUJU_CHARM_DIR: app } })
    await inShell(agents, ['set_flag', 'named'], { cwd: app, env: { CHARM_DIR: db } })
    expect((await flagsOf(app)).sort()).toEqual(['from-cwd', 'from-env'])
    expect(await flagsOf(db)).toEqual(['named'])
  })

  it.each<[string, Record<string, string>, string[], string]>([
    ['several units', TWO, [], SAYS_TWO],
    [
      'only subordinates',
      { 'nrpe/0': SUBORDINATE },
      [],
      'there are only subordinate units, name one with --unit APP/N: nrpe/0',
    ],
    [
      'none at all',
      {},
      [],
      'no charm here: name the unit with --unit APP/N or --charm-dir DIR, or set CHARM_DIR: /',
    ],
    ['a unit of another machine', TWO, ['--unit', 'app/1'], 'the unit is not on this machine: app/1: '],
    ['no name of a unit', TWO, ['--unit', '../app/0'], 'a unit is written APP/N: ../app/0'],
    [
      'a directory without a charm',
      TWO,
      ['--charm-dir', '/dev'],
      'not a charm dir, it has no metadata.yaml: /dev',
    ],
    [
      'both options',
      TWO,
      ['--unit', 'app/0', '--charm-dir', '/x'],
      '--unit and --charm-dir cannot go together: app/0, /x',
    ],
    ['the option twice', TWO, ['--unit', 'a/0', '--unit', 'b/0'], 'the option is given twice: --unit'],
    ['no value', TWO, ['--unit'], 'the option needs a value: --unit'],
  ])('nothing where there is %s: one line, status 2', async (_, units, options, message) => {
    const agents = makeAgents(units)
    const { status, stdout, stderr } = await inShell(agents, ['charms.reactive', 'get_flags', ...options])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^charms\.reactive: get_flags: [^\n]*\n$/)
    expect(stderr).toContain(message)
  })

  it('never the state of another unit, whatever the environment says', async () => {
    const agents = makeAgents(TWO)
    for (const unit of ['app/0', 'my-db/9', 'nrpe/0']) {
      await inShell(agents, ['set_flag', `of-${unit}`, '--unit', unit])
    }
    // An environment of app/0, as `juju exec` or a hook of it has.
    const env = { CHARM_DIR: charmOf(agents, 'app/0'), JUJU_UNIT_NAME: 'app/0' }
    await inShell(agents, ['set_flag', 'other', '--unit', 'my-db/9'], { env })
    await inShell(agents, ['charm-env', '--unit', 'nrpe/0', 'set_flag', 'sub'], { env })
    for (const unit of ['app/0', 'my-db/9', 'nrpe/0']) {
      expect(fs.readdirSync(charmOf(agents, unit)).filter((name) => name.includes('.of-'))).toEqual([])
    }
    expect(await flagsOf(charmOf(agents, 'app/0'))).toEqual(['of-app/0'])
    expect((await flagsOf(charmOf(agents, 'my-db/9'))).sort()).toEqual(['of-my-db/9', 'other'])
    expect((await flagsOf(charmOf(agents, 'nrpe/0'))).sort()).toEqual(['of-nrpe/0', 'sub'])
  })

  it('in a hook the unit of the hook, and no other', async () => {
    const agents = makeAgents(TWO)
    const app = charmOf(agents, 'app/0')
    writeFiles(app, {
      'reactive/app.sh': `#!/bin/bash
source charms.reactive.sh
@hook install
f() {
  set_flag --unit app/0 own
  set_flag --charm-dir . dir
  set_flag --unit my-db/9 other 2>refused || echo $? >>refused
  charm-env bash -c 'set_flag through-env'
  charm-env --unit my-db/9 set_flag elsewhere
}
reactive_handler_main
`,
      'tools/config-get': '#!/bin/sh\necho "{}"\n',
      'tools/is-leader': '#!/bin/sh\necho false\n',
      'tools/leader-get': '#!/bin/sh\necho "{}"\n',
    })
    const env = { CHARM_DIR: app, JUJU_UNIT_NAME: 'app/0', PATH: `${app}/tools:${process.env.PATH}` }
    expect((await inShell(agents, ['charms.reactive', 'main', 'install'], { cwd: app, env })).status).toBe(0)
    expect((await flagsOf(app)).sort()).toEqual(['dir', 'own', 'through-env'])
    expect(fs.readFileSync(path.join(app, 'refused'), 'utf8')).toBe(
      'charms.reactive: set_flag: in a hook, commands act on its own unit: --unit my-db/9\n2\n',
    )
    expect(await flagsOf(charmOf(agents, 'my-db/9'))).toEqual(['elsewhere'])
  })
})

describe('a change from outside', () => {
  it('says at a terminal, and nowhere else, that handlers see the change in the next hook', async () => {
    const agents = makeAgents({ 'app/0': PRINCIPAL })
    const atTerminal = async (command: string) => {
      const env = { PATH: `${SHELL}:${process.env.PATH}`, CHARMS_REACTIVE_AGENTS: agents }
      const { stdout } = await run('script', ['-qec', command, '/dev/null'], { cwd: '/', env })
      return stdout.replaceAll('\r', '')
    }
    const line = 'charms.reactive: handlers see the change in the next hook\n'
    expect(await atTerminal('set_flag x')).toBe(line)
    expect(await atTerminal('set_flag x')).toBe('')
    expect(await atTerminal('clear_flag x 2>/dev/null')).toBe('')
    expect(await atTerminal('set_flag y >/dev/null')).toBe(line)
    expect(await atTerminal('get_flags')).toBe('y\n')
    expect((await inShell(agents, ['set_flag', 'z'])).stderr).toBe('')
  })
})

describe('charm-env', () => {
  it('runs a command in the environment of the unit', async () => {
    const agents = makeAgents({ 'app/0': PRINCIPAL, 'nrpe/0': SUBORDINATE })
    const app = charmOf(agents, 'app/0')
    const show =
      'printf "%s\\n" "$CHARM_DIR" "$JUJU_CHARM_DIR" "$JUJU_UNIT_NAME" "$PYTHONPATH" "$PATH" "$@"; env | grep -E "^(CHARMS_REACTIVE|JUJU_HOOK)"; exit 5'
    const result = await inShell(agents, ['charm-env', 'sh', '-c', show, 'sh', 'a b', '--unit'])
    expect(result).toEqual({
      status: 5,
      stdout: `${app}\n${app}\napp/0\n${app}/lib\n${SHELL}:${process.env.PATH}:${app}/bin\na b\n--unit\nCHARMS_REACTIVE_AGENTS=${agents}\n`,
      stderr: '',
    })
    const other = await inShell(agents, ['charm-env', '--unit', 'nrpe/0', 'sh', '-c', 'echo "$CHARM_DIR"'])
    expect(other.stdout).toBe(`${charmOf(agents, 'nrpe/0')}\n`)
  })

  it('names the unit that it is, whatever the environment says', async () => {
    const agents = makeAgents({ 'app/0': PRINCIPAL })
    const env = { CHARM_DIR: charmOf(agents, 'app/0'), JUJU_UNIT_NAME: 'app/0' }
    const show = ['sh', '-c', 'echo "${JUJU_UNIT_NAME-none}"']
    expect((await inShell(agents, ['charm-env', ...show], { env })).stdout).toBe('app/0\n')
    const elsewhere = ['--charm=app', '--charm', 'app', '--charm-dir', makeCharm()]
    expect((await inShell(agents, ['charm-env', ...elsewhere, ...show], { env })).stdout).toBe('none\n')
  })

  it("gives the model's proxies", async () => {
    const agents = makeAgents({ 'app/0': PRINCIPAL })
    const env = {
      PATH: `${SHELL}:${process.env.PATH}`,
      CHARMS_REACTIVE_AGENTS: agents,
      JUJU_CHARM_HTTP_PROXY: 'http://p:1',
    }
    const { stdout } = await inShell(agents, ['charm-env', 'sh', '-c', 'echo "$http_proxy"'], { env })
    expect(stdout).toBe('http://p:1\n')
  })

  it('is an interpreter', async () => {
    const agents = makeAgents({ 'app/0': PRINCIPAL })
    writeFiles(charmOf(agents, 'app/0'), { 'lib/greeting.py': 'text = "hello"\n' })
    const dir = makeDir()
    writeFiles(dir, {
      'by-env': '#!/usr/bin/env -S charm-env bash\nset_flag by-env && get_flags && echo "$@"\n',
      'by-path': `#!${SHELL}/charm-env python3\nimport greeting, sys\nprint(greeting.text, sys.argv[1:])\n`,
    })
    const env = { PATH: `${SHELL}:${process.env.PATH}`, CHARMS_REACTIVE_AGENTS: agents }
    const start = (name: string) => run(path.join(dir, name), ['a b', '-c'], { cwd: '/', env })
    expect(await start('by-env')).toEqual({ status: 0, stdout: 'by-env\na b -c\n', stderr: '' })
    expect(await start('by-path')).toEqual({ status: 0, stdout: "hello ['a b', '-c']\n", stderr: '' })
  })

  it('says in one line what it cannot do', async () => {
    const agents = makeAgents(TWO)
    const says = async (...words: string[]) => {
      const { status, stderr } = await inShell(agents, ['charm-env', ...words])
      return `${status} ${stderr}`
    }
    expect(await says('true')).toBe(`2 charms.reactive: charm-env: ${SAYS_TWO}\n`)
    expect(await says('--unit')).toBe('2 charms.reactive: charm-env: the option needs a value: --unit\n')
    expect(await says('--unit', 'app/0')).toBe(
      '2 charms.reactive: charm-env: no command: see charm-env --help\n',
    )
    expect(await says('-x', 'true')).toBe('2 charms.reactive: charm-env: unknown option: -x\n')
    expect(await says()).toBe('2 charms.reactive: charm-env: no command: see charm-env --help\n')
    expect(await says('--unit', 'app/0', 'no-such-command')).toMatch(/^127 /)
    expect((await inShell(agents, ['charm-env', '--help'])).stdout).toMatch(/^charm-env \[--unit/)
  })
})
