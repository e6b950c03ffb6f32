// What handlers in JavaScript start belongs to the dispatch as well: this process takes on the environment
// of handlers. A child that they wait for synchronously stops the engine, which then could not answer it:
// such a child gets no channel, but the reason.

import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

const BLOCKED = 'none, since a handler in JavaScript waits synchronously'
const NAMES = ['execFileSync', 'execSync', 'spawnSync'] as const

/** Give the environment to this process, and so to the children of JavaScript handlers. */
export function joinChildren(environment: Readonly<Record<string, string>>): void {
  Object.assign(process.env, environment)
  for (const name of NAMES) {
    const run = childProcess[name] as (...args: unknown[]) => unknown
    const blocked = (...args: unknown[]) => {
      const channel = process.env.CHARMS_REACTIVE_CHANNEL
      process.env.CHARMS_REACTIVE_CHANNEL = BLOCKED
      try {
        return run(...args.map(withoutChannel))
      } finally {
        process.env.CHARMS_REACTIVE_CHANNEL = channel
      }
    }
    Object.defineProperty(childProcess, name, { value: blocked, configurable: true, writable: true })
  }
  syncBuiltinESMExports()
}

/** Options may bring a copy of the environment. */
function withoutChannel(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null || !('env' in argument)) return argument
  const env = Object(argument.env)
  return 'CHARMS_REACTIVE_CHANNEL' in env
    ? { ...argument, env: { ...env, CHARMS_REACTIVE_CHANNEL: BLOCKED } }
    : argument
}
