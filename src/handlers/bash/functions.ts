// The decorated functions of a bash file, run by processes of that file. One process serves an iteration: after
// its top-level code it asks for the next function again and again, and runs each in a subshell of its own.
// Methods of an interface layer (`@method`) have processes of their own, since a function that runs may call
// them.

import { HandlerError, oneLine } from '../../errors.ts'
import type { Session } from '../../unit/session.ts'
import { decoratedHandlers, type Handler, type HandlerSource, uniqueIds } from '../handlers.ts'
import type { Entry } from './entries.ts'
import type { BashFile } from './file-text.ts'
import { BashMethods } from './methods.ts'
import { type BashProcess, type Failure, place } from './process.ts'
import type { BashProcesses } from './processes.ts'

export class BashFunctions implements HandlerSource {
  readonly handlers: readonly Handler[]
  #session: Session
  #file: BashFile
  #processes: BashProcesses
  #process: BashProcess | undefined
  #methods: BashMethods

  constructor(session: Session, file: BashFile, processes: BashProcesses, entries: readonly Entry[]) {
    this.#session = session
    this.#file = file
    this.#processes = processes
    this.#methods = new BashMethods(file, processes)
    const unique = uniqueIds()
    this.handlers = entries.flatMap((entry) => {
      const id = unique(`${entry.file}:${entry.name}`)
      if (entry.method !== undefined) this.#methods.add(session, entry)
      if (entry.conditions.length === 0 && entry.method !== undefined) return []
      const invoke = (handler: string, endpoint = '') => this.#invoke(entry, handler, endpoint)
      return decoratedHandlers(session, { ...entry, id, sourcedBy: file.path, invoke })
    })
  }

  async endIteration(): Promise<void> {
    const process = this.#process
    this.#process = undefined
    await process?.finish()
    await this.#methods.endIteration()
  }

  async #invoke(entry: Entry, id: string, endpoint: string): Promise<void> {
    const { file, line, place: asked } = entry
    this.#process ??= await this.#start(entry, id)
    const process = this.#process
    const result = await process.run([asked, endpoint, 'function', `${this.#processes.answers ?? ''}`])
    if ('exit' in result) {
      this.#process = undefined
      throw failure(id, { file, line, command: '' }, result.exit || 1)
    }
    const status = result.status ?? 0
    if (process.fault !== undefined) throw process.fault
    if (status !== 0) throw failure(id, process.failed ?? { file, line, command: '' }, status)
    const { returned } = process
    if (returned !== undefined) this.#session.log.warning(describeReturn(id, returned))
  }

  async #start(entry: Entry, id: string): Promise<BashProcess> {
    const process = await this.#processes.start(this.#file, entry.name)
    const died = await process.ready()
    if (died === undefined) return process
    throw process.fault ?? failure(id, died, died.status || 1)
  }
}

function failure(id: string, { file, line, command }: Omit<Failure, 'status'>, status: number): HandlerError {
  return new HandlerError({ handler: id, file, line, command: command || undefined, status })
}

function describeReturn(id: string, returned: Failure): string {
  return `${id} returned ${returned.status} at ${place(returned)}: ${oneLine(returned.command)}`
}
