// A process of a bash file, and what it says over the channel (words, each with the number of the process
// first):
//   _loaded N                the library was sourced
//   _register N file FILE ENTRY…   all decorated functions: `function NAME LINE FILE`, followed by each `condition NAME
//                            LINE COUNT WORD…`; or `here NAME LINE COUNT WORD…` for a decorator of the file itself, whose
//                            function is found in the file's text; or all of that as one word,
//                            with the character 0x1f between the words. Answered with the names of functions found
//   _undefined N NAME        a function found in the text is not defined at the end of the file
//   _source N FILE LINE COMMAND   a file could not be sourced, or its last command failed
//   _refused N RULE FILE LINE     an error in the file: a decorator without a function, or one that does not exist
//   _ended N STATUS FILE LINE COMMAND    the top level ended before reactive_handler_main
//   _next N [STATUS [TEXT]]  the function before ended with STATUS (a method: and printed TEXT); what is
//                            next? Answered with words: its line and file, its endpoint or nothing, and
//                            `method` and the arguments, or `function` and the engine's descriptor for short replies,
//                            if it has one. Status 1 at the end of the iteration
//   _failed N STATUS FILE LINE COMMAND   where a command failed under errexit, or an explicit exit
//   _returned N STATUS FILE LINE COMMAND a function returned non-zero by itself: a warning with errexit off, and
//                            the answer of a method
//   _each N COMMAND WORD…    a command of the top level, for each endpoint of the file's interface layer: answered
//                            by handler-host.ts
//   _guard N FILE NAME FLAG…      a function guarded by `@not_unless` is called

import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import { ReactiveError } from '../../errors.ts'
import type { Reply } from '../../system/channel.ts'
import type { Pipe } from '../../system/pipes.ts'
import type { Session } from '../../unit/session.ts'
import { type Ending, endOf, endOfOutput } from '../children.ts'
import { warnUnless } from '../handlers.ts'
import { type Entry, parseEntries, withoutFunction } from './entries.ts'
import { type BashFile, linesOf } from './file-text.ts'
import type { HeldOutput } from './held-output.ts'

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

/** What a process says on stderr, and the pipe that it comes from. */
export interface Heard {
  pipe: Pipe
  said: HeldOutput
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
  readonly file: BashFile
  readonly #end: Promise<Ending>
  readonly #heard: Heard | undefined
  #session: Session
  #ask: ((reply: Reply) => void) | undefined
  #asked: ((ran: Ran) => void) | undefined

  constructor(session: Session, file: BashFile, child: ChildProcess, heard?: Heard) {
    this.#session = session
    this.file = file
    this.child = child
    this.#heard = heard
    this.#end = endOf(child)
  }

  /** Wait until the process has ended and what it wrote has come. */
  async settled(): Promise<Ending> {
    const ending = await this.#end
    if (this.#heard !== undefined) await endOfOutput(this.#heard.pipe)
    return ending
  }

  /** Print what it wrote on stderr before it sourced the library. */
  printHeld(): void {
    this.#heard?.said.print()
  }

  /** The end of what it wrote on stderr. */
  get stderr(): string {
    return this.#heard?.said.text ?? ''
  }

  receive(word: string, words: readonly string[], pid: number): Reply | Promise<Reply> {
    switch (word) {
      case '_loaded':
        // A script that the file runs may source the library too: only the file itself counts.
        if (pid !== this.child.pid) return { status: 1 }
        this.loaded = true
        this.printHeld()
        return DONE
      case '_register':
        return this.#register(words.length === 1 ? (words[0] ?? '').split('\x1f') : words)
      case '_undefined': {
        const { file, line } = this.entries?.find(({ name }) => name === words[0]) ?? { file: '', line: 0 }
        throw withoutFunction(file, line)
      }
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

  #register(words: readonly string[]): Reply {
    this.entries = parseEntries(words, {
      lines: linesOf(this.file),
      relative: (file) => relativeFile(this.#session, file),
      warn: (message) => this.#session.log.warning(message),
    })
    return { status: 0, stdout: this.entries.map(({ name }) => name).join(' ') }
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
    return this.ended ?? { status: result.exit, file: this.file.path, line: undefined, command: '' }
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
