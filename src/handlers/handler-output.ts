// What handlers print. Where the engine itself prints into a pipe, as in Juju, it comes through one as well: it goes
// on at once, in the same order, and its end is kept for the record of a handler that fails.

import fs from 'node:fs'
import { Readers } from '../system/pipe-ends.ts'
import { type Pipe, Pipes } from '../system/pipes.ts'
import { writeAll } from '../system/write-all.ts'
import type { Session } from '../unit/session.ts'

const KEPT_BYTES = 4096
const KEPT_LINES = 20

type Target = number | 'inherit'

export class HandlerOutput {
  /** Those for what is read apart: files that register, executables that are tested. */
  readonly pipes: Pipes
  readonly #session: Session
  #targets: [Target, Target] | undefined
  readonly #open: Pipe[] = []
  #end = Buffer.alloc(0)

  /** `given` are read ends of pipes without a writer. */
  constructor(session: Session, given: readonly number[], readers = new Readers()) {
    this.#session = session
    this.pipes = new Pipes(given, readers)
  }

  /** Where stdout and stderr of a process go in which handlers run. */
  get targets(): [Target, Target] {
    // Outside of a dispatch stdout is for the answer.
    if (!this.#session.inDispatch) return [2, 'inherit']
    this.#targets ??= this.#openTargets()
    return this.#targets
  }

  /** Forget what was printed before the handler that runs now. */
  begin(): void {
    for (const pipe of this.#open) pipe.drain()
    this.#end = Buffer.alloc(0)
  }

  /** The last lines that were printed since, without the line end. */
  lastLines(): string {
    for (const pipe of this.#open) pipe.drain()
    const lines = this.#end.toString().replace(/\n$/, '').split('\n')
    // The first one is cut where all that is kept is full.
    if (this.#end.length === KEPT_BYTES && lines.length > 1) lines.shift()
    return lines.slice(-KEPT_LINES).join('\n')
  }

  close(): void {
    this.pipes.close()
  }

  #openTargets(): [Target, Target] {
    const stderr = this.#target(2)
    return [isSameFile(1, 2) ? stderr : this.#target(1), stderr]
  }

  #target(descriptor: 1 | 2): Target {
    if (!isPipe(descriptor)) return 'inherit'
    const receive = (chunk: Buffer) => {
      writeAll(descriptor, chunk)
      this.#end = Buffer.concat([this.#end, chunk]).subarray(-KEPT_BYTES)
    }
    const pipe = this.pipes.open(receive, descriptor)
    this.#open.push(pipe)
    return pipe.input
  }
}

function isPipe(descriptor: number): boolean {
  const stat = statOf(descriptor)
  return stat !== undefined && (stat.isFIFO() || stat.isSocket())
}

function isSameFile(one: number, other: number): boolean {
  const [a, b] = [statOf(one), statOf(other)]
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

function statOf(descriptor: number): fs.Stats | undefined {
  try {
    return fs.fstatSync(descriptor)
  } catch {
    return undefined // it is closed
  }
}
