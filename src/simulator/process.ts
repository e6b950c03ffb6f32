// One child process of the simulation, in a process group of its own: its output line by line, its end, its
// time limit; and the search for processes that a charm has left behind.

import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import fs from 'node:fs'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pipes } from '../system/pipes.ts'

export interface ProcessResult {
  /** As the shell says it: 128 + n after signal n, 126 or 127 when it could not be started. */
  exitStatus: number
  signal: NodeJS.Signals | null
  timedOut: boolean
  stdout: string
  stderr: string
  durationMs: number
}

export interface ProcessOptions {
  cwd: string
  env: Record<string, string>
  timeoutMs: number
  /** For what it prints, as Juju has them. */
  pipes: Pipes
  onLine?: (stream: 'stdout' | 'stderr', line: string) => void
  /** Called with what ends the process and its group at once. */
  onStart?: (kill: () => void) => void
}

/** Juju waits that long for output that is still under way when a hook has ended. */
const LAST_OUTPUT_MS = 100

/** Run a command to its end. It never rejects: a command that cannot be started has its message on stderr. */
export async function runProcess(args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  const [file = '', ...rest] = args
  const { cwd, env, timeoutMs, pipes, onLine = () => {}, onStart = () => {} } = options
  const begin = performance.now()
  const stdout = gather(pipes, (line) => onLine('stdout', line))
  const stderr = gather(pipes, (line) => onLine('stderr', line))
  // stdin is /dev/null, as in Juju; the group is what a timeout kills.
  const stdio: StdioOptions = ['ignore', stdout.pipe.input, stderr.pipe.input]
  const child = spawn(file, rest, { cwd, env, detached: true, stdio })
  for (const { pipe } of [stdout, stderr]) pipe.seal()
  onStart(() => killGroup(child))
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killGroup(child)
  }, timeoutMs)
  const end = await endOf(child)
  clearTimeout(timer)
  const wait = new AbortController()
  const closed = Promise.all([stdout.pipe.ended, stderr.pipe.ended])
  await Promise.race([closed, sleep(LAST_OUTPUT_MS, undefined, { signal: wait.signal }).catch(() => {})])
  wait.abort()
  return {
    ...end,
    timedOut,
    stdout: stdout.end(),
    stderr: stderr.end() + end.problem,
    durationMs: performance.now() - begin,
  }
}

interface ProcessEnd {
  exitStatus: number
  signal: NodeJS.Signals | null
  problem: string
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return
      const exitStatus = error.code === 'ENOENT' ? 127 : 126
      resolve({ exitStatus, signal: null, problem: `${error.message}\n` })
    })
    child.on('exit', (status, signal) => {
      const exitStatus = signal === null ? (status ?? 0) : 128 + constants.signals[signal]
      resolve({ exitStatus, signal, problem: '' })
    })
  })
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, 'SIGKILL')
}

/** Gather what comes through a pipe, as text and as lines. */
function gather(pipes: Pipes, onLine: (line: string) => void) {
  const decoder = new StringDecoder()
  let text = ''
  let rest = ''
  const receive = (chunk: string): void => {
    text += chunk
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  }
  const pipe = pipes.open((chunk) => receive(decoder.write(chunk)))
  const end = () => {
    pipe.leave()
    receive(decoder.end())
    if (rest !== '') onLine(rest)
    return text
  }
  return { pipe, end }
}

/** Kill every process whose environment holds one of the entries, also those that left their process group. */
export async function killLeftovers(...entries: readonly string[]): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const found = fs
      .readdirSync('/proc')
      .filter((pid) => /^[0-9]+$/.test(pid) && hasInEnvironment(pid, entries))
    if (found.length === 0) return
    for (const pid of found) kill(Number(pid))
    await sleep(5)
  }
}

function hasInEnvironment(pid: string, entries: readonly string[]): boolean {
  try {
    const environment = `\0${fs.readFileSync(`/proc/${pid}/environ`, 'latin1')}`
    return entries.some((entry) => environment.includes(`\0${entry}\0`))
  } catch {
    return false // it has ended, or belongs to somebody else
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended
  }
}
