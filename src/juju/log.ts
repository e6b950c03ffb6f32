// The engine's own messages: to `juju-log` in a hook, to stderr where there is none. They are handed over in order, one
// call after another, while the hook goes on; it waits only at its end. What was said during a call goes together with
// the next one, so that a hook of many handlers does not wait for each line.

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

interface Message {
  level: LogLevel
  text: string
}

/** An argument of a process ends at 128 KiB. */
const LONGEST_MESSAGE = 30_000

/** A log that writes through `juju-log` as found on `env`'s PATH, or on stderr. */
export function openLog(env: Readonly<Record<string, string>>): Log {
  const tool = env.JUJU_CONTEXT_ID === undefined ? undefined : findExecutable('juju-log', env.PATH ?? '')
  if (tool === undefined) return logThrough(toStderr, { inJuju: false })
  return logThrough((level, message) => toJuju(tool, env, level, message), { take: takeLines })
}

interface LogOptions {
  inJuju?: boolean
  /** Take from what waits what is handed over next. */
  take?: (waiting: Message[]) => Message | undefined
}

/** A log that hands messages to `write`, one call after the other. */
export function logThrough(
  write: (level: LogLevel, message: string) => Promise<void>,
  { inJuju = true, take = (waiting) => waiting.shift() }: LogOptions = {},
): Log {
  const waiting: Message[] = []
  let last = Promise.resolve()
  const writeNext = async () => {
    const message = take(waiting)
    if (message !== undefined) await write(message.level, message.text)
  }
  const add = (level: LogLevel) => (text: string) => {
    waiting.push({ level, text })
    last = last.then(writeNext)
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

/** What was said at one level, as lines of one message. */
function takeLines(waiting: Message[]): Message | undefined {
  const message = waiting.shift()
  if (message === undefined) return undefined
  const { level } = message
  let { text } = message
  for (let [next] = waiting; next?.level === level; [next] = waiting) {
    if (text.length + next.text.length >= LONGEST_MESSAGE) break
    text += `\n${next.text}`
    waiting.shift()
  }
  return { level, text }
}

async function toStderr(level: LogLevel, message: string): Promise<void> {
  if (level !== 'DEBUG') process.stderr.write(`charms.reactive: ${level}: ${message}\n`)
}

async function toJuju(tool: string, env: NodeJS.ProcessEnv, level: LogLevel, message: string): Promise<void> {
  // Most commands log nothing, and this takes its time to load.
  const { spawn } = await import('node:child_process')
  return new Promise((resolve) => {
    // An argument cannot hold NUL.
    const text = message.slice(0, LONGEST_MESSAGE).replaceAll('\0', '\\0')
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
