// The charm's own script for an event. Once a charm has a `dispatch`, Juju never looks at hooks/* and
// actions/*: the dispatch runs hooks/NAME or actions/NAME itself, unless it is a stub of ours.

import fs from 'node:fs'
import path from 'node:path'
import { ReactiveError, ScriptError } from '../errors.ts'
import { endOf, handlerEnvironment, startExecutable } from '../handlers/children.ts'
import type { Context } from '../juju/context.ts'
import type { Reply } from '../system/channel.ts'
import { isExecutableFile } from '../system/executables.ts'
import { isRegularFile } from '../system/regular-files.ts'
import type { Session } from '../unit/session.ts'
import { isHookTemplate } from './hook-template.ts'

/** A file of a charm is a stub of ours if this line is in it, and only then. */
export const STUB_MARKER = '# Written by charms.reactive hooks install, which replaces this file.'

/** Whether `hooks install` wrote the file, or a file that the name links to. */
export function isStub(file: string): boolean {
  try {
    return fs.readFileSync(file, 'latin1').split('\n', 5).includes(STUB_MARKER)
  } catch {
    return false
  }
}

/** Whether a hook is the stub of the Python original, or leads to one. */
export function isOriginalStub(charmDir: string, name: string): boolean {
  try {
    return name.startsWith('hooks/') && isHookTemplate(fs.readFileSync(path.join(charmDir, name), 'utf8'))
  } catch {
    return false
  }
}

/** The script for this event, relative to the charm dir. None where Juju runs hooks/NAME by itself. */
function findOwnScript({ context, log }: Session): string | undefined {
  const { charmDir, eventPath } = context
  if (eventPath === '' || !isExecutableFile(path.join(charmDir, 'dispatch'))) return undefined
  const file = path.join(charmDir, eventPath)
  if (!isRegularFile(file) || isStub(file) || isOriginalStub(charmDir, eventPath)) return undefined
  if (isExecutableFile(file)) return eventPath
  log.warning(`the charm's own script does not run, because it is not executable: ${eventPath}`)
  return undefined
}

/** Whether Juju runs the action's script without a `dispatch`, and the script has begun this one. */
function isRunByJuju({ context: { charmDir, actionName, calledAs } }: Session): boolean {
  if (actionName === '' || calledAs !== '' || isExecutableFile(path.join(charmDir, 'dispatch'))) return false
  const file = path.join(charmDir, 'actions', actionName)
  return isExecutableFile(file) && !isStub(file)
}

/** The script in a dispatch. What it asks for over the channel belongs to the dispatch, whose rest is `react`. */
export class CharmScript {
  readonly #session: Session
  #react: (() => Promise<void>) | undefined
  /** The reactive part, where the script has begun it by `charms.reactive main`. */
  #begun: Promise<void> | undefined
  /** Whether this is an action that the script has done without asking for handlers. */
  hasDoneAction = false
  /** Whether there is a script that does something itself: one that asks for `main NAME` is only an entry. */
  isThere = false

  constructor(session: Session) {
    this.#session = session
  }

  /** Run the script if the event has one, and then `react`, unless the script has asked for it before. */
  async run(host: { openChannel(): string }, react: () => Promise<void>): Promise<void> {
    const script = findOwnScript(this.#session)
    this.isThere = script !== undefined || isRunByJuju(this.#session)
    if (script === undefined) return react()
    const { context, log } = this.#session
    log.info(`Running the charm's own script: ${script}`)
    this.#session.phase = 'hooks'
    this.#react = react
    try {
      await runOwnScript(context, script, host.openChannel())
    } catch (error) {
      // Where the reactive part failed, it says why.
      if (error instanceof ScriptError) await this.#begun
      throw error
    } finally {
      this.#react = undefined
    }
    this.hasDoneAction = context.actionName !== '' && this.#begun === undefined
    await (this.#begun ?? react())
  }

  /** The answer to `charms.reactive main` while the script runs, once; undefined for all other words. */
  answer([name, calledAs]: readonly string[]): Promise<Reply> | undefined {
    const react = this.#react
    if (name !== 'main' || react === undefined) return undefined
    this.#react = undefined
    this.isThere = calledAs === undefined
    this.#begun = react()
    return this.#begun.then(
      () => ({ status: 0 }),
      // The line about it comes from the dispatch itself.
      (error: unknown) => ({ status: error instanceof ReactiveError ? error.exitStatus : 70 }),
    )
  }
}

/** Run the script to its end. Its output is that of the hook or action; its failure is a ScriptError. */
async function runOwnScript(context: Context, script: string, channelPath: string): Promise<void> {
  const child = await startExecutable(context, script, [], {
    // A script that has lost the channel and starts another dispatch must not be run by that one.
    env: { ...handlerEnvironment(context, channelPath), CHARMS_REACTIVE_SCRIPT: script },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const { status } = await endOf(child)
  if (status !== 0) throw new ScriptError(script, status)
}
