// A process of a bash file, and what it says over the channel (words, each with the number of the process
// first):
//   _loaded N PID            the library was sourced
//   _register N ENTRY…       all decorated functions: `function NAME LINE FILE`, followed by its
//                            `condition NAME COUNT WORD…` and `guard COUNT FLAG…`
//   _source N FILE LINE COMMAND   a file could not be sourced, or its last command failed
//   _unknown N FILE LINE     a decorator without a function
//   _ended N STATUS FILE LINE COMMAND    the top level ended before reactive_handler_main
//   _next N [STATUS [TEXT]]  the function before ended with STATUS (a method: and printed TEXT); what is
//                            next? Answered with words: its line and file, its endpoint or nothing, and for a
//                            method `method` and the arguments. Status 1 at the end of the iteration
//   _failed N STATUS FILE LINE COMMAND   where a command failed under errexit, or an explicit exit
//   _returned N STATUS FILE LINE COMMAND a function returned non-zero, errexit being off: a warning
//   _guard N FILE NAME FLAG…      a function guarded by `@not_unless` is called

import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Reply } from './channel.ts'
import { type Ending, endOf, handlerEnvironment, startExecutable } from './children.ts'
import { type Condition, makeCondition } from './conditions.ts'
import { messageOf, ReactiveError, UsageError } from './errors.ts'
import { checkFlagName } from './flags.ts'
import { warnUnless } from './handlers.ts'
import type { Session } from './session.ts'

/** Where a process of a bash file says that something happened. */
export interface Place {
  status: number
  file: string
  line: number | undefined
  command: string
}

/** A decorated function as the file reported it. */
export interface Entry {
  name: string
  file: string
  line: number
  /** Line and file as the file's own processes know them. */
  place: string
  conditions: Condition[]
  /** Set for a method that `relation_call` may call. */
  method?: MethodKind
}

/** What a method prints: JSON, or text. */
export interface MethodKind {
  json: boolean
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
  #open = new Map<number, BashProcess>()
  #count = 0

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
      return process.said(word, rest, pid)
    } catch (error) {
      process.fault ??= error
      return { status: 3 }
    }
  }

  async start(file: string, args: readonly string[], capture: boolean): Promise<BashProcess> {
    this.#count += 1
    const number = this.#count
    const env = handlerEnvironment(this.#session.context, this.channelPath)
    const child = await startExecutable(this.#session.context, file, args, {
      env: {
        ...env,
        CHARMS_REACTIVE_PROCESS: String(number),
        ...(this.strict && { CHARMS_REACTIVE_STRICT: 'true' }),
      },
      stdio: ['ignore', 'inherit', capture ? 'pipe' : 'inherit'],
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
  ended: Place | undefined
  failed: Place | undefined
  returned: Place | undefined
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
      process.stderr.write(chunk)
      this.#stderr = `${this.#stderr}${chunk}`.slice(-8192)
    })
  }

  /** The end of what it wrote on stderr. */
  get stderr(): string {
    return this.#stderr
  }

  said(word: string, words: readonly string[], pid: number): Reply | Promise<Reply> {
    switch (word) {
      case '_loaded':
        // A script that the file runs may source the library too: only the file itself counts.
        this.loaded ||= pid === this.child.pid
        return pid === this.child.pid ? DONE : { status: 1 }
      case '_register':
        this.entries = parseEntries(words, (file) => relativeFile(this.#session, file))
        return DONE
      case '_unknown':
        throw new ReactiveError(
          `a decorator without a function: ${relativeFile(this.#session, words[0])}:${words[1]}`,
        )
      case '_ended':
        this.ended = this.#place(words)
        return DONE
      case '_source':
        this.sourced.push({ file: words[0] ?? '', line: words[1] ?? '', command: words.slice(2).join(' ') })
        return DONE
      case '_failed':
        this.failed = this.#place(words)
        return DONE
      case '_returned':
        this.returned = this.#place(words)
        return DONE
      case '_guard':
        warnUnless(this.#session, `${relativeFile(this.#session, words[0])}:${words[1]}`, words.slice(2))
        return DONE
      case '_next':
        return new Promise((resolve) => {
          this.#ask = resolve
          this.#asked?.({ status: words[0] === undefined ? undefined : Number(words[0]), text: words[1] })
        })
      default:
        return { status: 2, stderr: `charms.reactive: ${word}: unknown word\n` }
    }
  }

  /** Wait until it asks for the next function: how the one before ended, or how the process did. */
  async asks(): Promise<Ran | { exit: number }> {
    const asked = new Promise<Ran>((resolve) => {
      this.#asked = resolve
    })
    if (this.#ask !== undefined) return { status: undefined, text: undefined }
    return Promise.race([asked, this.#end.then(({ status }) => ({ exit: status }))])
  }

  /** Let it run what the words say, and wait for the end of that. */
  runs(words: readonly string[]): Promise<Ran | { exit: number }> {
    this.failed = undefined
    this.returned = undefined
    this.#reply({ status: 0, stdout: sized(words) })
    return this.asks()
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

  #place([status, file, line, ...command]: readonly string[]): Place {
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

/** The words of `_register`. */
function parseEntries(words: readonly string[], relative: (file: string) => string): Entry[] {
  const entries: Entry[] = []
  const rest = [...words]
  const take = (count: number) => rest.splice(0, count)
  while (rest.length > 0) {
    const [kind = '', name = ''] = take(2)
    const entry = entries.at(-1)
    if (kind === 'function') {
      const [line = '', file = ''] = take(2)
      entries.push({
        name,
        line: Number(line),
        file: relative(file),
        place: `${line} ${file}`,
        conditions: [],
      })
    } else if (kind === 'condition' && entry !== undefined) {
      const args = take(Number(rest.shift()))
      if (name === 'method') entry.method = at(entry, () => methodKind(args))
      else entry.conditions.push(at(entry, () => makeCondition(name, args)))
    } else if (kind === 'guard' && entry !== undefined) {
      // The file's own processes watch over these calls; that the words are flags is checked here.
      for (const flag of take(Number(name))) at(entry, () => checkFlagName(flag))
    } else {
      throw new ReactiveError(`unknown entry: ${kind}`)
    }
  }
  return entries
}

function methodKind(args: readonly string[]): MethodKind {
  if (args.length > 1 || (args[0] ?? '--json') !== '--json') {
    throw new UsageError(`the decorator takes --json or nothing: @method ${args.join(' ')}`)
  }
  return { json: args.length === 1 }
}

/** An error in a decorator names its function. */
function at<T>(entry: Entry, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new ReactiveError(`${messageOf(error)}, at ${entry.file}:${entry.line} ${entry.name}`, {
      cause: error,
    })
  }
}
