// The reactive loop: which handlers match, in which order they run, when they are tested again, and when it
// ends (documentation 2.8.1). The dispatcher fills it with handlers and says which phase comes next.

import { layerSetting } from '../charm/layer-settings.ts'
import { oneLine, ReactiveError } from '../errors.ts'
import type { HandlerOutput } from '../handlers/handler-output.ts'
import type { Handler, HandlerSource } from '../handlers/handlers.ts'
import { rememberHandlers } from '../handlers/session-handlers.ts'
import type { Phase, Session } from '../unit/session.ts'
import { Debugger } from './debug-at.ts'
import { LoopDetector } from './loop-detector.ts'
import type { RunningHook } from './running-hook.ts'
import type { DispatchRecord, Tracer } from './trace.ts'

const MAX_ITERATIONS = 100

/** What is known of a handler within one dispatch. */
interface Progress {
  /** The count of flag changes when it was last asked (executables) or started (functions). */
  at: number
  ran: boolean
  askedIn: Phase
}

/** What the loop needs from the dispatcher. */
export interface LoopHost {
  readonly channelPath: string
  readonly output: HandlerOutput
  /** Why a request was refused whose client did not wait for the answer. */
  readonly refusal: string | undefined
  /** Runs the callbacks of triggers that have fired in another process. */
  settle(): Promise<void>
}

export class ReactiveLoop implements RunningHook {
  readonly handlers: Handler[] = []
  readonly #session: Session
  readonly #tracer: Tracer
  readonly #debugger: Debugger
  readonly #host: LoopHost
  readonly #sources: HandlerSource[] = []
  readonly #progress = new Map<Handler, Progress>()
  #queue: Handler[] = []

  constructor(session: Session, tracer: Tracer, host: LoopHost) {
    this.#session = session
    this.#tracer = tracer
    this.#debugger = new Debugger(session)
    this.#host = host
  }

  get record(): DispatchRecord {
    return this.#tracer.record
  }

  get running(): string | undefined {
    return this.#tracer.running
  }

  get queued(): string[] {
    return this.#queue.map(({ id }) => id)
  }

  /** Add the handlers of a file. A file that two handler files source brings the same handlers twice. */
  add(source: HandlerSource): void {
    this.#sources.push(source)
    const added = source.handlers.filter(({ id }) => !this.handlers.some((known) => known.id === id))
    this.handlers.push(...added)
    rememberHandlers(this.#session, added)
  }

  /** Let go of what the files keep open. */
  async endIteration(): Promise<void> {
    for (const source of this.#sources) await source.endIteration?.(this.#session)
  }

  /** One pass over the handlers of a phase. `check` sees those that match before any of them runs. */
  async runPhase(phase: Phase, check?: (matching: readonly Handler[]) => void): Promise<void> {
    this.#session.phase = phase
    this.#tracer.iteration(phase, 0)
    const { changeCount } = this.#session
    const matching = await this.#matching()
    check?.(matching)
    await this.#runAll(matching)
    if (this.#session.changeCount > changeCount) await this.#reportLate(changeCount)
  }

  /** What layers do around the handlers: those that began first end last. */
  async runCallbacks(phase: 'start' | 'exit'): Promise<void> {
    const callbacks = this.handlers.filter(({ phases }) => phases.has(phase))
    const due = await Promise.all(callbacks.map(async (handler) => (await handler.isDue?.()) ?? true))
    if (!due.includes(true)) return
    this.#session.phase = phase
    this.#tracer.iteration(phase, 0)
    const matching = await this.#matching()
    await this.#runAll(phase === 'exit' ? matching.reverse() : matching)
  }

  /** The other phase: iterate until nothing matches. */
  async settle(): Promise<void> {
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

  /** Say which handlers would match by now: their flags changed in a phase that tests each handler once. */
  async #reportLate(since: number): Promise<void> {
    const session = this.#session
    for (const handler of this.handlers) {
      if (handler.flags === 'any' || !handler.phases.has(session.phase) || this.#progress.has(handler))
        continue
      const flags = handler.flags.filter((flag) => (session.changedAt.get(flag) ?? 0) > since)
      if (flags.length === 0 || !(await handler.test(session)).matches) continue
      this.#tracer.late(handler.id, flags)
      const what = `${flags.join(', ')} changed in the same phase, which tests each handler once`
      session.log.info(oneLine(`${handler.id} does not run: ${what}`))
    }
  }

  #endLoop(message: string): void {
    if (layerSetting(this.#session.context.charmDir, 'on_loop') !== 'warn') throw new ReactiveError(message)
    this.#session.log.warning(message)
  }

  /** What the handler did to the machine stays, what it said to the engine is lost. */
  async #crash(): Promise<void> {
    await this.#session.log.flush()
    process.kill(0, 'SIGKILL')
  }

  /** Test all handlers of the phase before any of them runs. */
  async #matching(): Promise<Handler[]> {
    const matching: Handler[] = []
    for (const handler of this.handlers) if (await this.#test(handler)) matching.push(handler)
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
    if (handler.flags.length === 0) return true
    return handler.flags.some((flag) => (changedAt.get(flag) ?? 0) > progress.at)
  }

  /** Run the handlers in turn. A cleared flag makes those that still wait be tested again. */
  async #runAll(waiting: Handler[]): Promise<void> {
    const session = this.#session
    this.#queue = waiting
    for (let handler = this.#queue.shift(); handler !== undefined; handler = this.#queue.shift()) {
      const { clearedAt } = session
      await this.#run(handler)
      if (session.clearedAt > clearedAt) this.#queue = await this.#retest(this.#queue)
    }
    await this.endIteration()
  }

  async #retest(queue: readonly Handler[]): Promise<Handler[]> {
    const still: Handler[] = []
    for (const handler of queue) if (await this.#test(handler)) still.push(handler)
    return still
  }

  async #run(handler: Handler): Promise<void> {
    const { changeCount, context, log, phase } = this.#session
    const { output } = this.#host
    output.begin()
    if (phase === 'start' || phase === 'exit') log.debug(`Running at ${phase}: ${oneLine(handler.id)}`)
    else log.info(`Invoking reactive handler: ${oneLine(handler.id)}`)
    const at = handler.flags === 'any' ? (this.#progress.get(handler)?.at ?? changeCount) : changeCount
    this.#progress.set(handler, { at, ran: true, askedIn: phase })
    await this.#debugger.stopBefore(handler, this.#host.channelPath)
    const work = async () => {
      await handler.run(this.#session)
      await this.#host.settle()
      if (this.#host.refusal !== undefined)
        throw new ReactiveError(`${handler.id}: ${oneLine(this.#host.refusal)}`)
    }
    await this.#tracer.runs(handler.id, work, () => output.lastLines())
    if (context.crashAfter !== '' && `:${handler.id}`.endsWith(`:${context.crashAfter}`)) await this.#crash()
  }
}
