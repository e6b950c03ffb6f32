// Every command gives the same answer through every entry point. The cases are in entry-points-cases.ts;
// the entry points are
// the session, the channel from bash (by `charms.reactive` and by the function of the command's name), the
// executables in a hook (the same two ways), and the command line outside of a hook.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerLine } from '../../src/cli/cli.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { Endpoint } from '../../src/endpoints/endpoint.ts'
import { endpointsOf } from '../../src/endpoints/endpoints.ts'
import { clearFlag, getFlags, setFlag } from '../../src/unit/flags.ts'
import { isFull, sampled } from '../effort.ts'
import { bareEnv, makeDir, quote, run, runCli, SHELL, startSession, writeFiles } from '../test-unit.ts'
import { CASES, type Case, CHARM, ENDPOINT_METHODS, type EntryPoint } from './entry-points-cases.ts'

/** What a case came to; `flags` are those that are set afterwards. */
interface Answer {
  status: number
  stdout: string
  stderr: string
  flags: string[]
}

const METADATA = 'name: app\nprovides:\n  website: http\nrequires:\n  db: {interface: mysql}\n'

/** The same as PROVIDER in this process. */
class Db extends Endpoint {}
Object.assign(Db.prototype, ENDPOINT_METHODS)

function makeCharm(more: Record<string, string> = {}): string {
  const dir = makeDir()
  writeFiles(dir, { 'metadata.yaml': METADATA, ...CHARM, ...more })
  return dir
}

function applies(entry: EntryPoint, { except = {} }: Case): boolean {
  return except[entry] === undefined
}

function titleOf({ line, input, title }: Case): string {
  const words = line.map((word) => (word.length > 60 ? `${word.slice(0, 60)}…` : word))
  return title ?? `${quote(words)}${input === undefined ? '' : ' with input'}`
}

/** What the case promises, at an entry point. */
function expectAnswer(
  answer: Answer | undefined,
  { status = 0, stdout = '', stderr, flags, set = [] }: Case,
): void {
  expect(answer).toEqual({
    status,
    stdout: stdout instanceof RegExp ? expect.stringMatching(stdout) : stdout,
    stderr: stderr instanceof RegExp ? expect.stringMatching(stderr) : (stderr ?? ''),
    flags: flags ?? [...set].sort(),
  })
}

function expectFiles(charmDir: string, { files = {} }: Case): void {
  for (const [name, text] of Object.entries(files)) {
    expect(fs.readFileSync(path.join(charmDir, name), 'utf8'), name).toBe(text)
  }
}

const commandOf = ({ line }: Case) => line.find((word) => Object.hasOwn(COMMANDS, word)) ?? ''

/** Those that processes are started for: without a full run one of each command. */
const CHOSEN = isFull
  ? CASES
  : [...new Set(CASES.map(commandOf))].flatMap((name) =>
      sampled(
        CASES.filter((row) => commandOf(row) === name),
        1,
      ),
    )

describe('the table of cases', () => {
  it('has at least one for every command', () => {
    const tried = new Set(CASES.map(commandOf))
    expect(Object.keys(COMMANDS).filter((name) => !tried.has(name))).toEqual([])
  })

  it('says for each entry point that is left out why', () => {
    for (const { except = {} } of CASES)
      for (const reason of Object.values(except)) expect(reason).toMatch(/\w+ \w+/)
  })
})

describe('through the session', () => {
  it.each(CASES.filter((row) => applies('session', row)).map((row) => [titleOf(row), row] as const))(
    '%s',
    async (_, row) => {
      const charmDir = makeCharm()
      const env = {
        JUJU_HOOK_NAME: 'config-changed',
        JUJU_UNIT_NAME: 'app/0',
        PATH: `${charmDir}/tools:${process.env.PATH}`,
      }
      const session = await startSession({ charmDir, env })
      endpointsOf(session).implement('db', Db)
      for (const line of row.before ?? []) expect((await answerLine(session, line)).status).toBeLessThan(2)
      for (const flag of getFlags(session)) clearFlag(session, flag)
      for (const flag of row.set ?? []) setFlag(session, flag)
      const { status, stdout = '', stderr = '' } = await answerLine(session, row.line)
      expectAnswer({ status, stdout, stderr, flags: getFlags(session) }, row)
      expectFiles(charmDir, row)
    },
  )
})

/**
 * A bash script that goes through the cases and writes each answer to files. What it does around them goes
 * the short way, over the channel.
 */
function scriptOf(entry: EntryPoint, command: (line: readonly string[]) => string): string {
  const steps = CHOSEN.map((row, index) => {
    if (!applies(entry, row)) return ''
    const input = row.input === undefined ? '</dev/null' : `<<<${quote([row.input])}`
    const answer = `answers/${index}`
    return [
      ...(row.before ?? []).map((line) => `ask ${quote(line)} >/dev/null`),
      'clear_all',
      ...(row.set ?? []).map((flag) => `ask set_flag -- ${quote([flag])}`),
      `${command(row.line)} ${input} >${answer}.stdout 2>${answer}.stderr`,
      `echo "$?" >${answer}.status`,
      `ask get_flags >${answer}.flags`,
      'clear_all',
    ].join('\n')
  })
  return `
source "$CHARMS_REACTIVE_SHELL/channel.sh"
ask() { _reactive_call "$CHARMS_REACTIVE_CHANNEL" "$@"; }
clear_all() {
  ask get_flags >answers/all
  while IFS= read -r flag; do ask clear_flag -- "$flag"; done <answers/all
}
mkdir answers
${steps.join('\n')}
`
}

function readAnswer(charmDir: string, index: number): Answer {
  const read = (name: string) => fs.readFileSync(path.join(charmDir, 'answers', `${index}.${name}`), 'utf8')
  const flags = read('flags').split('\n').filter(Boolean)
  return { status: Number(read('status')), stdout: read('stdout'), stderr: read('stderr'), flags }
}

const anyCommand = (line: readonly string[]) => `charms.reactive ${quote(line)}`
/** By the helper of the command's name, where there is one. */
const helper = (line: readonly string[]) => {
  const [name = '', ...words] = line
  return fs.existsSync(path.join(SHELL, name)) && name !== '' ? `${name} ${quote(words)}` : anyCommand(line)
}

const BASH = '#!/bin/bash\nsource charms.reactive.sh\n@when_not no.such.flag\ncases() {\n'
// In the hooks phase @when_not would not match, so it says no there.
const EXECUTABLE = `#!/bin/bash
if [[ $1 == --test ]]; then
  [[ ! -e answers ]] && charms.reactive when_not no.such.flag
  exit
fi
`

const HOOKS: [title: string, entry: EntryPoint, handler: string][] = [
  [
    'a bash handler, by charms.reactive',
    'channel',
    `${BASH}${scriptOf('channel', anyCommand)}}\nreactive_handler_main\n`,
  ],
  [
    'a bash handler, by the functions',
    'channel',
    `${BASH}${scriptOf('channel', helper)}}\nreactive_handler_main\n`,
  ],
  ['an executable, by charms.reactive', 'executable', `${EXECUTABLE}${scriptOf('executable', anyCommand)}`],
  ['an executable, by the executables', 'executable', `${EXECUTABLE}${scriptOf('executable', helper)}`],
]
const PROVIDER = `
import { Endpoint } from 'charms.reactive'
export class Db extends Endpoint {}
Object.assign(Db.prototype, {
  ${Object.entries(ENDPOINT_METHODS)
    .map(([name, method]) => `${name}: ${method}`)
    .join(',\n  ')}
})
`

describe.each(sampled(HOOKS, 1))('in a hook, through %s', (_, entry, handler) => {
  let charmDir = ''

  beforeAll(async () => {
    charmDir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
    writeFiles(charmDir, {
      'metadata.yaml': METADATA,
      ...CHARM,
      'reactive/relations/mysql/requires.mjs': PROVIDER,
      'reactive/cases': handler,
    })
    const env = bareEnv(charmDir, { JUJU_HOOK_NAME: 'config-changed', JUJU_UNIT_NAME: 'app/0' })
    const hook = await run(path.join(SHELL, 'charms.reactive'), ['main'], {
      cwd: charmDir,
      env: { ...env, PATH: `${charmDir}/tools:${env.PATH}` },
    })
    expect(hook.stderr.replace(/^charms\.reactive: INFO: .*\n/gm, '')).toBe('')
    expect(hook.status).toBe(0)
  }, 180_000)
  afterAll(() => fs.rmSync(charmDir, { recursive: true, force: true }))

  it.each(
    CHOSEN.map((row, index) => [titleOf(row), index, row] as const).filter(([, , row]) =>
      applies(entry, row),
    ),
  )('%s', (_title, index, row) => {
    expectAnswer(readAnswer(charmDir, index), row)
    expectFiles(charmDir, row)
  })
})

describe('outside of a hook', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
  const charmDirOf = (index: number) => path.join(root, String(index))
  const answers = new Map<number, Answer>()
  const all = CHOSEN.map((row, index) => [titleOf(row), index, row] as const).filter(([, , row]) =>
    applies('outside', row),
  )
  // Each is a process of its own.
  const rows = sampled(all, Math.ceil(all.length / 3))

  async function answerOutside(index: number, row: Case): Promise<Answer> {
    const charmDir = charmDirOf(index)
    writeFiles(charmDir, { 'metadata.yaml': METADATA, ...CHARM })
    const before = await startSession({ charmDir, inDispatch: false })
    for (const line of row.before ?? []) {
      // A session has no answer for what is about files.
      const isOnFiles = 'runOnFiles' in (COMMANDS[line[0] ?? ''] ?? {})
      const { status } = await (isOnFiles ? runCli(charmDir, line) : answerLine(before, line))
      expect(status).toBeLessThan(2)
    }
    for (const flag of getFlags(before)) clearFlag(before, flag)
    for (const flag of row.set ?? []) setFlag(before, flag)
    await before.state.commit()
    await before.state.close()
    const answer = await runCli(charmDir, row.line, row.input === undefined ? {} : { input: row.input })
    const after = await startSession({ charmDir })
    return { ...answer, flags: getFlags(after) }
  }

  beforeAll(async () => {
    const waiting = [...rows]
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        answers.set(next[1], await answerOutside(next[1], next[2]))
      }
    }
    await Promise.all([work(), work(), work(), work()])
  }, 180_000)
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

  it.each(rows)('%s', (_title, index, row) => {
    expectAnswer(answers.get(index), row)
    expectFiles(charmDirOf(index), row)
  })
})
