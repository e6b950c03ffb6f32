// The engine's own messages: to `juju-log` in a hook, to stderr where there is none. One call of the
// tool per message, in order; the hook waits for them only at its end.

import { findExecutable } from '../system/executables.ts'

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

export interface Log {
  debug(message: string): void
  info(message: string): void
  warning(message: string): void
  error(message: string): void
  /** Whether the messages go to Juju; else they are on stderr. */
  readonly inJuju: boolean
  /** Wait until every message has been handed over. */
  flush(): Promise<void>
}

/** A log that writes through `juju-log` as found on `env`'s PATH, or on stderr. */
export function openLog(env: Readonly<Record<string, string>>): Log {
  const tool = env.JUJU_CONTEXT_ID === undefined ? undefined : findExecutable('juju-log', env.PATH ?? '')
  if (tool === undefined) return logThrough(toStderr, false)
  return logThrough((level, message) => toJuju(tool, env, level, message))
}

/** A log that hands each message to `write`, one after the other. */
export function logThrough(write: (level: LogLevel, message: string) => Promise<void>, inJuju = true): Log {
  let last = Promise.resolve()
  const add = (level: LogLevel) => (message: string) => {
    last = last.then(() => write(level, message))
  }
  return {
    debug: add('DEBUG'),
    info: add('INFO'),
    warning: add('WARNING'),
    error: add('ERROR'),
    inJuju,
    flush: () => last,
  }
}

async function toStderr(level: LogLevel, message: string): Promise<void> {
  if (level !== 'DEBUG') process.stderr.write(`charms.reactive: ${level}: ${message}\n`)
}

async function toJuju(tool: string, env: NodeJS.ProcessEnv, level: LogLevel, message: string): Promise<void> {
  // Most commands log nothing, and this takes its time to load.
  const { spawn } = await import('node:child_process')
  return new Promise((resolve) => {
    // An argument ends at 128 KiB and cannot hold NUL.
    const text = message.slice(0, 30_000).replaceAll('\0', '\\0')
    const otherwise = () => void toStderr(level, message).then(resolve)
    try {
      const child = spawn(tool, ['-l', level, '--', text], { env, stdio: ['ignore', 'ignore', 'ignore'] })
      child.on('error', otherwise)
      child.on('exit', (status) => (status === 0 ? resolve() : otherwise()))
    } catch {
      otherwise()
    }
  })
}
