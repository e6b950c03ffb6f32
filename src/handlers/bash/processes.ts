// A process of a bash file, and what it says over the channel (words, each with the number of the process
// first):
//   _loaded N PID            the library was sourced
//   _register N ENTRY…       all decorated functions: `function NAME LINE FILE`, followed by its
//                            `condition NAME LINE COUNT WORD…` and `guard COUNT FLAG…`
//   _source N FILE LINE COMMAND   a file could not be sourced, or its last command failed
//   _refused N RULE FILE LINE     an error in the file: a decorator without a function, or one that does not exist
//   _ended N STATUS FILE LINE COMMAND    the top level ended before reactive_handler_main
//   _next N [STATUS [TEXT]]  the function before ended with STATUS (a method: and printed TEXT); what is
//                            next? Answered with words: its line and file, its endpoint or nothing, and for a
//                            method `method` and the arguments. Status 1 at the end of the iteration
//   _failed N STATUS FILE LINE COMMAND   where a command failed under errexit, or an explicit exit
//   _returned N STATUS FILE LINE COMMAND a function returned non-zero by itself: a warning with errexit off, and
//                            the answer of a method
//   _each N COMMAND WORD…    a command of the top level, for each endpoint of the file's interface layer: answered
//                            by handler-host.ts
//   _guard N FILE NAME FLAG…      a function guarded by `@not_unless` is called

import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ReactiveError } from '../../errors.ts'
import type { Reply } from '../../system/channel.ts'
import { statOfProcess } from '../../system/processes.ts'
import type { Session } from '../../unit/session.ts'
import { type Ending, endOf, handlerEnvironment, startExecutable } from '../children.ts'
import { warnUnless } from '../handlers.ts'
import { MethodCalls } from '../running-methods.ts'
import { type Entry, parseEntries } from './entries.ts'
import { sourcesOwnCopy } from './file-text.ts'

/** What a process of a bash file says has ended or failed: with which status, and where. */
export interface Failure {
  status: number
  file: string
  line: number | undefined
  command: string
}

/** How a function ended: its status, and what a method printed. */
interface Ran {
  status: number | undefined
  text: string | undefined
}

const DONE: Reply = { status: 0 }

/** All processes of bash files in a dispatch, and what they say over the channel. */
export class BashProcesses {
  channelPath = ''
  /** Whether every handler runs under `set -euo pipefail`. */
  strict = false
  #session: Session
  readonly calls = new MethodCalls()
  #open = new Map<number, BashProcess>()
  #count = 0
  /** By PID, the processes that may run already, but whose turn to be heard comes later. */
  #early = new Map<number, Promise<void>>()

  constructor(session: Session) {
    this.#session = session
  }

  /** Answer a word of a process; undefined when it is none of theirs. */
  answer(args: readonly string[], pid: number): Reply | Promise<Reply> | undefined {
    const [word = '', number = '', ...rest] = args
    if (!word.startsWith('_')) return undefined
    const process = this.#open.get(Number(number))
    if (process === undefined) return undefined
    try {
      return process.receive(word, rest, pid)
    } catch (error) {
      process.fault ??= error
      return { status: 3 }
    }
  }

  /** Let what the process and its children ask wait for its turn. */
  waitFor(turn: Promise<void>, { child: { pid = 0 } }: BashProcess): void {
    this.#early.set(pid, turn)
    void turn.then(() => this.#early.delete(pid))
  }

  /** The turn that a client has to wait for, if it is one of an early process. */
  turnOf(client: number): Promise<void> | undefined {
    if (this.#early.size === 0) return undefined
    let pid = client
    while (pid > 1 && !this.#early.has(pid)) pid = statOfProcess(pid)?.parent ?? 0
    return this.#early.get(pid)
  }

  /** The file that a process runs, by the number that it says. */
  fileOf(number: string): string | undefined {
    return this.#open.get(Number(number))?.file
  }

  #textOf(file: string): string {
    const { charmDir } = this.#session.context
    return fs.readFileSync(path.join(charmDir, file), 'latin1')
  }

  async start(file: string, args: readonly string[], capture: boolean): Promise<BashProcess> {
    this.#count += 1
    const number = this.#count
    const env = handlerEnvironment(this.#session.context, this.channelPath)
    const child = await startExecutable(this.#session.context, file, args, {
      env: {
        ...env,
        CHARMS_REACTIVE_PROCESS: `${number}:${args[0]}`,
        // bash reads this file first.
        ...(sourcesOwnCopy(this.#textOf(file)) && {
          BASH_ENV: path.join(this.#session.context.shellDir, 'stand-in.sh'),
        }),
        ...(this.strict && { CHARMS_REACTIVE_STRICT: 'true' }),
      },
      // Outside of a dispatch stdout is for the answer.
      stdio: ['ignore', this.#session.inDispatch ? 'inherit' : 2, capture ? 'pipe' : 'inherit'],
    })
    const process = new BashProcess(this.#session, file, child)
    this.#open.set(number, process)
    void endOf(child).then(() => this.#open.delete(number))
    return process
  }
}

/** One process of a bash file. */
export class BashProcess {
  /** Whether it sourced the library at all. */
  loaded = false
  entries: Entry[] | undefined
  ended: Failure | undefined
  failed: Failure | undefined
  returned: Failure | undefined
  /** Failed attempts to source a file. */
  readonly sourced: { file: string; line: string; command: string }[] = []
  /** An error in what it said. */
  fault: unknown
  readonly child: ChildProcess
  readonly file: string
  /** Resolves when the process has ended and what it wrote has come. */
  readonly settled: Promise<unknown>
  readonly #end: Promise<Ending>
  #session: Session
  #stderr = ''
  #held: Buffer[] = []
  #ask: ((reply: Reply) => void) | undefined
  #asked: ((ran: Ran) => void) | undefined

  constructor(session: Session, file: string, child: ChildProcess) {
    this.#session = session
    this.file = file
    this.child = child
    // What a background job of the file writes later is not waited for.
    const closed = new Promise((resolve) => child.once('close', resolve))
    this.#end = endOf(child)
    this.settled = this.#end.then(() => Promise.race([closed, setTimeout(200, undefined, { ref: false })]))
    child.stderr?.on('data', (chunk: Buffer) => {
      if (this.loaded) process.stderr.write(chunk)
      else this.#held.push(chunk)
      this.#stderr = `${this.#stderr}${chunk}`.slice(-8192)
    })
  }

  /** Print what it wrote on stderr before it sourced the library: until then an error may say it all in one line. */
  printHeld(): void {
    for (const chunk of this.#held.splice(0)) process.stderr.write(chunk)
  }

  /** The end of what it wrote on stderr. */
  get stderr(): string {
    return this.#stderr
  }

  receive(word: string, words: readonly string[], pid: number): Reply | Promise<Reply> {
    switch (word) {
      case '_loaded':
        // A script that the file runs may source the library too: only the file itself counts.
        this.loaded ||= pid === this.child.pid
        if (this.loaded) this.printHeld()
        return pid === this.child.pid ? DONE : { status: 1 }
      case '_register':
        this.entries = parseEntries(
          words,
          (file) => relativeFile(this.#session, file),
          (message) => this.#session.log.warning(message),
        )
        return DONE
      case '_refused':
        throw new ReactiveError(`${words[0]}: ${relativeFile(this.#session, words[1])}:${words[2]}`)
      case '_ended':
        this.ended = this.#failure(words)
        return DONE
      case '_source':
        this.sourced.push({ file: words[0] ?? '', line: words[1] ?? '', command: words.slice(2).join(' ') })
        return DONE
      case '_failed':
        this.failed = this.#failure(words)
        return DONE
      case '_returned':
        this.returned = this.#failure(words)
        return DONE
      case '_guard':
        warnUnless(this.#session, `${relativeFile(this.#session, words[0])}:${words[1]}`, words.slice(2))
        return DONE
      case '_next':
        // A second one to ask would take what is meant for the first, which then waits for ever.
        if (pid !== this.child.pid) return { status: 1 }
        return new Promise((resolve) => {
          this.#ask = resolve
          this.#asked?.({ status: words[0] === undefined ? undefined : Number(words[0]), text: words[1] })
        })
      default:
        return { status: 2, stderr: `charms.reactive: ${word}: unknown word\n` }
    }
  }

  /** Wait until it asks for the next function: how the one before ended, or how the process did. */
  async nextRequest(): Promise<Ran | { exit: number }> {
    const asked = new Promise<Ran>((resolve) => {
      this.#asked = resolve
    })
    if (this.#ask !== undefined) return { status: undefined, text: undefined }
    return Promise.race([asked, this.#end.then(({ status }) => ({ exit: status }))])
  }

  /** Wait until it asks for the first function. Gives where it died before that, if it did. */
  async ready(): Promise<Failure | undefined> {
    const result = await this.nextRequest()
    if (!('exit' in result)) return undefined
    return this.ended ?? { status: result.exit, file: this.file, line: undefined, command: '' }
  }

  /** Let it run what the words say, and wait for the end of that. */
  run(words: readonly string[]): Promise<Ran | { exit: number }> {
    this.failed = undefined
    this.returned = undefined
    this.#reply({ status: 0, stdout: sized(words) })
    return this.nextRequest()
  }

  /** Let it end, and wait for that. */
  async finish(): Promise<void> {
    this.#reply({ status: 1 })
    await this.#end
  }

  #reply(reply: Reply): void {
    const ask = this.#ask
    this.#ask = undefined
    ask?.(reply)
  }

  #failure([status, file, line, ...command]: readonly string[]): Failure {
    return {
      status: Number(status),
      file: relativeFile(this.#session, file),
      line: Number(line) || undefined,
      command: command.join(' '),
    }
  }
}

/** Words in one text: their sizes in bytes on a line, then all of them in one piece. */
function sized(words: readonly string[]): string {
  return `${words.map((word) => Buffer.byteLength(word)).join(' ')}\n${words.join('')}`
}

/** A file as the charm names it. */
export function relativeFile(session: Session, file = ''): string {
  const { charmDir } = session.context
  const relative = path.relative(charmDir, path.resolve(charmDir, file))
  return relative.startsWith('..') ? file : relative
}

/** `reactive/app.sh:12`. */
export function place({ file, line }: Pick<Failure, 'file' | 'line'>): string {
  return line === undefined ? file : `${file}:${line}`
}
