// A charm in a temporary directory, a session on its unit state, and the command line as a process.

import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Context, readContext } from '../src/juju/context.ts'
import { type LogLevel, logThrough } from '../src/juju/log.ts'
import { openSession, type Session } from '../src/unit/session.ts'
import { type OpenOptions, UnitState } from '../src/unit/unit-state.ts'
import { atEnd } from './at-end.ts'

export const SHELL = path.resolve(import.meta.dirname, '..', 'shell')

const METADATA = 'name: app\nprovides:\n  website: http\nrequires:\n  db: {interface: mysql}\n'

export { atEnd }

/** A directory until the end of the test. */
export function makeDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
  atEnd(() => fs.rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A charm; files that begin with `#!` are executable. */
export function makeCharm(files: Record<string, string> = {}): string {
  const dir = makeDir()
  writeFiles(dir, { 'metadata.yaml': METADATA, ...files })
  return dir
}

/** Write files below a directory; those that begin with `#!` are executable. */
export function writeFiles(dir: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    fs.writeFileSync(path.join(dir, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
  }
}

/** The environment of a process that knows nothing but the charm. */
export function bareEnv(charmDir: string, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: '/nonexistent', CHARM_DIR: charmDir, ...more }
}

export function contextOf(charmDir: string, env: Record<string, string> = {}): Context {
  return readContext(bareEnv(charmDir, { CHARMS_REACTIVE_SHELL: SHELL, ...env }), charmDir)
}

export interface TestSession extends Session {
  /** What was logged, `LEVEL message`. */
  readonly logged: string[]
}

interface SessionOptions {
  files?: Record<string, string>
  charmDir?: string
  env?: Record<string, string>
  inDispatch?: boolean
}

/** A session on a new unit state. */
export async function startSession(options: SessionOptions = {}): Promise<TestSession> {
  const context = contextOf(options.charmDir ?? makeCharm(options.files), options.env)
  const state = await openState({ path: context.statePath, unit: context.unitName })
  const logged: string[] = []
  const log = logThrough(async (level: LogLevel, message: string) => {
    logged.push(`${level} ${message}`)
  })
  return Object.assign(openSession(context, state, log, options.inDispatch ?? true), { logged })
}

/** A unit state that is closed at the end of the test. */
export async function openState(options: Partial<OpenOptions> & { path: string }): Promise<UnitState> {
  const state = await UnitState.open({ unit: '', busyTimeout: 5000, ...options })
  atEnd(() => state.close())
  return state
}

export interface Result {
  status: number
  stdout: string
  stderr: string
}

/** Run a program to its end. */
export function run(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<Result> {
  return new Promise((resolve) => {
    const { input = '', ...rest } = options
    const limits = { timeout: 25_000, maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(file, [...args], { ...rest, ...limits }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 255
      resolve({ status, stdout, stderr })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** The command line outside of a hook. */
export function runCli(
  charmDir: string,
  words: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<Result> {
  return run(path.join(SHELL, 'charms.reactive'), words, {
    cwd: charmDir,
    env: bareEnv(charmDir, env),
    input,
  })
}

/** The words as one command of a shell. */
export function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
}
