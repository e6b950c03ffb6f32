// One line to the Python process: JSON texts, each on a line of its own, in both directions.
//   ["call", N, NAME, ARGUMENT…]   to Python: do something
//   ["done", N, VALUE]             its result, or ["failed", N, FAILURE]
//   ["ask", N, OPERATION, ARGUMENT…]   from Python: an operation of the engine (operations.ts)
//   ["reply", N, VALUE, CALLBACK…] its result, and the callbacks of triggers that fired; or
//   ["refusal", N, KIND, MESSAGE]
// Calls and questions nest: while Python waits for a reply it does what is called meanwhile.

import type { Duplex } from 'node:stream'
import { messageOf, ReactiveError, UsageError } from '../../errors.ts'

/** What Python says about a call that did not succeed. */
export interface Failure {
  /** Set where the code left by SystemExit. */
  exit?: number
  message: string
  file?: string
  line?: number
  traceback?: string
}

/** A call failed in Python. */
export class PythonFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Answers a question of Python: a JSON value, and the callbacks that it shall run now. */
export type Answer = (operation: string, args: readonly unknown[]) => Answered | Promise<Answered>

export interface Answered {
  value: unknown
  callbacks: readonly number[]
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** What one connection goes over. */
export interface Line {
  receive(take: (chunk: Buffer) => void): void
  send(text: string): void
}

/** A line over one stream. Its end is told by the process. */
export function lineOf(stream: Duplex): Line {
  stream.on('error', () => undefined)
  return {
    receive: (take) => void stream.on('data', take),
    send: (text) => void stream.write(text),
  }
}

export class Connection {
  readonly #line: Line
  #answer: Answer
  #waiting = new Map<number, Waiting>()
  #count = 0
  /** Questions that Python waits for. */
  #asked = 0
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #rest = ''

  constructor(line: Line, answer: Answer) {
    this.#line = line
    this.#answer = answer
    line.receive((chunk) => this.#receive(this.#decoder.decode(chunk, { stream: true })))
  }

  /** Whether Python is running code and does not listen. */
  get isBusy(): boolean {
    return this.#waiting.size > this.#asked
  }

  call(name: string, ...args: unknown[]): Promise<unknown> {
    this.#count += 1
    const number = this.#count
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject })
      this.#send(['call', number, name, ...args])
    })
  }

  /** Nobody answers any more. */
  end(reason: () => Error): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(reason())
  }

  #send(message: readonly unknown[]): void {
    this.#line.send(`${JSON.stringify(message)}\n`)
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#take(JSON.parse(line))
  }

  #take([kind, number, ...rest]: [kind: string, number: number, ...rest: unknown[]]): void {
    if (kind === 'ask') {
      this.#reply(number, String(rest[0]), rest.slice(1))
      return
    }
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (kind === 'done') waiting?.resolve(rest[0])
    else waiting?.reject(new PythonFailure(rest[0] as Failure))
  }

  /** At once where nothing has to be waited for, as for flags. */
  #reply(number: number, operation: string, args: readonly unknown[]): void {
    try {
      const answer = this.#answer(operation, args)
      if (answer instanceof Promise) void this.#replyLater(number, answer)
      else this.#sendReply(number, answer)
    } catch (error) {
      this.#send(['refusal', number, ...refusalOf(error)])
    }
  }

  async #replyLater(number: number, answer: Promise<Answered>): Promise<void> {
    this.#asked += 1
    const settled = await answer.catch((error: unknown) => refusalOf(error))
    this.#asked -= 1
    if (Array.isArray(settled)) this.#send(['refusal', number, ...settled])
    else this.#sendReply(number, settled)
  }

  #sendReply(number: number, { value, callbacks }: Answered): void {
    this.#send(['reply', number, value ?? null, ...callbacks])
  }
}

/** An error of the engine as Python gets it: the kind says which exception it becomes. */
export function refusalOf(error: unknown): [kind: string, message: string] {
  if (error instanceof UsageError) return ['usage', error.message]
  if (error instanceof ReactiveError) return ['reactive', error.message]
  return ['bug', error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error)]
}
