// The decorated functions of a bash file, run by processes of that file. One process serves an iteration: after
// its top-level code it asks for the next function again and again, and runs each in a subshell of its own.
// Methods of an interface layer (`@method`) have processes of their own, since a function that runs may call
// them.

import type { BashProcess, BashProcesses, Entry, MethodKind, Place } from './bash-processes.ts'
import type { MethodAnswer } from './endpoints.ts'
import { HandlerError, messageOf, oneLine, ReactiveError } from './errors.ts'
import { decoratedHandlers, type Handler, type HandlerSource, uniqueIds } from './handlers.ts'
import type { Session } from './session.ts'

export class BashFunctions implements HandlerSource {
  readonly handlers: readonly Handler[]
  #session: Session
  #file: string
  #processes: BashProcesses
  #process: BashProcess | undefined
  /** Processes that wait for the next call of a method. */
  #idle: BashProcess[] = []

  constructor(session: Session, file: string, processes: BashProcesses, entries: readonly Entry[]) {
    this.#session = session
    this.#file = file
    this.#processes = processes
    const unique = uniqueIds()
    this.handlers = entries.flatMap((entry) => {
      const id = unique(`${entry.file}:${entry.name}`)
      if (entry.method !== undefined) this.#addMethod(entry, entry.method)
      if (entry.conditions.length === 0 && entry.method !== undefined) return []
      const invoke = (handler: string, endpoint = '') => this.#invoke(entry, handler, endpoint)
      return decoratedHandlers(session, { ...entry, id, invoke })
    })
  }

  async endIteration(): Promise<void> {
    const processes = [this.#process, ...this.#idle.splice(0)]
    this.#process = undefined
    for (const process of processes) await process?.finish()
  }

  async #invoke(entry: Entry, id: string, endpoint: string): Promise<void> {
    const { file, line, place: asked } = entry
    this.#process ??= await this.#start(entry, id)
    const process = this.#process
    const result = await process.runs([asked, endpoint])
    if ('exit' in result) {
      this.#process = undefined
      throw died(id, process, { ...entry, status: result.exit, command: '' })
    }
    const status = result.status ?? 0
    if (process.fault !== undefined) throw process.fault
    if (status !== 0) throw failure(id, process.failed ?? { status, file, line, command: '' }, status)
    const { returned } = process
    if (returned !== undefined) this.#session.log.warning(describeReturn(id, returned))
  }

  #addMethod(entry: Entry, { json }: MethodKind): void {
    const { endpoints } = this.#session
    const layer = endpoints?.ofFile(entry.file)
    if (layer === undefined) {
      throw new ReactiveError(`@method belongs in a file of an interface layer: ${entry.file}:${entry.line}`)
    }
    for (const name of layer.endpoints) {
      endpoints?.addMethod(name, entry.name, (args) => this.#call(entry, name, args, json))
    }
  }

  /** Run a method for its answer: status 0 or 1 as yes or no, and what it prints. */
  async #call(entry: Entry, endpoint: string, args: readonly string[], json: boolean): Promise<MethodAnswer> {
    const id = `${entry.file}:${entry.name}`
    const process = this.#idle.pop() ?? (await this.#start(entry, id))
    const result = await process.runs([entry.place, endpoint, 'method', ...args])
    if ('exit' in result) throw methodFailed(id, { ...entry, status: result.exit, command: '' })
    this.#idle.push(process)
    const { status = 0, text = '' } = result
    if (status > 1)
      throw methodFailed(id, process.failed ?? process.returned ?? { ...entry, status, command: '' })
    return { answer: status === 0, value: json ? parseResult(id, text) : text }
  }

  async #start(entry: Entry, id: string): Promise<BashProcess> {
    const process = await this.#processes.start(this.#file, ['--invoke', entry.name], false)
    const ready = await process.asks()
    if ('exit' in ready)
      throw died(id, process, { ...entry, line: undefined, status: ready.exit, command: '' })
    return process
  }
}

function died(id: string, { ended }: BashProcess, place: Place): HandlerError {
  return failure(id, ended ?? place, place.status === 0 ? 1 : place.status)
}

function failure(id: string, { file, line, command }: Place, status: number): HandlerError {
  return new HandlerError({ handler: id, file, line, command: command || undefined, status })
}

function methodFailed(id: string, failed: Place): ReactiveError {
  const { status, command } = failed
  const what = command === '' ? '' : `: ${oneLine(command)}`
  return new ReactiveError(`the method ${id} failed with status ${status} at ${place(failed)}${what}`)
}

function parseResult(id: string, text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ReactiveError(`the method ${id} does not answer with JSON: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function describeReturn(id: string, returned: Place): string {
  return `${id} returned ${returned.status} at ${place(returned)}: ${oneLine(returned.command)}`
}

/** `reactive/app.sh:12`. */
export function place({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`
}
