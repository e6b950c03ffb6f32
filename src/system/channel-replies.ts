// The replies of the channel (specified in channel.ts): how they are written, and how much may wait. A client
// that never reads, and one that asks on and on, cost no more than the limits below, and keep nobody waiting.

import fs from 'node:fs'
import net from 'node:net'
import type { Reply } from './channel.ts'
import { reopen } from './pipes.ts'

/** How many requests may wait for their answer at once, and how many answers for their client. */
export const MOST_AWAITED = 1000
/** How many bytes of answers may wait for their clients; a single one may be longer. */
const MOST_BYTES = 128 * 1024 * 1024
/** What a pipe takes as a whole or not at all. */
const PIPE_BUF = 4096

/** The refusal of a request beyond the limits. */
export function tooMany(what: string): Reply {
  return { status: 3, stderr: `charms.reactive: too many requests at once: ${what}\n` }
}

export class Replies {
  /** Requests whose answer takes its time. */
  awaited = 0
  /** Answers that their client has not read yet, and their bytes. */
  #unread = 0
  #bytes = 0
  readonly #answers: number | undefined

  /** `answers` is a pipe without a writer, for short replies. */
  constructor(answers?: number) {
    if (answers === undefined) return
    // A here-string has left its line end.
    fs.readSync(answers, Buffer.alloc(8))
    this.#answers = reopen(answers, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
  }

  /** Count a request until it is answered. */
  awaiting(answer: Promise<Reply>): Promise<Reply> {
    this.awaited += 1
    return answer.finally(() => {
      this.awaited -= 1
    })
  }

  /** Write a reply to a descriptor of a client. */
  send(pid: string, reply: Reply, descriptor = '0'): void {
    const bytes = encodeReply(reply)
    let fd: number
    try {
      fd = fs.openSync(`/proc/${pid}/fd/${descriptor}`, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
    } catch {
      return // the client is gone
    }
    let keep = false
    try {
      // The PID may belong to another process by now: its input may be anything but our pipe.
      const isPipe = fs.fstatSync(fd).isFIFO()
      keep = isPipe && bytes.length > PIPE_BUF && this.#hasRoom(bytes.length)
      if (keep) this.#sendSlowly(fd, bytes)
      else if (isPipe) fs.writeSync(fd, bytes.length > PIPE_BUF ? REFUSAL : bytes)
    } catch {
      // the client is gone, or never reads
    }
    if (!keep) fs.closeSync(fd)
  }

  /** Write a reply of a fixed length to the server's own pipe. */
  sendShort(pid: string, { status, stdout = '', stderr = '' }: Reply): void {
    if (this.#answers === undefined) return
    const mark = stdout === '' && stderr === '' ? '.' : '?'
    try {
      fs.writeSync(this.#answers, `${pid.padEnd(10)}${String(status).padStart(3, '0')}${mark}`)
    } catch {
      // It is full: many have asked and never read.
    }
  }

  #hasRoom(size: number): boolean {
    return this.#unread < MOST_AWAITED && (this.#unread === 0 || this.#bytes + size <= MOST_BYTES)
  }

  /** More than a pipe surely takes at once: let the event loop write it as the client reads. */
  #sendSlowly(fd: number, bytes: Buffer): void {
    const socket = new net.Socket({ fd, readable: false, writable: true })
    this.#unread += 1
    this.#bytes += bytes.length
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      this.#unread -= 1
      this.#bytes -= bytes.length
    })
    socket.unref()
    socket.end(bytes)
  }
}

function encodeReply({ status, stdout = '', stderr = '' }: Reply): Buffer {
  const digits = String(status).padStart(3, '0')
  // bash would drop the NULs and wait for as many bytes more.
  const text = (stdout || stderr).replaceAll('\0', '\ufffd')
  if (text === '') return Buffer.from(`${digits}.`)
  const size = String(Buffer.byteLength(text)).padStart(8, '0')
  return Buffer.from(`${digits}${stdout === '' ? '!' : '>'}${size}${text}`)
}

const REFUSAL = encodeReply(tooMany('answers wait to be read'))
