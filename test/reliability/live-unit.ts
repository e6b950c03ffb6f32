// A unit without the simulator, so that nothing but the engine runs: a charm in a directory that everybody may
// read, as Juju has it, hooks by the launcher, and commands by the launcher as processes of their own.

import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd, SHELL, writeFiles } from '../test-unit.ts'

/** A hook tool that has nothing to say, and writes down what is logged. */
const TOOL = `#!/bin/bash
case \${0##*/} in
juju-log) printf '%s\\n' "$*" >>"\${0%/*}/../log" ;;
is-leader) echo false ;;
config-get) echo '{}' ;;
*) echo null ;;
esac
`
const TOOLS = ['config-get', 'is-leader', 'juju-log', 'relation-ids', 'relation-list', 'relation-get']

export interface Ended {
  status: number
  stdout: string
  stderr: string
  milliseconds: number
  /** The most memory that the process itself had, in KiB, as far as it was seen. */
  highWater: number
}

/** A process that runs. */
export interface Running {
  readonly pid: number
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export class LiveUnit {
  readonly dir: string
  readonly charmDir: string
  readonly statePath: string

  constructor(files: Record<string, string>) {
    this.dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-')))
    atEnd(() => fs.rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 }))
    fs.chmodSync(this.dir, 0o755)
    this.charmDir = path.join(this.dir, 'charm')
    this.statePath = path.join(this.charmDir, '.reactive-state.db')
    writeFiles(this.charmDir, { 'metadata.yaml': 'name: app\nsummary: A charm for a test\n', ...files })
    writeFiles(this.dir, Object.fromEntries(TOOLS.map((name) => [`tools/${name}`, TOOL])))
  }

  /** Start a hook. */
  hook(name: string, env: Record<string, string> = {}): Running {
    const ofJuju = { JUJU_HOOK_NAME: name, JUJU_CONTEXT_ID: `app-0-${name}`, JUJU_UNIT_NAME: 'app/0' }
    return this.start(['main', name], { ...ofJuju, ...env })
  }

  /** Run a hook that must succeed. */
  async run(name: string): Promise<Ended> {
    const ended = await this.hook(name).ended
    if (ended.status !== 0) throw new Error(`hook ${name}: ${ended.status}: ${ended.stderr}`)
    return ended
  }

  /** What the log has at ERROR: records of failed hooks. */
  errors(): string[] {
    return [...fs.readFileSync(path.join(this.dir, 'log'), 'utf8').matchAll(/^-l ERROR -- (.*)$/gm)].map(
      ([, message = '']) => message,
    )
  }

  /** Run a command to its end. */
  command(...words: string[]): Promise<Ended> {
    return this.start(words).ended
  }

  /** What a command prints that must succeed. */
  async ask(...words: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.command(...words)
    if (status !== 0) throw new Error(`${words.join(' ')}: ${status}: ${stderr}`)
    return stdout
  }

  /** The flags that are set, and the key/value data. */
  async state(): Promise<{ flags: string[]; data: Record<string, unknown> }> {
    const flags = (await this.ask('get_flags')).split('\n').filter((line) => line !== '')
    return { flags, data: JSON.parse(await this.ask('kv', 'range', '', '--format', 'json')) }
  }

  start(words: readonly string[], env: Record<string, string> = {}): Running {
    const { charmDir, dir } = this
    const all = { PATH: `${dir}/tools:${process.env.PATH}`, CHARM_DIR: charmDir, LANG: 'C.UTF-8', ...env }
    const begin = performance.now()
    const child = spawn(path.join(SHELL, 'charms.reactive'), words, {
      cwd: charmDir,
      env: all,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    return { pid: child.pid ?? 0, child, ended: ending(child, begin) }
  }

  file(name: string): string {
    return path.join(this.charmDir, name)
  }
}

async function ending(child: ChildProcess, begin: number): Promise<Ended> {
  const ended = { status: 0, stdout: '', stderr: '', milliseconds: 0, highWater: 0 }
  child.stdout?.on('data', (chunk) => {
    ended.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    ended.stderr += chunk
  })
  child.stdin?.on('error', () => undefined)
  const watch = setInterval(() => {
    ended.highWater = Math.max(ended.highWater, highWaterOf(child.pid))
  }, 10)
  const exit = new Promise<void>((resolve) => {
    child.once('exit', (status, signal) => {
      ended.status = signal === null ? (status ?? 0) : 128 + os.constants.signals[signal]
      ended.milliseconds = performance.now() - begin
      clearInterval(watch)
      resolve()
    })
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  await exit
  // What a handler left running may hold the pipes.
  await Promise.race([closed, sleep(200)])
  return ended
}

/** The most memory that a process had so far, in KiB; 0 when it is gone. */
export function highWaterOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Wait until something holds. */
export async function until(holds: () => boolean, what: string, milliseconds = 60_000): Promise<void> {
  const end = performance.now() + milliseconds
  while (!holds()) {
    if (performance.now() > end) throw new Error(`this did not come: ${what}`)
    await sleep(5)
  }
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** A bash handler file around the text. */
export function bash(text: string): string {
  return `#!/bin/bash\nsource charms.reactive.sh\n${text}\nreactive_handler_main\n`
}
