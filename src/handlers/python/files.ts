// Handler files in Python: imported once per dispatch, their decorated functions registered. The engine tests
// their conditions itself; only what is a Python callable is asked from the process.

import { DispatchEnd, HandlerError, messageOf, oneLine, ReactiveError } from '../../errors.ts'
import type { Readers } from '../../system/pipe-ends.ts'
import type { Session } from '../../unit/session.ts'
import { type Condition, makeCondition } from '../conditions.ts'
import type { HandlerOutput } from '../handler-output.ts'
import {
  decoratedHandlers,
  type Handler,
  type HandlerSource,
  uniqueIds,
  type Verdict,
  WatchedFiles,
} from '../handlers.ts'
import { implement, type PythonClass } from './classes.ts'
import { PythonFailure } from './connection.ts'
import { PythonGone, PythonProcess } from './process.ts'

/** A decorated function as Python reports it. */
interface Entry {
  /** Its number among the handlers of the process. */
  number: number
  name: string
  file: string
  line: number
  conditions: { name: string; args: string[] }[]
  /** Flags that lets it run again, beside those of the conditions. */
  flags: string[]
  /** Whether it has predicates, or file names, that only Python can tell. */
  asks: boolean
}

/** What the import of a file brings. */
interface Imported {
  handlers: Entry[]
  classes: PythonClass[]
}

/** Import the files, in order, and give their handlers. */
export class PythonFiles {
  readonly #session: Session
  readonly #process: PythonProcess
  readonly #unique = uniqueIds()
  #isFirst = true

  constructor(
    session: Session,
    channelPath: string,
    output: HandlerOutput,
    files: readonly string[],
    readers: Readers,
  ) {
    this.#session = session
    this.#process = new PythonProcess(session, channelPath, output, files, readers)
  }

  async import(file: string): Promise<HandlerSource> {
    const { handlers, classes } = await this.#import(file)
    for (const found of classes) implement(this.#session, this.#process, found)
    const callbacks = this.#isFirst ? this.#callbacks() : []
    this.#isFirst = false
    return { handlers: [...callbacks, ...handlers.flatMap((entry) => this.#handlers(entry))] }
  }

  /** Run the callbacks of triggers that have fired. */
  async settle(): Promise<void> {
    if (!this.#process.hasFired) return
    await this.#of({ handler: 'callback of a trigger', file: 'python', line: undefined }, () =>
      this.#process.settle(),
    )
  }

  finish(): Promise<void> {
    return this.#process.finish()
  }

  close(): Promise<void> {
    return this.#process.close()
  }

  async #import(file: string): Promise<Imported> {
    try {
      return (await this.#process.call('import', file)) as Imported
    } catch (error) {
      if (!(error instanceof PythonFailure)) throw error
      const { message, file: at = file, line = 1, exit, traceback } = error.failure
      if (exit === 0) throw new DispatchEnd(file)
      if (traceback !== undefined) this.#session.log.debug(traceback)
      throw new ReactiveError(`the file cannot be imported: ${at}:${line}: ${oneLine(message)}`, {
        cause: error,
      })
    }
  }

  #handlers(entry: Entry): Handler[] {
    const { file, line } = entry
    const conditions = entry.conditions.map(({ name, args }) => makeCondition(name, args))
    const watched = new WatchedFiles(`${file}:${entry.name}`)
    const invoke = async (handler: string, endpoint: string | undefined) => {
      await this.#of({ handler, file, line }, () => this.#process.run(entry.number, endpoint))
      watched.record(this.#session)
    }
    const id = this.#unique(`${file}:${entry.name}`)
    const perEndpoint = conditions.some(({ name }) => FLAG_CONDITIONS.has(name))
    const handlers = decoratedHandlers(this.#session, { id, file, line, conditions, perEndpoint, invoke })
    if (!entry.asks) return handlers
    return handlers.map((handler) => this.#asking(handler, entry, conditions, watched))
  }

  /** A handler that also has predicates which only Python can tell. */
  #asking(
    handler: Handler,
    { number, flags }: Entry,
    conditions: Condition[],
    watched: WatchedFiles,
  ): Handler {
    const own = typeof handler.flags === 'string' ? [] : handler.flags
    return {
      ...handler,
      phases: conditions.length === 0 ? new Set(['hooks', 'other']) : handler.phases,
      flags: [...own, ...flags],
      test: async (session): Promise<Verdict> => {
        const { matches, answers } = await handler.test(session)
        if (!matches && answers.length > 0) return { matches, answers }
        const place = { handler: handler.id, file: handler.file, line: handler.line }
        const asked = (await this.#of(place, () => this.#process.call('ask', number))) as Asked[]
        const more = asked.map(({ condition, holds, files }) => ({
          condition,
          holds: files === undefined ? holds === true : watched.changed(session, files),
        }))
        return { matches: more.every(({ holds }) => holds), answers: [...answers, ...more] }
      },
    }
  }

  /** `hookenv.atstart` and `hookenv.atexit` of charmhelpers, as one callback each. */
  #callbacks(): Handler[] {
    return (['start', 'exit'] as const).map((phase) => {
      const id = `hookenv.at${phase}`
      const place = { handler: id, file: 'charmhelpers', line: undefined }
      const isDue = async () => (await this.#process.call('has_callbacks', phase)) === true
      return {
        ...place,
        id,
        phases: new Set([phase]),
        flags: [],
        actions: [],
        isDue,
        test: async () => {
          const holds = await isDue()
          return { matches: holds, answers: [{ condition: id, holds }] }
        },
        run: async () => {
          await this.#of(place, () => this.#process.call('run_callbacks', phase))
        },
      }
    })
  }

  /** Run code of the charm: its failure is told with its place, its traceback goes to the log. */
  async #of(place: Place, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof PythonGone) {
        throw new HandlerError({ ...place, status: error.status }, messageOf(error), error)
      }
      if (!(error instanceof PythonFailure)) throw error
      const { exit, message, file = place.file, line = place.line, traceback } = error.failure
      if (exit === 0) throw new DispatchEnd(place.handler)
      if (traceback !== undefined) this.#session.log.debug(traceback)
      throw new HandlerError({ handler: place.handler, file, line, status: exit ?? 1 }, message, error)
    }
  }
}

interface Place {
  handler: string
  file: string
  line: number | undefined
}

/** A predicate's answer, or the files of a `when_file_changed` that Python names. */
interface Asked {
  condition: string
  holds?: boolean
  files?: string[]
}

const FLAG_CONDITIONS: ReadonlySet<string> = new Set([
  'when',
  'when_all',
  'when_any',
  'when_not',
  'when_none',
  'when_not_all',
])
