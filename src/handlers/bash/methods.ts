// The methods of a bash file in an interface layer: functions marked by `@method`, which `relation_call` calls for
// their answer. They have processes of their own, since a function that runs may call them, and one method another.

import { endpointsOf, layerOfFile, type MethodAnswer } from '../../endpoints/endpoints.ts'
import { messageOf, oneLine, ReactiveError } from '../../errors.ts'
import type { Session } from '../../unit/session.ts'
import type { Entry } from './entries.ts'
import type { BashFile } from './file-text.ts'
import { type BashProcess, type Failure, place } from './process.ts'
import type { BashProcesses } from './processes.ts'

export class BashMethods {
  #file: BashFile
  #processes: BashProcesses
  /** Processes that wait for the next call. */
  #idle: BashProcess[] = []

  constructor(file: BashFile, processes: BashProcesses) {
    this.#file = file
    this.#processes = processes
  }

  /** Let `relation_call` find the method, at each endpoint that uses the interface layer. */
  add(session: Session, entry: Entry): void {
    const at = `${entry.file}:${entry.line}`
    const layer = layerOfFile(session, entry.file) ?? layerOfFile(session, this.#file.path)
    if (layer === undefined) {
      throw new ReactiveError(`@method belongs in a file of an interface layer: ${at} ${entry.name}`)
    }
    const { calls } = this.#processes
    for (const endpoint of layer.endpoints) {
      if (!calls.claim(endpoint, entry.name, at)) continue
      const call = (args: readonly string[]) =>
        calls.run(`${entry.file}:${entry.name}`, () => this.#call(entry, endpoint, args))
      endpointsOf(session).addMethod(endpoint, entry.name, call)
    }
  }

  /** End the processes that wait; one that a background job's call still uses ends later. */
  async endIteration(): Promise<void> {
    for (const process of this.#idle.splice(0)) await process.finish()
  }

  /** Run a method for its answer: whether it succeeded, and what it printed. */
  async #call(entry: Entry, endpoint: string, args: readonly string[]): Promise<MethodAnswer> {
    const process = this.#idle.pop() ?? (await this.#start(entry))
    const result = await process.run([entry.place, endpoint, 'method', ...args])
    if ('exit' in result) throw failure(entry, { ...entry, status: result.exit, command: '' })
    this.#idle.push(process)
    const { status = 0, text = '' } = result
    const { failed, returned } = process
    // A no is said by a function that returns: one that ends in the middle has the same status.
    if (status === 0 || (status === 1 && returned !== undefined)) {
      return { answer: status === 0, value: printedValue(entry, text) }
    }
    throw failure(entry, { ...(failed ?? returned ?? { ...entry, command: '' }), status })
  }

  async #start(entry: Entry): Promise<BashProcess> {
    const process = await this.#processes.start(this.#file, entry.name)
    const died = await process.ready()
    if (died === undefined) return process
    throw process.fault ?? failure(entry, died)
  }
}

function failure({ file, name }: Entry, failed: Failure): ReactiveError {
  const { status, command } = failed
  const what = command === '' ? '' : `: ${oneLine(command)}`
  const hint = status === 1 ? ' (to say no, a method uses return 1)' : ''
  return new ReactiveError(
    `the method ${file}:${name} failed with status ${status} at ${place(failed)}${what}${hint}`,
  )
}

/** What a method printed, as its value; nothing is null. */
function printedValue({ file, name, method }: Entry, text: string): unknown {
  if (!method?.json) return text === '' ? null : text
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ReactiveError(`the method ${file}:${name} does not answer with JSON: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
