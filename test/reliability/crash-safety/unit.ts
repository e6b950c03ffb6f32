// A unit with the charm of charm.ts, and what a test of crashes wants to know about it afterwards. The state is in a
// directory of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { CHARM, TOOLS } from './charm.ts'

const SHELL = path.resolve(import.meta.dirname, '../../../shell')
/** Where the state is: what the disk does is part of each test, how fast it does it is not. */
export const MEMORY = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir()
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const READER = path.join(import.meta.dirname, 'read-states.py')

/** What the hook and the test share. */
export interface CrashUnit {
  dir: string
  charmDir: string
  stateDir: string
  /** Where programs put temporary files. */
  temporary: string
}

/** How a process ended, and what it said. */
export interface Ended {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** The rows of the state, as they are written. */
export type Rows = Record<string, string>

const dirs: string[] = []
// What several files of tests share lasts as long as their worker.
process.once('exit', () => {
  for (const dir of dirs) fs.rmSync(dir, { recursive: true, force: true })
})

/** A directory that lasts until the worker ends. */
export function makeDir(parent = os.tmpdir()): string {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(parent, 'charms.reactive-test-')))
  dirs.push(dir)
  return dir
}

/** A unit like another one, files and state; a new one without. */
export function makeUnit(like?: CrashUnit): CrashUnit {
  const dir = makeDir()
  const unit = {
    dir,
    charmDir: path.join(dir, 'charm'),
    temporary: path.join(dir, 'tmp'),
    stateDir: makeDir(MEMORY),
  }
  if (like !== undefined) {
    fs.cpSync(like.dir, dir, { recursive: true })
    fs.cpSync(like.stateDir, unit.stateDir, { recursive: true })
    return unit
  }
  fs.mkdirSync(unit.temporary)
  for (const [name, text] of Object.entries(CHARM)) write(path.join(unit.charmDir, name), text)
  for (const [name, text] of Object.entries(TOOLS))
    write(path.join(dir, 'tools', name), `#!/bin/sh\necho '${text}'\n`)
  write(path.join(dir, 'tools/juju-log'), '#!/bin/sh\n[ "$2" != ERROR ] || echo "$4" >"${0%/*/*}.error"\n')
  return unit
}

/** What a failed process said: a hook in the log, a command on stderr. */
export function saidBy({ dir }: CrashUnit, { stderr }: Ended): string {
  const file = `${dir}.error`
  return stderr === '' && fs.existsSync(file)
    ? `charms.reactive: main: ${fs.readFileSync(file, 'utf8')}`
    : stderr
}

/** Remove a unit that told nothing new. */
export function removeUnit({ dir, stateDir }: CrashUnit): void {
  for (const each of [dir, `${dir}.error`, stateDir]) fs.rmSync(each, { recursive: true, force: true })
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
}

/** Start `charms.reactive WORDS` for the unit, behind the words of `through`, as the first of a process group. */
export function launch(
  unit: CrashUnit,
  words: readonly string[],
  { env = {}, through = [] }: { env?: Record<string, string>; through?: readonly string[] } = {},
): ChildProcess {
  const [file = '', ...args] = [...through, path.join(SHELL, 'charms.reactive'), ...words]
  return spawn(file, args, {
    cwd: unit.charmDir,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      // The system's own programs, as a hook has them; only node is where the test has it.
      PATH: [path.join(unit.dir, 'tools'), path.dirname(process.execPath), SYSTEM_PATH].join(':'),
      CHARM_DIR: unit.charmDir,
      CHARMS_REACTIVE_STATE: path.join(unit.stateDir, 'state.db'),
      JUJU_CONTEXT_ID: 'app-0-test',
      JUJU_UNIT_NAME: 'app/0',
      TMPDIR: unit.temporary,
      ...env,
    },
  })
}

/** The end of a process; what its children still hold open is not waited for. */
export function endOf(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      said[name] += chunk
    })
  }
  return new Promise((resolve) => {
    child.on('exit', async (status, signal) => {
      await Promise.race([new Promise((closed) => child.on('close', closed)), setTimeout(500)])
      resolve({ status, signal, ...said })
    })
  })
}

/** Run `charms.reactive WORDS` for the unit to its end. */
export function run(
  unit: CrashUnit,
  words: readonly string[],
  options: { env?: Record<string, string>; through?: readonly string[] } = {},
): Promise<Ended> {
  return endOf(launch(unit, words, options))
}

/** The state as an independent program reads it, from a copy: what it repairs is repaired nowhere else. */
export async function readState(unit: CrashUnit): Promise<Rows> {
  const copy = makeDir(MEMORY)
  fs.cpSync(unit.stateDir, copy, { recursive: true })
  const { check, rows } = await readCopy(copy)
  fs.rmSync(copy, { recursive: true })
  if (check !== 'ok') throw new Error(`the unit state is damaged: ${check}`)
  return rows
}

/** The state in a directory that is ours to repair, and what SQLite's integrity check says about it. */
export function readCopy(dir: string): Promise<{ check: string; rows: Rows }> {
  reader ??= startReader()
  return reader(dir)
}

let reader: ReturnType<typeof startReader> | undefined

/** One process for all states: it answers each line with a line. */
function startReader(): (dir: string) => Promise<{ check: string; rows: Rows }> {
  const child = spawn('/usr/bin/python3', [READER], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: ((line: string) => void)[] = []
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.(line))
  return async (dir) => {
    const answer = new Promise<string>((resolve) => waiting.push(resolve))
    child.stdin.write(`${dir}\n`)
    return JSON.parse(await answer)
  }
}

/** Wait until no process of the unit is left; gives how long that took, in milliseconds. */
export async function processesEnd(unit: CrashUnit, within = 3000): Promise<number> {
  const start = performance.now()
  for (;;) {
    const left = processesOf(unit)
    const waited = performance.now() - start
    if (left.length === 0) return waited
    if (waited > within) throw new Error(`still running after ${within} ms: ${left.join('; ')}`)
    await setTimeout(10)
  }
}

/** The processes that work in the unit's charm dir or have its state in their environment. */
function processesOf({ stateDir }: CrashUnit): string[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      if (!fs.readFileSync(`/proc/${pid}/environ`, 'latin1').includes(stateDir)) return []
      return [fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')]
    } catch {
      return []
    }
  })
}

/** All files of the unit: those of the state, and what else there is. */
export function filesOf({ dir, stateDir }: CrashUnit): { state: string[]; others: string[] } {
  const [state = [], others = []] = [stateDir, dir].map((each) =>
    fs.readdirSync(each, { recursive: true, encoding: 'utf8' }).sort(),
  )
  return { state, others }
}
