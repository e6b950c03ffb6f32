// The channel: how a child of a dispatch talks to it. One side is this server, the other is
// `_reactive_call` in shell/channel.sh, which uses bash builtins alone. The simulated unit's hook
// tools speak it too. This comment is the specification.
//
// Who starts it      A process calls `openChannel`. The channel is an anonymous pipe of that process:
//                    no name in the file system, so nothing of it can remain, and the kernel lets only
//                    the same user (or root) open it.
// How it is found    Through its path, /proc/PID/fd/N, which children get in an environment variable.
// Request            One write of at most PIPE_BUF (4,096) bytes, hence never mixed with another:
//                    an empty record, the header, the arguments, an empty record; each record ends with
//                    NUL and each argument begins with `=`. The header is the PID of the client. With
//                    `PID:FD` there are no arguments: they are read from descriptor FD of the client,
//                    their sizes in bytes on a line, then all of them in one piece (long requests, and from bash those
//                    with a line end, at which its `printf` ends one write and begins another).
// Short replies      With a header `PID@` the reply is written to a pipe of the server, which the client knows of and
//                    opens for each: `PID 001.` in 14 bytes, the number filled up by blanks. It sees the end of that
//                    pipe when the server dies, so it needs no pipe of its own and no time limit. Only one process at a
//                    time may ask so. A reply with a text, which does not fit, is `?` in place of the `.`: ask again.
// No answer wanted   A header that ends with `!`: the client goes on at once. Its later requests are read
//                    after this one. A refusal goes to the server's own process, not to the client.
// Reply              To each other request exactly one, written to descriptor 0 of the client, which has put a pipe of its own
//                    there, or with a header `PID>FD` (`PID:FD>FD`) to that descriptor: three digits of status; `.`, or `>` (text for stdout) or `!` (for stderr),
//                    eight digits of length in bytes, and the text. A text never holds NUL.
// Errors             A record that begins with anything but `=` or a digit, and a frame that is cut
//                    short, are dropped: a header starts a new frame. A request that cannot be read is
//                    answered with status 2. A client that is gone when its reply comes is ignored.
// Limits             So that no client takes all memory: 64 KiB for a frame, 16 MiB for a long request, and
//                    what channel-replies.ts says for answers. Beyond them a request is refused by one line.
// End                The pipe of a dispatch vanishes with its process, and not before; a client that waits asks every half second
//                    whether the process lives, and fails with one line when it does not.

import fs from 'node:fs'
import { messageOf } from '../errors.ts'
import { MOST_AWAITED, Replies, tooMany } from './channel-replies.ts'
import { Readers } from './pipe-ends.ts'
import { makePipes, reopen } from './pipes.ts'

/** The answer to one request. `stderr` is only looked at when `stdout` is empty. */
export interface Reply {
  /** Exit status, 0 to 255. */
  status: number
  /** Text exactly as it shall be printed, line end included. */
  stdout?: string
  stderr?: string
}

/** Answers one request. Requests of different clients run side by side when it returns a promise. */
export type RequestHandler = (args: string[], clientPid: number) => Reply | Promise<Reply>

export interface Channel {
  /** What children open: `/proc/PID/fd/N`. */
  readonly path: string
  /** Stop reading. Requests under way still get their reply. */
  close(): void
}

/** With an end for writing of its own, it never sees the end of what it reads. */
const READING = fs.constants.O_RDWR | fs.constants.O_NONBLOCK
const MAX_FRAME = 64 * 1024
const MAX_REQUEST = 16 * 1024 * 1024
/** Of the line of sizes in a long request: 100,000 words and more. */
const MAX_SIZES = 512 * 1024
const EQUALS = 0x3d
/** PID, the descriptor of the words, the descriptor for the reply, no reply or a short one. */
const HEADER = /^([1-9][0-9]{0,9})(?::([0-9]{1,4}))?(?:>([0-9]{1,4}))?([!@]?)$/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export interface ChannelOptions {
  /** A descriptor of a pipe, if there is one already. */
  pipe?: number | undefined
  /**
   * Keep the descriptor until this process ends: what a job says to the path after the end of the channel must not
   * get into another file of the same number.
   */
  keep?: boolean
  /** A descriptor of a pipe without a writer, for short replies. */
  answers?: number | undefined
  readers?: Readers
}

/** Open a channel of this process and answer what comes over it. */
export function openChannel(
  handle: RequestHandler,
  onRefusal: (reply: Reply) => void = () => undefined,
  { pipe, keep = false, answers, readers = new Readers() }: ChannelOptions = {},
): Channel {
  const descriptor = pipe ?? makePipes(1)[0]
  const fd = reopen(descriptor, READING)
  if (!keep) fs.closeSync(descriptor)
  const replies = new Replies(answers)
  const receive = frameReader((header, records) => serve(header, records, handle, onRefusal, replies))
  const reader = readers.open(fd, receive)
  // The channel alone must not keep the process alive.
  reader.unref()
  return { path: `/proc/${process.pid}/fd/${keep ? descriptor : fd}`, close: () => reader.close() }
}

/** Cut a byte stream into frames. Bytes that fit no frame are dropped. */
export function frameReader(emit: (header: string, args: Buffer[]) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let header: string | undefined
  let args: Buffer[] = []
  let size = 0

  const take = (record: Buffer): void => {
    if (record.length === 0) {
      if (header !== undefined) emit(header, args)
      header = undefined
      args = []
      size = 0
    } else if (record[0] === EQUALS) {
      if (header !== undefined) args.push(record.subarray(1))
    } else {
      const text = record.toString('latin1')
      header = HEADER.test(text) ? text : undefined
      args = []
      size = 0
    }
  }

  return (chunk) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let end = bytes.indexOf(0)
    while (end !== -1) {
      size += end + 1
      if (size > MAX_FRAME) header = undefined
      take(bytes.subarray(0, end))
      bytes = bytes.subarray(end + 1)
      end = bytes.indexOf(0)
    }
    // A record longer than any frame is garbage: remember only that it was there.
    rest = bytes.length > MAX_FRAME ? Buffer.from('!') : bytes
  }
}

function serve(
  header: string,
  records: Buffer[],
  handle: RequestHandler,
  onRefusal: (reply: Reply) => void,
  replies: Replies,
): void {
  const [, pid = '', descriptor, replyTo = '0', kind] = HEADER.exec(header) ?? []
  const refuse = (reply: Reply) => (reply.status === 0 ? undefined : onRefusal(reply))
  const send = (answer: Reply) => replies.send(pid, answer, replyTo)
  const reply =
    kind === '!' ? refuse : kind === '@' ? (answer: Reply) => replies.sendShort(pid, answer) : send
  let args: string[]
  try {
    args = (descriptor === undefined ? records : readByReference(pid, descriptor)).map((r) => utf8.decode(r))
  } catch (error) {
    const rule = error instanceof TypeError ? 'arguments must be UTF-8' : 'the request cannot be read'
    reply({ status: 2, stderr: `charms.reactive: ${rule}: ${messageOf(error)}\n` })
    return
  }
  const isFull = replies.awaited >= MOST_AWAITED
  const answer = isFull ? tooMany(`${MOST_AWAITED} wait for an answer`) : handle(args, Number(pid))
  if (answer instanceof Promise) void replies.awaiting(answer).then(reply)
  else reply(answer)
}

/** The arguments of a long request, from a descriptor of the client: a pipe, or a file where none is as large. */
function readByReference(pid: string, descriptor: string): Buffer[] {
  // Read from the channel itself, requests of others would be lost.
  if (Number(pid) === process.pid) throw new RangeError('it is a descriptor of the dispatch')
  const fd = fs.openSync(`/proc/${pid}/fd/${descriptor}`, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  try {
    const stat = fs.fstatSync(fd)
    // A device has no end, and reading may do something to it.
    if (!stat.isFIFO() && !stat.isFile()) throw new RangeError('neither a pipe nor a file')
    return cutBySizes(readAll(fd))
  } finally {
    fs.closeSync(fd)
  }
}

/** All that comes, in one buffer: pieces of a byte each would take far more memory than their bytes. */
function readAll(fd: number): Buffer {
  let bytes = Buffer.allocUnsafe(65536)
  let size = 0
  for (;;) {
    const count = fs.readSync(fd, bytes, size, bytes.length - size, null)
    size += count
    if (count === 0) return bytes.subarray(0, size)
    if (size > MAX_REQUEST) throw new RangeError(`longer than ${MAX_REQUEST} bytes`)
    if (size === bytes.length) bytes = Buffer.concat([bytes], 2 * size)
  }
}

/** The sizes must be what they say: words that overlap would be more than was sent. */
function cutBySizes(bytes: Buffer): Buffer[] {
  const end = bytes.indexOf('\n')
  if (end === -1 || end > MAX_SIZES) throw new RangeError(`its sizes take more than ${MAX_SIZES} bytes`)
  const sizes = bytes.toString('latin1', 0, end).split(' ').slice(0, -1)
  let at = end + 1
  return sizes.map((digits) => {
    const size = /^[0-9]{1,8}$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY
    if (at + size > bytes.length) throw new RangeError(`shorter than it says: ${digits.slice(0, 20)}`)
    at += size
    return bytes.subarray(at - size, at)
  })
}
