// One dispatch: register handler files, set automatic flags, run what matches until nothing does, commit.
// Everything that changes on the way is persisted together at the end, or not at all.

import { endAutomaticFlags, startAutomaticFlags } from './automatic-flags.ts'
import { registerBashFile } from './bash-files.ts'
import { BashProcesses } from './bash-processes.ts'
import { type Channel, openChannel, type Reply } from './channel.ts'
import { answerCommand } from './cli.ts'
import type { Context } from './context.ts'
import { Debugger } from './debug-at.ts'
import { discover, type HandlerFile, type NearMiss } from './discover.ts'
import { readEndpoints } from './endpoints.ts'
import { messageOf, oneLine, ReactiveError, ScriptError } from './errors.ts'
import { externalFile } from './external-files.ts'
import { getFlags } from './flags.ts'
import type { Handler, HandlerSource, WatchedFiles } from './handlers.ts'
import { JavaScriptFiles } from './javascript-files.ts'
import { layerSetting } from './layer-settings.ts'
import type { Log } from './log.ts'
import { findOwnScript, runOwnScript } from './own-script.ts'
import { prepareUnit } from './prepare-unit.ts'
import { openSession, type Phase, type Session } from './session.ts'
import type { UnitState } from './store.ts'
import { KEPT_TRACES, Tracer } from './trace.ts'
import { dropKeptTriggers } from './triggers.ts'
import { openUnitState } from './unit-state.ts'

const MAX_ITERATIONS = 100
/** The same flags and the same matching handlers, seen this often, are a loop. */
const LOOP_SIGHTINGS = 10

/** Run a whole dispatch. Rejects when the hook fails; then the state is that of before. */
export async function dispatch(context: Context, log: Log): Promise<void> {
  const state = await openUnitState(context, log, 'dispatch')
  const event = context.actionName ? `action:${context.actionName}` : context.hookName
  const tracer = new Tracer(event, context.unitName)
  try {
    const run = new Dispatch(context, state, log, tracer)
    await run.all()
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

/** What is known of a handler within one dispatch. */
interface Progress {
  /** The count of flag changes when it was last asked (executables) or started (functions). */
  at: number
  ran: boolean
  askedIn: Phase
}

class Dispatch {
  readonly #session: Session
  readonly #tracer: Tracer
  readonly #processes: BashProcesses
  readonly #debugger: Debugger
  readonly #progress = new Map<Handler, Progress>()
  readonly #host: { channelPath: string; watchedFiles: WatchedFiles | undefined }
  /** Why a request was refused whose client did not wait for the answer. */
  #refusal: string | undefined
  #sources: HandlerSource[] = []
  #handlers: Handler[] = []
  #channel: Channel | undefined
  /** The reactive part, once it has begun; the charm's own script may be what asks for it. */
  #reaction: Promise<void> | undefined
  /** Where the charm's own script is. */
  #script: 'running' | 'done' | undefined

  constructor(context: Context, state: UnitState, log: Log, tracer: Tracer) {
    this.#session = openSession(context, state, log, true)
    this.#session.onFlagChange = (flag, set) => tracer.flagChanged(flag, set)
    this.#tracer = tracer
    this.#processes = new BashProcesses(this.#session)
    this.#debugger = new Debugger(this.#session)
    this.#host = { channelPath: '', watchedFiles: undefined }
  }

  /** The charm's own script for the event if it has one, then the reactive part, unless the script began it. */
  async all(): Promise<void> {
    const script = findOwnScript(this.#session)
    try {
      await prepareUnit(this.#session, () => this.#openChannel())
      if (script === undefined) return await this.#react()
      await this.#runOwnScript(script)
      await (this.#reaction ?? this.#react())
    } finally {
      this.#channel?.close()
    }
  }

  /** What the script asks for over the channel belongs to this dispatch; `charms.reactive main` is its rest. */
  async #runOwnScript(script: string): Promise<void> {
    const { context, log } = this.#session
    log.info(`Running the charm's own script: ${script}`)
    this.#session.phase = 'hooks'
    this.#openChannel()
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
    this.#session.endpoints = readEndpoints(context.charmDir)
    const { files, nearMisses } = discover(context)
    this.#reportNearMisses(nearMisses)
    // Without a handler there is nobody to talk to.
    if (files.length > 0) this.#openChannel()
    try {
      await this.#register(files)
      if (this.#isActionDone() && !this.#hasReason()) return
      dropKeptTriggers(this.#session)
      if (context.restricted) await this.#runPhase('restricted')
      else await this.#runHook()
    } finally {
      for (const source of this.#sources) await source.endIteration?.(this.#session)
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
    return changeCount > 0 || this.#handlers.some(({ actions }) => actions.includes(context.actionName))
  }

  async #runHook(): Promise<void> {
    await startAutomaticFlags(this.#session)
    await this.#runCallbacks('start')
    await this.#runPhase('hooks')
    await this.#settle()
    await this.#runCallbacks('exit')
    await endAutomaticFlags(this.#session)
  }

  #openChannel(): string {
    this.#channel ??= openChannel(
      (args, pid) => this.#answer(args, pid),
      (refusal) => {
        this.#refusal ??= refusal.stderr
      },
    )
    this.#processes.channelPath = this.#channel.path
    this.#host.channelPath = this.#channel.path
    return this.#channel.path
  }

  #answer(args: string[], pid: number): Reply | Promise<Reply> {
    const [name, ...files] = args
    if (name === 'main' && this.#script === 'running' && this.#reaction === undefined) {
      return this.#begin()
    }
    const watched = this.#host.watchedFiles
    if (name === 'when_file_changed' && files.length > 0 && watched !== undefined) {
      return { status: watched.changed(this.#session, files) ? 0 : 1 }
    }
    return this.#processes.answer(args, pid) ?? answerCommand(this.#session, args)
  }

  /** Register the handler files, in order: before automatic flags change, so that triggers see those. */
  async #register(files: readonly HandlerFile[]): Promise<void> {
    const modules = new JavaScriptFiles(this.#session, this.#host.channelPath)
    this.#processes.strict = layerSetting(this.#session, 'strict') === true
    for (const file of files) {
      const source = await this.#source(file, modules)
      this.#sources.push(source)
      // A file that two handler files source brings the same handlers twice.
      this.#handlers.push(
        ...source.handlers.filter(({ id }) => !this.#handlers.some((known) => known.id === id)),
      )
    }
  }

  async #source({ path, kind }: HandlerFile, modules: JavaScriptFiles): Promise<HandlerSource> {
    if (kind === 'javascript') return modules.import(path)
    const registered =
      kind === 'script' ? await registerBashFile(this.#session, path, this.#processes) : undefined
    return registered ?? externalFile(path, this.#host)
  }

  /** One pass over the handlers of a phase. */
  async #runPhase(phase: Phase): Promise<void> {
    this.#session.phase = phase
    this.#tracer.iteration(phase, 0)
    const matching = await this.#matching()
    if (phase === 'hooks') this.#checkAction(matching)
    await this.#runAll(matching)
  }

  /** What layers do around the handlers: those that began first end last. */
  async #runCallbacks(phase: 'start' | 'exit'): Promise<void> {
    if (!this.#handlers.some(({ phases }) => phases.has(phase))) return
    this.#session.phase = phase
    this.#tracer.iteration(phase, 0)
    const matching = await this.#matching()
    await this.#runAll(phase === 'exit' ? matching.reverse() : matching)
  }

  /** An action that nobody does fails, unless the charm's own script has done it. */
  #checkAction(matching: readonly Handler[]): void {
    const { actionName } = this.#session.context
    if (actionName === '' || this.#isActionDone()) return
    if (matching.some(({ actions, flags }) => actions.includes(actionName) || flags === 'any')) return
    throw new ReactiveError(`no handler matches the action, and it has no script: ${actionName}`)
  }

  /** The other phase: iterate until nothing matches. */
  async #settle(): Promise<void> {
    const loops = new LoopDetector()
    this.#session.phase = 'other'
    for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      this.#tracer.iteration('other', iteration)
      const matching = await this.#matching()
      if (matching.length === 0) return
      if (loops.isLoop(this.#session, matching)) return this.#endLoop(loops.describe())
      await this.#runAll(matching)
    }
    this.#endLoop(`${MAX_ITERATIONS} iterations did not settle`)
  }

  #endLoop(message: string): void {
    if (layerSetting(this.#session, 'on_loop') !== 'warn') throw new ReactiveError(message)
    this.#session.log.warning(message)
  }

  /** Test all handlers of the phase before any of them runs. */
  async #matching(): Promise<Handler[]> {
    const matching: Handler[] = []
    for (const handler of this.#handlers) if (await this.#test(handler)) matching.push(handler)
    return matching
  }

  async #test(handler: Handler): Promise<boolean> {
    const session = this.#session
    if (!handler.phases.has(session.phase) || !this.#mayRun(handler)) return false
    const verdict = await handler.test(session)
    if (handler.flags === 'any') {
      this.#progress.set(handler, { at: session.changeCount, ran: false, askedIn: session.phase })
    }
    this.#tracer.tested(handler.id, verdict)
    return verdict.matches
  }

  /** Whether something changed that lets the handler run (or be asked) again in this dispatch. */
  #mayRun(handler: Handler): boolean {
    const progress = this.#progress.get(handler)
    if (progress === undefined) return true
    const { changeCount, changedAt, phase } = this.#session
    if (handler.flags === 'any') {
      return changeCount > progress.at || (!progress.ran && progress.askedIn === 'hooks' && phase === 'other')
    }
    // A handler that only watches files runs again when they change again.
    if (handler.flags.length === 0) return handler.phases.has('other')
    return handler.flags.some((flag) => (changedAt.get(flag) ?? 0) > progress.at)
  }

  /** Run the handlers in turn. A cleared flag makes those that still wait be tested again. */
  async #runAll(waiting: Handler[]): Promise<void> {
    const session = this.#session
    let queue = waiting
    for (let handler = queue.shift(); handler !== undefined; handler = queue.shift()) {
      const { clearedAt } = session
      await this.#run(handler)
      if (session.clearedAt > clearedAt) queue = await this.#retest(queue)
    }
    for (const source of this.#sources) await source.endIteration?.(session)
  }

  async #retest(queue: readonly Handler[]): Promise<Handler[]> {
    const still: Handler[] = []
    for (const handler of queue) if (await this.#test(handler)) still.push(handler)
    return still
  }

  async #run(handler: Handler): Promise<void> {
    const { changeCount, log, phase } = this.#session
    if (phase === 'start' || phase === 'exit') log.debug(`Running at ${phase}: ${handler.id}`)
    else log.info(`Invoking reactive handler: ${handler.id}`)
    const at = handler.flags === 'any' ? (this.#progress.get(handler)?.at ?? changeCount) : changeCount
    this.#progress.set(handler, { at, ran: true, askedIn: phase })
    await this.#debugger.stopBefore(handler, this.#host.channelPath)
    await this.#tracer.runs(handler.id, async () => {
      await handler.run(this.#session)
      if (this.#refusal !== undefined) throw new ReactiveError(`${handler.id}: ${oneLine(this.#refusal)}`)
    })
  }

  /** Files that look like handlers and are none: a warning when there are new ones, not at every hook. */
  #reportNearMisses(nearMisses: readonly NearMiss[]): void {
    const { state, log } = this.#session
    const messages = nearMisses.map(({ path, reason }) => `not a handler file: ${path}: ${reason}`)
    const known = JSON.stringify(state.get('near-misses') ?? [])
    const isNew = known !== JSON.stringify(messages)
    for (const message of messages) isNew ? log.warning(message) : log.debug(message)
    if (isNew) state.set('near-misses', messages)
  }
}

/** Notices when a dispatch goes in circles. */
class LoopDetector {
  #sightings = new Map<string, number>()
  #flags: string[][] = []
  #handlers = new Set<string>()

  isLoop(session: Session, matching: readonly Handler[]): boolean {
    const flags = getFlags(session)
    const key = JSON.stringify([flags, matching.map(({ id }) => id)])
    const count = (this.#sightings.get(key) ?? 0) + 1
    this.#sightings.set(key, count)
    if (count >= LOOP_SIGHTINGS - 1) {
      this.#flags.push(flags)
      for (const { id } of matching) this.#handlers.add(id)
    }
    return count >= LOOP_SIGHTINGS
  }

  /** The handlers of the loop, and the flags that are set in one round of it and not in another. */
  describe(): string {
    const all = new Set(this.#flags.flat())
    const alternating = [...all].filter((flag) => !this.#flags.every((flags) => flags.includes(flag)))
    const flags = alternating.length > 0 ? alternating.join(', ') : 'none'
    return `handlers run in a loop: ${[...this.#handlers].join(', ')}; flags that alternate: ${flags}`
  }
}
