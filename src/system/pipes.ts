// Pipes from children to this process. Node's own are socket pairs, and a socket cannot be opened again: in a child
// `echo >/dev/stderr` would fail. The launcher makes some of these pipes by here-strings, free of forks; where there
// are none left, a FIFO is made and its name removed.

import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { messageOf, ReactiveError } from '../errors.ts'
import { type Reader, Readers, readNow } from './pipe-ends.ts'

const READING = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK
const WRITING = fs.constants.O_WRONLY

/** Open what is behind a descriptor once more, with flags of its own. */
export function reopen(descriptor: number, flags: number): number {
  return fs.openSync(`/proc/self/fd/${descriptor}`, flags)
}

/** The pipes of a process. One that nobody can write to any more is used again. */
export class Pipes {
  readonly #free: number[]
  readonly #readers: Readers
  readonly #used = new Set<Pipe>()
  #isClosed = false

  /** `given` are read ends of pipes without a writer. */
  constructor(given: readonly number[] = [], readers = new Readers()) {
    this.#free = [...given]
    this.#readers = readers
  }

  /**
   * A pipe for a child; `receive` gets what comes. What jobs print that outlive this process gets to the descriptor
   * `rest` of it, where there is one.
   */
  open(receive: (chunk: Buffer) => void, rest?: number): Pipe {
    const descriptor = this.#free.pop() ?? makePipes(1)[0]
    const pipe = new Pipe(this.#readers, descriptor, receive, rest)
    this.#used.add(pipe)
    void pipe.ended.then(() => {
      this.#used.delete(pipe)
      if (pipe.isLeft || this.#isClosed) fs.closeSync(descriptor)
      else this.#free.push(descriptor)
    })
    return pipe
  }

  /** End them all. */
  close(): void {
    this.#isClosed = true
    for (const pipe of this.#used) pipe.leave()
    for (const descriptor of this.#free.splice(0)) fs.closeSync(descriptor)
  }
}

/** One pipe, while a child or what that has started may write to it. */
export class Pipe {
  /** The descriptor for children, until `seal`. */
  readonly input: number
  /** Resolves when nobody can write any more and all has come, or when the pipe was left. */
  readonly ended: Promise<void>
  isLeft = false
  readonly #descriptor: number
  readonly #rest: number | undefined
  readonly #output: number
  readonly #reader: Reader
  readonly #receive: (chunk: Buffer) => void
  #isSealed = false

  constructor(readers: Readers, descriptor: number, receive: (chunk: Buffer) => void, rest?: number) {
    this.#descriptor = descriptor
    this.#rest = rest
    this.#receive = receive
    this.#output = reopen(descriptor, READING)
    // A here-string has left its line end.
    while (fs.readSync(this.#output, Buffer.alloc(8)) > 0);
    this.input = reopen(descriptor, WRITING)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    this.#reader = readers.open(this.#output, receive, resolve)
  }

  /** Let go of the end for children: those that shall have it have been started. */
  seal(): void {
    if (!this.#isSealed) fs.closeSync(this.input)
    this.#isSealed = true
  }

  /** Receive what has come until now. */
  drain(): void {
    for (let chunk = this.#read(); chunk?.length; chunk = this.#read()) this.#receive(chunk)
  }

  /** Stop receiving. Whoever may still write would be ended by a signal, unless somebody else reads on. */
  leave(): void {
    if (this.#reader.isClosed) return
    this.isLeft = true
    // A read end that waits cannot be opened without a writer.
    const writer = reopen(this.#descriptor, WRITING)
    const reader = reopen(this.#descriptor, fs.constants.O_RDONLY)
    fs.closeSync(writer)
    this.seal()
    this.drain()
    if (this.#rest !== undefined && this.#read() === undefined) passOn(reader, this.#rest)
    this.#reader.close()
    fs.closeSync(reader)
  }

  /** What is there: an empty buffer at the end, undefined where more may come. */
  #read(): Buffer | undefined {
    // It has seen the end.
    return this.#reader.isClosed ? Buffer.alloc(0) : readNow(this.#output)
  }
}

/** Let a process of its own carry on what comes, as long as somebody may write. */
function passOn(reader: number, target: number): void {
  const child = spawn('cat', [], { cwd: '/', stdio: [reader, target, 'ignore'] })
  child.on('error', () => undefined)
  child.unref()
}

/** Read ends of new pipes: FIFOs are made, and their names removed at once. */
export function makePipes(count: number): number[] & { 0: number } {
  const dir = makeTemporaryDir()
  try {
    const fifos = Array.from({ length: count }, (_, index) => path.join(dir, `pipe${index}`))
    const made = spawnSync('mkfifo', ['-m', '600', ...fifos], { stdio: ['ignore', 'ignore', 'pipe'] })
    if (made.status !== 0) {
      const reason = made.error?.message ?? made.stderr.toString()
      throw new ReactiveError(`a pipe cannot be made: mkfifo: ${reason.trim()}`)
    }
    return fifos.map(openFifo) as number[] & { 0: number }
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

function openFifo(fifo: string): number {
  const fd = fs.openSync(fifo, READING)
  // Where the directory for temporary files lets others rename what is ours, this may be something else.
  const stat = fs.fstatSync(fd)
  if (stat.isFIFO() && stat.uid === process.geteuid?.()) return fd
  fs.closeSync(fd)
  throw new ReactiveError(`a pipe cannot be made: somebody else has replaced it: ${fifo}`)
}

function makeTemporaryDir(): string {
  try {
    return fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-'))
  } catch (error) {
    throw new ReactiveError(`a pipe cannot be made: ${os.tmpdir()}: ${messageOf(error)}`, { cause: error })
  }
}
