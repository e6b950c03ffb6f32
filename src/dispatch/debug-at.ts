// JUJU_DEBUG_AT, which `juju debug-code` sets: an interactive bash in a handler's environment before the
// handler runs. `all` means every handler, `hook` those of the hook itself (the phases hooks and restricted),
// anything else a handler's id or the name of its function.

import { spawn } from 'node:child_process'
import tty from 'node:tty'
import { endOf, handlerEnvironment } from '../handlers/children.ts'
import type { Handler } from '../handlers/handlers.ts'
import type { Session } from '../unit/session.ts'

/** Stops before the handlers that the operator names. */
export class Debugger {
  #session: Session
  #isWarned = false

  constructor(session: Session) {
    this.#session = session
  }

  /** Give the terminal to the operator, if the handler is one to stop at. */
  async stopBefore(handler: Handler, channelPath: string): Promise<void> {
    const { context, log, phase } = this.#session
    if (!isNamed(handler, phase, context.debugAt)) return
    if (!tty.isatty(0)) {
      if (!this.#isWarned) log.warning(`JUJU_DEBUG_AT needs a terminal: ${context.debugAt.join(',')}`)
      this.#isWarned = true
      return
    }
    process.stderr.write(
      `charms.reactive: before ${handler.id}: this bash has its environment; exit continues the hook\n`,
    )
    const env = handlerEnvironment(context, channelPath)
    const shell = spawn('bash', ['-i'], { cwd: context.charmDir, env, stdio: 'inherit' })
    shell.on('error', (error) => log.warning(`JUJU_DEBUG_AT: bash does not start: ${error.message}`))
    // Its status is that of the operator's last command, and means nothing.
    await Promise.race([endOf(shell), new Promise((resolve) => shell.once('error', resolve))])
  }
}

/** Whether a handler is one to stop at. */
export function isNamed(
  { id }: Pick<Handler, 'id'>,
  phase: Session['phase'],
  debugAt: readonly string[],
): boolean {
  const plain = id.replace(/#\d+$/, '')
  const names = new Set([id, plain, plain.slice(plain.lastIndexOf(':') + 1), 'all'])
  if (phase === 'hooks' || phase === 'restricted') names.add('hook')
  return debugAt.some((name) => names.has(name))
}
