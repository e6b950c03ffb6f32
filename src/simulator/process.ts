// One child process of the simulation, in a process group of its own: its output line by line, its end, its
// time limit; and the search for processes that a charm has left behind.

import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

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
  onLine?: (stream: 'stdout' | 'stderr', line: string) => void
  /** Called with what ends the process and its group at once. */
  onStart?: (kill: () => void) => void
}

/** Juju waits that long for output that is still under way when a hook has ended. */
const LAST_OUTPUT_MS = 100

/** Run a command to its end. It never rejects: a command that cannot be started has its message on stderr. */
export async function runProcess(args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  const [file = '', ...rest] = args
  const { cwd, env, timeoutMs, onLine = () => {}, onStart = () => {} } = options
  const begin = performance.now()
  // stdin is /dev/null, as in Juju; the group is what a timeout kills.
  const child = spawn(file, rest, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const stdout = collect(child.stdout, (line) => onLine('stdout', line))
  const stderr = collect(child.stderr, (line) => onLine('stderr', line))
  onStart(() => killGroup(child))
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killGroup(child)
  }, timeoutMs)
  const end = await endOf(child)
  clearTimeout(timer)
  const wait = new AbortController()
  const closed = Promise.all([stdout.closed, stderr.closed])
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

/** Gather a stream as text and as lines. */
function collect(stream: Readable, onLine: (line: string) => void) {
  let text = ''
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text += chunk
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  })
  // A child that could not be started has no stream to read from.
  stream.on('error', () => {})
  const closed = new Promise((resolve) => stream.on('close', resolve))
  const end = () => {
    stream.destroy()
    if (rest !== '') onLine(rest)
    rest = ''
    return text
  }
  return { closed, end }
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
