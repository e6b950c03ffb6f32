// The ends of pipes in this process. Node's own way is a socket, and the first one takes milliseconds to load, in which
// many a hook is over: so a dispatch looks by itself at first whether something has come, while nothing else is to
// be done. Where more is to come, and where processes are started, which loads them anyway, it takes sockets.

import fs from 'node:fs'
import net from 'node:net'
import { codeOf } from '../errors.ts'

/** How often a dispatch looks before it takes sockets, and how long it sleeps when nothing has come, in milliseconds. */
const LOOKS = 100
const PAUSE = 0.1

const ASLEEP = new Int32Array(new SharedArrayBuffer(4))

/** Ends for reading. */
export class Readers {
  readonly #looking = new Set<Reader>()
  #left: number
  #isDue = false

  /** Without `looks` all are sockets from the start. */
  constructor({ looks = 0 } = {}) {
    this.#left = looks
  }

  static ofDispatch(): Readers {
    return new Readers({ looks: LOOKS })
  }

  /** Let `receive` get what comes through a descriptor that never blocks, and `closed` know when nothing comes any more. */
  open(descriptor: number, receive: (chunk: Buffer) => void, closed: () => void = () => undefined): Reader {
    const reader = new Reader(descriptor, receive, () => {
      this.#looking.delete(reader)
      closed()
    })
    this.#looking.add(reader)
    if (this.#left === 0) this.listen()
    else this.#lookSoon()
    return reader
  }

  /** Take sockets from now on. */
  listen(): void {
    this.#left = 0
    for (const reader of this.#looking) reader.listen()
    this.#looking.clear()
  }

  #lookSoon(): void {
    if (this.#isDue || this.#looking.size === 0) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#look()
    })
  }

  #look(): void {
    if (this.#left === 0) return
    this.#left -= 1
    let isNew = false
    for (const reader of this.#looking) isNew = reader.look() || isNew
    if (!isNew) Atomics.wait(ASLEEP, 0, 0, PAUSE)
    if (this.#left === 0) this.listen()
    else this.#lookSoon()
  }
}

/** One end for reading. */
export class Reader {
  isClosed = false
  readonly #descriptor: number
  readonly #receive: (chunk: Buffer) => void
  readonly #closed: () => void
  #socket: net.Socket | undefined
  #isBackground = false

  constructor(descriptor: number, receive: (chunk: Buffer) => void, closed: () => void) {
    this.#descriptor = descriptor
    this.#receive = receive
    this.#closed = closed
  }

  /** Take what has come, and say whether something has. */
  look(): boolean {
    for (let isNew = false; ; isNew = true) {
      const chunk = this.isClosed ? undefined : readNow(this.#descriptor)
      if (chunk === undefined) return isNew
      if (chunk.length === 0) this.close()
      else this.#receive(chunk)
    }
  }

  listen(): void {
    const socket = new net.Socket({ fd: this.#descriptor, readable: true, writable: false })
    this.#socket = socket
    socket.on('data', this.#receive)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#end())
    if (this.#isBackground) socket.unref()
  }

  /** It alone shall not keep the process alive. */
  unref(): void {
    this.#isBackground = true
    this.#socket?.unref()
  }

  close(): void {
    if (this.#socket !== undefined) {
      this.isClosed = true
      this.#socket.destroy()
    } else if (!this.isClosed) {
      fs.closeSync(this.#descriptor)
      this.#end()
    }
  }

  #end(): void {
    this.isClosed = true
    this.#closed()
  }
}

/** An end for writing: what the pipe does not take at once is written as the other side reads. */
export class Writer {
  readonly #descriptor: number
  #socket: net.Socket | undefined

  /** The descriptor never blocks. */
  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  write(text: string): void {
    const rest = this.#socket === undefined ? writeNow(this.#descriptor, Buffer.from(text)) : text
    if (rest.length === 0) return
    this.#socket ??= new net.Socket({ fd: this.#descriptor, readable: false, writable: true })
    // Who reads no more is told of elsewhere.
    if (this.#socket.listenerCount('error') === 0) this.#socket.on('error', () => undefined)
    this.#socket.write(rest)
  }
}

/** What is there: an empty buffer at the end, undefined where more may come. */
export function readNow(descriptor: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(4000)
  try {
    return chunk.subarray(0, fs.readSync(descriptor, chunk))
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined
    throw error
  }
}

/** Write as much as the pipe takes, and give the rest; nobody wants it where no reader is left. */
function writeNow(descriptor: number, bytes: Buffer): Buffer {
  let rest = bytes
  try {
    while (rest.length > 0) rest = rest.subarray(fs.writeSync(descriptor, rest))
  } catch (error) {
    if (codeOf(error) !== 'EAGAIN') return Buffer.alloc(0)
  }
  return rest
}
