// A charm of a benchmark, run by the engine or by the Python original: the same files, the same hook tools, only
// what is on PATH and the entry that Juju starts differ.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { roundsOf, type ToolCall } from '../src/juju/rounds.ts'
import type { Timing, Workspace } from './workspace.ts'

/** What runs a charm. */
export interface Toolkit {
  readonly name: string
  /** Directories for PATH, behind the hook tools. */
  readonly path: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The file that Juju starts for a hook. */
  readonly entry: (hook: string) => { file: string; text: string }
  /** How the names of the files with the unit's state begin. */
  readonly state: string
}

export type CharmFiles = Record<string, string>

const METADATA = 'name: bench\nsummary: A charm for a benchmark\n'

export class Charm {
  readonly dir: string
  readonly workspace: Workspace
  readonly toolkit: Toolkit
  #answers: string
  #kept: string | undefined

  constructor(
    workspace: Workspace,
    toolkit: Toolkit,
    files: CharmFiles,
    answers: Record<string, string> = {},
  ) {
    this.workspace = workspace
    this.toolkit = toolkit
    this.dir = workspace.makeDir('charm')
    this.#answers = workspace.makeAnswers(answers)
    for (const [name, text] of Object.entries({ 'metadata.yaml': METADATA, ...files }))
      this.#write(name, text)
  }

  /** Run a hook as Juju does. */
  hook(hook = 'update-status', env: Record<string, string> = {}): Timing {
    const { file, text } = this.toolkit.entry(hook)
    this.#write(file, text)
    const all = { ...this.environment(), JUJU_HOOK_NAME: hook, JUJU_DISPATCH_PATH: `hooks/${hook}`, ...env }
    return this.workspace.time([path.join(this.dir, file)], { env: all, cwd: this.dir })
  }

  /** Run a hook, and give the milliseconds that its handlers have measured themselves with `stopwatch_end`. */
  measured(hook?: string): number[] {
    const file = path.join(this.dir, 'measured')
    fs.rmSync(file, { force: true })
    this.hook(hook, { BENCH_MEASURED: file })
    return fs
      .readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((microseconds) => Number(microseconds) / 1000)
  }

  /** Run a hook, and count the calls of each hook tool. */
  calls(hook?: string): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { tool } of this.#calls(hook)) counts.set(tool, (counts.get(tool) ?? 0) + 1)
    return counts
  }

  /** Run a hook, and count how often its calls of hook tools wait for one another. */
  rounds(hook: string, env: Record<string, string>): number {
    return roundsOf(this.#calls(hook, env)).length
  }

  #calls(hook?: string, env: Record<string, string> = {}): ToolCall[] {
    const file = path.join(this.dir, 'calls')
    fs.rmSync(file, { force: true })
    this.hook(hook, { ...env, BENCH_CALLS: file })
    const lines = fs.readFileSync(file, 'utf8').trim().split('\n')
    return lines.map((line) => {
      const [tool = '', from, until] = line.split(' ')
      return { tool, from: Number(from), until: Number(until) }
    })
  }

  /** What the same calls of hook tools take when nothing else is done, one after another. */
  timeOfTools(calls: ReadonlyMap<string, number>, env: Record<string, string> = {}): number {
    let milliseconds = 0
    for (const [tool, count] of calls) {
      const options = { env: { BENCH_ANSWERS: this.#answers, ...env }, cwd: this.dir, count }
      milliseconds += this.workspace.time([path.join(this.workspace.tools, tool)], options).milliseconds
    }
    return milliseconds
  }

  /**
   * Run a hook under strace, and count the processes and programs that a handler file starts between the looks for
   * files of the names `mark.begin` and `mark.end`.
   */
  forks(hook = 'update-status'): number {
    const trace = path.join(this.dir, 'trace')
    const calls = 'clone,clone3,fork,vfork,execve,stat,newfstatat,access,faccessat,faccessat2'
    const { file, text } = this.toolkit.entry(hook)
    this.#write(file, text)
    const env = { ...this.workspace.environment(), ...this.environment(), JUJU_HOOK_NAME: hook }
    const words = ['-f', '-qq', '-s', '64', '-o', trace, '-e', `trace=${calls}`, path.join(this.dir, file)]
    const { error, status, stderr } = spawnSync('strace', words, { env, cwd: this.dir, encoding: 'utf8' })
    if (error !== undefined || status !== 0) throw new Error(`strace: ${error?.message ?? stderr}`)
    return countForks(fs.readFileSync(trace, 'utf8'))
  }

  /** The environment of the charm's hooks, and of commands in it outside of one. */
  environment(): Record<string, string> {
    const { PATH = '' } = this.workspace.environment()
    const [tools = '', ...rest] = PATH.split(':')
    return {
      ...this.toolkit.env,
      PATH: [tools, ...this.toolkit.path, ...rest].join(':'),
      CHARM_DIR: this.dir,
      JUJU_CHARM_DIR: this.dir,
      BENCH_ANSWERS: this.#answers,
    }
  }

  /** Begin without a state, or with the one that was kept. */
  reset(): void {
    for (const file of this.#stateFiles(this.dir)) fs.rmSync(path.join(this.dir, file))
    if (this.#kept !== undefined) this.takeState(this.#kept)
  }

  /** Let `reset` go back to the state of now. */
  keepState(): void {
    this.#kept = this.workspace.makeDir('state')
    copyAll(this.#stateFiles(this.dir), this.dir, this.#kept)
  }

  /** Begin with the state of another charm. */
  takeState(dir: string): void {
    copyAll(this.#stateFiles(dir), dir, this.dir)
  }

  #stateFiles(dir: string): string[] {
    return fs.readdirSync(dir).filter((name) => name.startsWith(this.toolkit.state))
  }

  #write(name: string, text: string): void {
    const file = path.join(this.dir, name)
    if (fs.existsSync(file)) return
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
  }
}

/** A bash handler file around the text, which may use `stopwatch_begin` and `stopwatch_end`. */
export function bash(text: string): string {
  return `#!/bin/bash
source charms.reactive.sh
stopwatch_begin() { begin=\${EPOCHREALTIME/[.,]/}; }
stopwatch_end() { echo "$((\${EPOCHREALTIME/[.,]/} - begin))" >>"\${BENCH_MEASURED:-/dev/null}"; }
${text}
reactive_handler_main
`
}

function copyAll(names: readonly string[], from: string, to: string): void {
  for (const name of names) fs.copyFileSync(path.join(from, name), path.join(to, name))
}

/** Of the process that set the marks only: the engine has threads of its own. */
function countForks(trace: string): number {
  const lines = trace.split('\n')
  const begin = lines.findIndex((line) => line.includes('mark.begin'))
  const pid = lines[begin]?.split(' ')[0]
  const own = lines.slice(begin).filter((line) => line.split(' ')[0] === pid)
  const end = own.findIndex((line) => line.includes('mark.end'))
  if (begin < 0 || end < 0) throw new Error('the trace shows no marks')
  return own.slice(0, end).filter((line) => / (clone|clone3|fork|vfork|execve)\(/.test(line)).length
}
