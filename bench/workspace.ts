// Where everything is measured: a temporary directory with the fake hook tools and the stopwatch, and charms in
// it that run as Juju would run them, with Juju's environment and nothing of the caller's.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export interface Timing {
  milliseconds: number
  /** The highest peak memory of one of the processes. */
  peakMebibytes: number
}

export interface RunOptions {
  env?: Record<string, string>
  cwd?: string
  /** How often, one after another; the times add up. */
  count?: number
}

const TOOLS = [
  ...['config-get', 'is-leader', 'juju-log', 'leader-get', 'status-set', 'open-port', 'unit-get'],
  ...['relation-ids', 'relation-list', 'relation-get', 'relation-set', 'application-version-set'],
]

/** What the hook tools answer in every charm that says nothing else. */
const ANSWERS = { 'config-get': '{}', 'is-leader': 'false', 'leader-get': '{}', 'relation-ids': '[]' }

const TIMEOUT = 120_000

export class Workspace {
  readonly root: string
  readonly dir: string
  readonly tools: string
  readonly answers: string
  #names = 0

  constructor(root: string, dir: string) {
    this.root = root
    this.dir = dir
    this.tools = path.join(dir, 'tools')
    this.answers = this.makeAnswers({})
    fs.mkdirSync(this.tools)
    this.#compile('stopwatch', path.join(dir, 'stopwatch'))
    this.#compile('hook-tool', path.join(dir, 'hook-tool'))
    for (const tool of TOOLS) fs.linkSync(path.join(dir, 'hook-tool'), path.join(this.tools, tool))
  }

  /** A directory of its own for a charm, a state, or what hook tools answer. */
  makeDir(kind: string): string {
    this.#names += 1
    const dir = path.join(this.dir, `${kind}-${this.#names}`)
    fs.mkdirSync(dir)
    return dir
  }

  /** What hook tools answer, as a directory of files. */
  makeAnswers(answers: Record<string, string>): string {
    const dir = this.makeDir('answers')
    for (const [tool, answer] of Object.entries({ ...ANSWERS, ...answers })) {
      fs.writeFileSync(path.join(dir, tool), answer)
    }
    return dir
  }

  /** The environment that Juju gives to hooks, and with it to everything that is measured. */
  environment(): Record<string, string> {
    const directories = [this.tools, path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin']
    return {
      PATH: directories.join(':'),
      LANG: 'C.UTF-8',
      JUJU_UNIT_NAME: 'bench/0',
      JUJU_CONTEXT_ID: 'bench',
      BENCH_ANSWERS: this.answers,
    }
  }

  /** Run a command under the stopwatch. */
  time(words: readonly string[], { env = {}, cwd = this.dir, count = 1 }: RunOptions = {}): Timing {
    const options = {
      env: { ...this.environment(), ...env },
      cwd,
      encoding: 'utf8',
      timeout: TIMEOUT,
    } as const
    const { status, signal, stdout, stderr } = spawnSync(
      path.join(this.dir, 'stopwatch'),
      [`${count}`, ...words],
      options,
    )
    if (status !== 0) {
      const said = stderr.trim().split('\n').at(-1)
      throw new Error(`${words.join(' ')}: ${signal ?? `status ${status}`}: ${said}`)
    }
    const [nanoseconds = 0, kibibytes = 0] = stdout.split(' ').map(Number)
    return { milliseconds: nanoseconds / 1e6, peakMebibytes: kibibytes / 1024 }
  }

  #compile(name: string, to: string): void {
    const source = path.join(this.root, `bench/native/${name}.c`)
    const { status, error, stderr } = spawnSync('cc', ['-O2', '-Wall', '-o', to, source], {
      encoding: 'utf8',
    })
    if (error !== undefined) throw new Error(`the benchmarks need a C compiler: ${error.message}`)
    if (status !== 0) throw new Error(`${source} does not compile: ${stderr}`)
  }
}
