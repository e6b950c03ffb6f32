// The Python process that the launcher (shell/begin-hook.sh) has started beside Node where a charm has handler files
// in Python: by the time that the engine wants it, it has loaded the toolkit's package. CHARMS_REACTIVE_PYTHON has
// its PID and the descriptors of four pipes (to Python and back, for each connection), then on a line each the PATH
// and the PYTHONPATH that it was started with: where the engine would start another one by now, it is let go.

import fs from 'node:fs'
import os from 'node:os'
import type { Context } from '../../juju/context.ts'
import { type Readers, Writer } from '../../system/pipe-ends.ts'
import { reopen } from '../../system/pipes.ts'
import { statOfProcess } from '../../system/processes.ts'
import type { Ending } from '../children.ts'
import type { Line } from './connection.ts'

export interface EarlyProcess {
  main: Line
  side: Line
  ended: Promise<Ending>
}

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants

/** Contexts whose process was taken over, or let go. */
const done = new WeakSet<Context>()

/** Take the process over if it is one with this environment. */
export function takeEarlyProcess(
  context: Context,
  env: Readonly<Record<string, string>>,
  readers: Readers,
): EarlyProcess | undefined {
  const { numbers, path, pythonPath } = read(context)
  const [pid = 0, ...pipes] = numbers
  if (pid === 0 || done.has(context)) return undefined
  if (path !== env.PATH || pythonPath !== env.PYTHONPATH) {
    dropEarlyProcess(context)
    return undefined
  }
  done.add(context)
  const [to, from, toSide, fromSide] = pipes.map((pipe, index) =>
    openEnd(pipe, O_NONBLOCK | (index % 2 === 0 ? O_WRONLY : O_RDONLY)),
  )
  return { main: line(readers, from, to), side: line(readers, fromSide, toSide), ended: endOf(pid) }
}

/** Let the process go: what it has loaded may be out of date. It ends by itself. */
export function dropEarlyProcess(context: Context): void {
  const { numbers } = read(context)
  if (numbers.length === 0 || done.has(context)) return
  done.add(context)
  for (const pipe of numbers.slice(1)) fs.closeSync(pipe)
}

function read({ python }: Context): { numbers: number[]; path?: string; pythonPath?: string } {
  const [numbers = '', path, pythonPath] = python.split('\n')
  return {
    numbers: numbers.split(' ').filter(Boolean).map(Number),
    ...(path !== undefined && { path }),
    ...(pythonPath !== undefined && { pythonPath }),
  }
}

/** One end of a pipe; unlike the launcher's descriptor no child gets it. */
function openEnd(pipe: number, flags: number): number {
  const end = reopen(pipe, flags)
  fs.closeSync(pipe)
  return end
}

function line(readers: Readers, from = 0, to = 0): Line {
  const writer = new Writer(to)
  return {
    receive: (take) => void readers.open(from, take),
    send: (text) => writer.write(text),
  }
}

/** Node waits for processes that it has started itself. This one stays in the kernel's list until the hook ends. */
function endOf(pid: number): Promise<Ending> {
  return new Promise((resolve) => {
    const look = () => {
      const stat = statOfProcess(pid)
      if (stat !== undefined && stat.state !== 'Z') return
      process.off('SIGCHLD', look)
      clearInterval(alive)
      resolve(endingOf(stat?.ending ?? 0))
    }
    // A signal that is waited for keeps nobody here, and the pipes end before the process.
    const alive = setInterval(look, 500)
    process.on('SIGCHLD', look)
    look()
  })
}

function endingOf(ending: number): Ending {
  const number = ending & 0x7f
  if (number === 0) return { status: ending >> 8, signal: null }
  const [signal] = Object.entries(os.constants.signals).find(([, value]) => value === number) ?? []
  return { status: 128 + number, signal: (signal ?? null) as NodeJS.Signals | null }
}
