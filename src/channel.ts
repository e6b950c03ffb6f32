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
//                    their sizes in bytes on a line, then all of them in one piece (long requests).
// No answer wanted   A header that ends with `!`: the client goes on at once. Its later requests are read
//                    after this one. A refusal goes to the server's own process, not to the client.
// Reply              To each other request exactly one, written to descriptor 0 of the client, which has put a pipe of its own
//                    there: three digits of status; `.`, or `>` (text for stdout) or `!` (for stderr),
//                    eight digits of length in bytes, and the text. A text never holds NUL.
// Errors             A record that begins with anything but `=` or a digit, and a frame that is cut
//                    short, are dropped: a header starts a new frame. A request that cannot be read is
//                    answered with status 2. A client that is gone when its reply comes is ignored.
// End                The pipe vanishes with the process; a client that waits asks every half second
//                    whether the process lives, and fails with one line when it does not.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { messageOf, ReactiveError } from './errors.ts'

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

const MAX_FRAME = 64 * 1024
const MAX_REQUEST = 16 * 1024 * 1024
const EQUALS = 0x3d
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Open a channel of this process and answer what comes over it. */
export function openChannel(
  handle: RequestHandler,
  onRefusal: (reply: Reply) => void = () => undefined,
): Channel {
  const descriptor = makePipe()
  const socket = new net.Socket({ fd: descriptor, readable: true, writable: false })
  const receive = frameReader((header, records) => serve(header, records, handle, onRefusal))
  socket.on('data', receive)
  socket.on('error', () => socket.destroy())
  // The channel alone must not keep the process alive.
  socket.unref()
  return { path: `/proc/${process.pid}/fd/${descriptor}`, close: () => void socket.destroy() }
}

/** Node has no call for a pipe that others can open, so a FIFO is made and its name removed at once. */
function makePipe(): number {
  const dir = makeTemporaryDir()
  try {
    const fifo = path.join(dir, 'channel')
    const made = spawnSync('mkfifo', ['-m', '600', fifo], { stdio: ['ignore', 'ignore', 'pipe'] })
    if (made.status !== 0) {
      const reason = made.error?.message ?? made.stderr.toString()
      throw new ReactiveError(`the channel cannot be made: mkfifo: ${reason.trim()}`)
    }
    return fs.openSync(fifo, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

function makeTemporaryDir(): string {
  try {
    return fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-'))
  } catch (error) {
    throw new ReactiveError(`the channel cannot be made: ${os.tmpdir()}: ${messageOf(error)}`, {
      cause: error,
    })
  }
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
      header = /^[1-9][0-9]{0,9}(:[0-9]{1,4})?!?$/.test(text) ? text : undefined
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
): void {
  const [pid = '', descriptor] = header.replace('!', '').split(':')
  const refuse = (reply: Reply) => (reply.status === 0 ? undefined : onRefusal(reply))
  const reply = header.endsWith('!') ? refuse : (answer: Reply) => send(pid, answer)
  let args: string[]
  try {
    args = (descriptor === undefined ? records : readByReference(pid, descriptor)).map((r) => utf8.decode(r))
  } catch (error) {
    const rule = error instanceof TypeError ? 'arguments must be UTF-8' : 'the request cannot be read'
    reply({ status: 2, stderr: `charms.reactive: ${rule}: ${messageOf(error)}\n` })
    return
  }
  const answer = handle(args, Number(pid))
  if (answer instanceof Promise) void answer.then(reply)
  else reply(answer)
}

/** The arguments of a long request, from a descriptor of the client. */
function readByReference(pid: string, descriptor: string): Buffer[] {
  const fd = fs.openSync(`/proc/${pid}/fd/${descriptor}`, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  try {
    const chunks: Buffer[] = []
    let size = 0
    for (;;) {
      const chunk = Buffer.allocUnsafe(65536)
      const count = fs.readSync(fd, chunk)
      if (count === 0) break
      size += count
      if (size > MAX_REQUEST) throw new RangeError(`longer than ${MAX_REQUEST} bytes`)
      chunks.push(chunk.subarray(0, count))
    }
    return cutBySizes(Buffer.concat(chunks))
  } finally {
    fs.closeSync(fd)
  }
}

function cutBySizes(bytes: Buffer): Buffer[] {
  let at = bytes.indexOf('\n') + 1
  const sizes = bytes.toString('latin1', 0, at).split(' ').slice(0, -1).map(Number)
  return sizes.map((size) => {
    at += size
    return bytes.subarray(at - size, at)
  })
}

function send(pid: string, reply: Reply): void {
  const bytes = encodeReply(reply)
  let fd: number
  try {
    fd = fs.openSync(`/proc/${pid}/fd/0`, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
  } catch {
    return // the client is gone
  }
  let keep = false
  try {
    // The PID may belong to another process by now: its input may be anything but our pipe.
    const isPipe = fs.fstatSync(fd).isFIFO()
    keep = isPipe && bytes.length > 4096
    if (keep) sendSlowly(fd, bytes)
    else if (isPipe) fs.writeSync(fd, bytes)
  } catch {
    // the client is gone, or never reads
  }
  if (!keep) fs.closeSync(fd)
}

/** More than a pipe surely takes at once: let the event loop write it as the client reads. */
function sendSlowly(fd: number, bytes: Buffer): void {
  const socket = new net.Socket({ fd, readable: false, writable: true })
  socket.on('error', () => socket.destroy())
  socket.unref()
  socket.end(bytes)
}

function encodeReply({ status, stdout = '', stderr = '' }: Reply): Buffer {
  const digits = String(status).padStart(3, '0')
  // bash would drop the NULs and wait for as many bytes more.
  const text = (stdout || stderr).replaceAll('\0', '\ufffd')
  if (text === '') return Buffer.from(`${digits}.`)
  const size = String(Buffer.byteLength(text)).padStart(8, '0')
  return Buffer.from(`${digits}${stdout === '' ? '!' : '>'}${size}${text}`)
}
