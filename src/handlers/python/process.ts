// The one process that imports the Python files of a charm and runs what the engine asks for: handlers,
// predicates, callbacks, methods of endpoints. It has two connections. The first is of its main thread, where
// handlers run; over the second, methods and callbacks run in threads of their own while the main thread is busy,
// for instance with a child that calls such a method and waits for the answer.

import { ReactiveError } from '../../errors.ts'
import { Readers } from '../../system/pipe-ends.ts'
import type { Session } from '../../unit/session.ts'
import { changeEnvironment, handlerEnvironment } from '../children.ts'
import type { HandlerOutput } from '../handler-output.ts'
import { type Answered, Connection } from './connection.ts'
import { runOperation } from './operations.ts'
import { startPython } from './start-process.ts'

/** The process ended before it answered. */
export class PythonGone extends ReactiveError {
  readonly status: number

  constructor(reason: string, status: number) {
    super(`the Python process is gone: ${reason}`)
    // Without an answer nothing succeeded, whatever status the process had.
    this.status = status || 1
  }
}

export class PythonProcess {
  readonly #session: Session
  readonly #readers: Readers
  readonly #main: Connection
  readonly #side: Connection
  /** Callbacks of triggers that fired and have not run yet. */
  #fired: number[] = []
  #callbacks = new Map<number, () => void>()
  #ended: { reason: string; status: number } | undefined
  readonly #end: Promise<void>
  #lastWord: Promise<unknown> | undefined

  constructor(
    session: Session,
    channelPath: string,
    output: HandlerOutput,
    files: readonly string[],
    readers = new Readers(),
  ) {
    const { context } = session
    this.#session = session
    this.#readers = readers
    const env = handlerEnvironment(context, channelPath)
    const answer = (operation: string, args: readonly unknown[]) => this.#answer(operation, args)
    const { main, side, ended, redirected } = startPython(context, env, output, readers)
    this.#main = new Connection(main, answer)
    this.#side = new Connection(side, answer)
    this.#end = ended.then((how) => {
      this.#ended = how
      for (const connection of [this.#main, this.#side]) connection.end(() => this.#gone())
    })
    const event = context.actionName === '' ? `hooks/${context.hookName}` : `actions/${context.actionName}`
    const given = { files, event, directory: context.charmDir, environment: env, output: redirected }
    void this.call('start', given).catch(() => undefined)
  }

  /** Call what shall run in the main thread. */
  async call(name: string, ...args: unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#gone()
    const { value, environment } = (await this.#main.call(name, ...args)) as Result
    if (environment !== undefined) changeEnvironment(this.#session.context, environment)
    return value
  }

  /** Run a handler, which may ask for much. */
  async run(number: number, endpoint: string | undefined): Promise<void> {
    this.#readers.listen()
    await this.call('run', number, endpoint ?? null)
  }

  /** Call what may run at any time. */
  async callAside(name: string, ...args: unknown[]): Promise<unknown> {
    if (!this.#main.isBusy) return this.call(name, ...args)
    if (this.#ended !== undefined) throw this.#gone()
    return ((await this.#side.call(name, ...args)) as Result).value
  }

  /** Run the callbacks of triggers that changes by others than Python have fired. */
  async settle(): Promise<void> {
    while (this.#fired.length > 0) await this.callAside('callbacks', this.#fired.splice(0))
  }

  /** Whether callbacks wait. */
  get hasFired(): boolean {
    return this.#fired.length > 0
  }

  /**
   * Let it end, and wait until no code of the charm is left in it: finalizers still ask. Then the engine need not
   * wait while the interpreter goes.
   */
  async finish(): Promise<void> {
    if (this.#ended !== undefined) return
    this.#lastWord ??= this.#main.call('end').catch(() => undefined)
    await this.#lastWord
  }

  /** Wait until it has ended. */
  async close(): Promise<void> {
    await this.finish()
    await this.#end
  }

  /** What fires by a change of Python runs there before the change returns. */
  #answer(operation: string, args: readonly unknown[]): Answered | Promise<Answered> {
    const answered = (value: unknown) => ({ value, callbacks: this.#fired.splice(0) })
    const value = this.#run(operation, args)
    return value instanceof Promise ? value.then(answered) : answered(value)
  }

  #run(operation: string, args: readonly unknown[]): unknown {
    if (operation !== 'register_trigger') return runOperation(this.#session, operation, args)
    const [given, callback] = args
    return runOperation(this.#session, operation, [
      given,
      ...(typeof callback === 'number' ? [this.#callback(callback)] : []),
    ])
  }

  /** The same function for the same callback, so that triggers can be compared. */
  #callback(number: number): () => void {
    const known = this.#callbacks.get(number) ?? (() => void this.#fired.push(number))
    this.#callbacks.set(number, known)
    return known
  }

  #gone(): PythonGone {
    return new PythonGone(this.#ended?.reason ?? '', this.#ended?.status ?? 1)
  }
}

/** What a call gives: its value, and the variables of the environment that Python code has changed. */
interface Result {
  value: unknown
  environment?: Record<string, string | null>
}
