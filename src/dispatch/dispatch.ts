// One dispatch: register handler files, set automatic flags, run what matches until nothing does, commit.
// Everything that changes on the way is persisted together at the end, or not at all.

import { keepYaml } from '../charm/charm-files/yaml-memory.ts'
import { endpointsOf } from '../endpoints/endpoints.ts'
import { publishAll } from '../endpoints/published-data.ts'
import { messageOf, ReactiveError, ScriptError } from '../errors.ts'
import { discover, type NearMiss } from '../handlers/discover.ts'
import { HandlerHost } from '../handlers/handler-files.ts'
import type { Handler } from '../handlers/handlers.ts'
import type { Context } from '../juju/context.ts'
import type { Log } from '../juju/log.ts'
import type { Reply } from '../system/channel.ts'
import { KEY } from '../unit/keys.ts'
import { openUnitState } from '../unit/open-unit-state.ts'
import { openSession, type Session } from '../unit/session.ts'
import { dropKeptTriggers, keepLastTriggers } from '../unit/triggers.ts'
import type { UnitState } from '../unit/unit-state.ts'
import { endAutomaticFlags, startAutomaticFlags } from './automatic-flags.ts'
import { findOwnScript, runOwnScript } from './charm-script.ts'
import { Debugger } from './debug-at.ts'
import { prepareUnit } from './prepare-unit.ts'
import { ReactiveLoop } from './reactive-loop.ts'
import { KEPT_TRACES, Tracer } from './trace.ts'

/** Answers a command of a session, as the command line would. */
export type AnswerCommand = (session: Session, line: readonly string[]) => Reply | Promise<Reply>

/** Run a whole dispatch. Rejects when the hook fails; then the state is that of before. */
export async function dispatch(context: Context, log: Log, answer: AnswerCommand): Promise<void> {
  const state = await openUnitState(context, log, 'dispatch')
  const event = context.actionName ? `action:${context.actionName}` : context.hookName
  const tracer = new Tracer(event, context.unitName)
  try {
    const run = new Dispatch(context, state, log, tracer, answer)
    await run.all()
    keepYaml(state, KEY.yaml)
    await state.commit({ row: { ...tracer.end(0) }, keep: KEPT_TRACES })
  } catch (error) {
    await recordFailure(state, tracer, error)
    throw error
  } finally {
    await state.close()
  }
}

/** The record of a failed dispatch is kept, and nothing else of it. */
async function recordFailure(state: UnitState, tracer: Tracer, error: unknown): Promise<void> {
  state.discard()
  const status = error instanceof ReactiveError ? error.exitStatus : 70
  // Where even this cannot be written, the failure itself is what matters.
  await state
    .commit({ row: { ...tracer.end(status, messageOf(error)) }, keep: KEPT_TRACES })
    .catch(() => undefined)
}

class Dispatch {
  readonly #session: Session
  readonly #answerCommand: AnswerCommand
  readonly #loop: ReactiveLoop
  readonly #host: HandlerHost
  /** The reactive part, once it has begun; the charm's own script may be what asks for it. */
  #reaction: Promise<void> | undefined
  /** Where the charm's own script is. */
  #script: 'running' | 'done' | undefined

  constructor(context: Context, state: UnitState, log: Log, tracer: Tracer, answer: AnswerCommand) {
    this.#answerCommand = answer
    this.#session = openSession(context, state, log, true)
    this.#session.onFlagChange = (flag, set) => tracer.flagChanged(flag, set)
    this.#host = new HandlerHost(this.#session, (args) => this.#answer(args))
    this.#loop = new ReactiveLoop(this.#session, tracer, new Debugger(this.#session), this.#host)
  }

  /** The charm's own script for the event if it has one, then the reactive part, unless the script began it. */
  async all(): Promise<void> {
    const script = findOwnScript(this.#session)
    try {
      await prepareUnit(this.#session, () => this.#host.openChannel())
      if (script !== undefined) await this.#runOwnScript(script)
      await (this.#reaction ?? this.#react())
      await publishAll(this.#session)
      keepLastTriggers(this.#session)
    } finally {
      await this.#host.close()
    }
  }

  /** What the script asks for over the channel belongs to this dispatch; `charms.reactive main` is its rest. */
  async #runOwnScript(script: string): Promise<void> {
    const { context, log } = this.#session
    log.info(`Running the charm's own script: ${script}`)
    this.#session.phase = 'hooks'
    this.#host.openChannel()
    this.#script = 'running'
    try {
      await runOwnScript(context, script, this.#host.channelPath)
    } catch (error) {
      // Where the reactive part failed, it says why.
      if (error instanceof ScriptError) await this.#reaction
      throw error
    } finally {
      this.#script = 'done'
    }
  }

  /** `charms.reactive main` in the charm's own script. */
  async #begin(): Promise<Reply> {
    this.#reaction = this.#react()
    try {
      await this.#reaction
      return { status: 0 }
    } catch (error) {
      // The line about it comes from the dispatch itself.
      return { status: error instanceof ReactiveError ? error.exitStatus : 70 }
    }
  }

  /** Register and run handlers; behind an action's plain script only if there is something to react to. */
  async #react(): Promise<void> {
    const { context } = this.#session
    // Metadata that cannot be read ends the hook before any file of the charm runs.
    endpointsOf(this.#session)
    const { files, nearMisses } = discover(context)
    this.#reportNearMisses(nearMisses)
    try {
      for await (const source of this.#host.register(files)) this.#loop.add(source)
      if (this.#isActionDone() && !this.#hasReason()) return
      dropKeptTriggers(this.#session)
      if (context.restricted) await this.#loop.runPhase('restricted')
      else await this.#runHook()
    } finally {
      await this.#loop.endIteration()
    }
  }

  /** Whether this is an action that the charm's own script has done without asking for handlers. */
  #isActionDone(): boolean {
    const { actionName } = this.#session.context
    return actionName !== '' && this.#script === 'done' && this.#reaction === undefined
  }

  /** Whether an action whose script has run changed flags, or has handlers of its own as well. */
  #hasReason(): boolean {
    const { changeCount, context } = this.#session
    return changeCount > 0 || this.#loop.handlers.some(({ actions }) => actions.includes(context.actionName))
  }

  async #runHook(): Promise<void> {
    await startAutomaticFlags(this.#session)
    await this.#loop.runCallbacks('start')
    await this.#loop.runPhase('hooks', (matching) => this.#checkAction(matching))
    await this.#loop.settle()
    await this.#loop.runCallbacks('exit')
    await endAutomaticFlags(this.#session)
  }

  #answer(args: string[]): Reply | Promise<Reply> {
    if (args[0] === 'main' && this.#script === 'running' && this.#reaction === undefined) return this.#begin()
    return this.#answerCommand(this.#session, args)
  }

  /** An action that nobody does fails, unless the charm's own script has done it. */
  #checkAction(matching: readonly Handler[]): void {
    const { actionName } = this.#session.context
    if (actionName === '' || this.#isActionDone()) return
    if (matching.some(({ actions, flags }) => actions.includes(actionName) || flags === 'any')) return
    throw new ReactiveError(`no handler matches the action, and it has no script: ${actionName}`)
  }

  /** Files that look like handlers and are none: a warning when there are new ones, not at every hook. */
  #reportNearMisses(nearMisses: readonly NearMiss[]): void {
    const { state, log } = this.#session
    const messages = nearMisses.map(({ path, reason }) => `not a handler file: ${path}: ${reason}`)
    const known = JSON.stringify(state.get(KEY.nearMisses) ?? [])
    const isNew = known !== JSON.stringify(messages)
    for (const message of messages) isNew ? log.warning(message) : log.debug(message)
    if (isNew) state.set(KEY.nearMisses, messages)
  }
}
