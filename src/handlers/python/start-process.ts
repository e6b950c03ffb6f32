// The start of the Python process: taken over from the launcher, or started now.

import { spawn } from 'node:child_process'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { messageOf } from '../../errors.ts'
import type { Context } from '../../juju/context.ts'
import type { Readers } from '../../system/pipe-ends.ts'
import { type Ending, endOf } from '../children.ts'
import type { HandlerOutput } from '../handler-output.ts'
import { type Line, lineOf } from './connection.ts'
import { takeEarlyProcess } from './early-process.ts'

export interface StartedPython {
  /** Files that it shall print to from now on, in place of its stdout and stderr; null for those that are right. */
  redirected: (string | null)[]
  main: Line
  side: Line
  ended: Promise<{ reason: string; status: number }>
}

/** Take the process over or start it, with this environment and what handlers print to. */
export function startPython(
  context: Context,
  env: Record<string, string>,
  { targets }: HandlerOutput,
  readers: Readers,
): StartedPython {
  const early = takeEarlyProcess(context, env, readers)
  if (early !== undefined) {
    const redirected = targets.map((target) =>
      target === 'inherit' ? null : `/proc/${process.pid}/fd/${target}`,
    )
    return { ...early, redirected, ended: early.ended.then(toldEnding) }
  }
  const program = path.join(context.shellDir, '../python/charms_reactive_host.py')
  const child = spawn('python3', [program], {
    cwd: context.charmDir,
    env,
    stdio: ['ignore', ...targets, 'pipe', 'pipe'],
  })
  const [main, side] = child.stdio.slice(3).map((stream) => lineOf(stream as Duplex))
  const refused = new Promise<{ reason: string; status: number }>((resolve) =>
    child.once('error', (error) =>
      resolve({ reason: `python3 does not start: ${messageOf(error)}`, status: 127 }),
    ),
  )
  return {
    redirected: [null, null],
    main: main as Line,
    side: side as Line,
    ended: Promise.race([refused, endOf(child).then(toldEnding)]),
  }
}

function toldEnding({ status, signal }: Ending): { reason: string; status: number } {
  return { reason: signal === null ? `it ended with status ${status}` : `it was killed by ${signal}`, status }
}
