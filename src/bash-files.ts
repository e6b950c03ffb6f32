// Bash files that source the library. A file runs once per dispatch to register: it reports its decorated
// functions, and from then on the engine tests their conditions itself. When functions of it run, one
// process of the file serves an iteration: after its top-level code it asks for the next function again
// and again, and runs each in a subshell of its own.
//
// What such a process says over the channel (words, each with the number of the process first):
//   _loaded N PID            the library was sourced
//   _register N ENTRY…       all decorated functions: `function NAME LINE FILE`, followed by its
//                            `condition NAME COUNT WORD…` and `guard COUNT FLAG…`
//   _source N FILE LINE COMMAND   a file could not be sourced, or its last command failed
//   _unknown N FILE LINE     a decorator without a function
//   _ended N STATUS FILE LINE COMMAND    the top level ended before reactive_handler_main
//   _next N [STATUS]         the function before ended with STATUS; what is next? Answered with its line
//                            and file, or with status 1 at the end of the iteration
//   _failed N STATUS FILE LINE COMMAND   where a command failed under errexit, or an explicit exit
//   _returned N STATUS FILE LINE COMMAND a function returned non-zero, errexit being off: a warning
//   _guard N NAME FLAG…      a function guarded by `@not_unless` is called

import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Reply } from './channel.ts'
import { type Ending, endOf, handlerEnvironment, startExecutable } from './children.ts'
import { type Condition, makeCondition } from './conditions.ts'
import { HandlerError, messageOf, oneLine, ReactiveError } from './errors.ts'
import { checkFlagName } from './flags.ts'
import { decoratedHandler, type Handler, type HandlerSource, uniqueIds, warnUnless } from './handlers.ts'
import type { Session } from './session.ts'

/** Where a process of a bash file says that something happened. */
interface Place {
  status: number
  file: string
  line: number | undefined
  command: string
}

/** A decorated function as the file reported it. */
interface Entry {
  name: string
  file: string
  line: number
  /** Line and file as the file's own processes know them. */
  place: string
  conditions: Condition[]
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
  #asked: ((status: number | undefined) => void) | undefined

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
          this.#asked?.(words[0] === undefined ? undefined : Number(words[0]))
        })
      default:
        return { status: 2, stderr: `charms.reactive: ${word}: unknown word\n` }
    }
  }

  /** Wait until it asks for the next function: the status of the one before, or how the process ended. */
  async asks(): Promise<{ status: number | undefined } | { exit: number }> {
    const asked = new Promise<{ status: number | undefined }>((resolve) => {
      this.#asked = (status) => resolve({ status })
    })
    if (this.#ask !== undefined) return { status: undefined }
    return Promise.race([asked, this.#end.then(({ status }) => ({ exit: status }))])
  }

  /** Let it run a function. */
  next(place: string): void {
    this.#reply({ status: 0, stdout: place })
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

/** A bash file of a charm: its handlers, and the process that runs them in the present iteration. */
class BashFile implements HandlerSource {
  readonly handlers: readonly Handler[]
  #file: string
  #processes: BashProcesses
  #process: BashProcess | undefined

  constructor(file: string, processes: BashProcesses, entries: readonly Entry[]) {
    this.#file = file
    this.#processes = processes
    const unique = uniqueIds()
    this.handlers = entries.map((entry) => {
      const id = unique(`${entry.file}:${entry.name}`)
      return decoratedHandler({ ...entry, id, invoke: (session) => this.#invoke(session, entry, id) })
    })
  }

  async endIteration(): Promise<void> {
    const process = this.#process
    this.#process = undefined
    await process?.finish()
  }

  async #invoke(session: Session, { name, file, line, place }: Entry, id: string): Promise<void> {
    if (this.#process === undefined) {
      this.#process = await this.#processes.start(this.#file, ['--invoke', name], false)
      const ready = await this.#process.asks()
      if ('exit' in ready) throw this.#died(id, file, undefined, ready.exit)
    }
    const process = this.#process
    process.failed = undefined
    process.returned = undefined
    process.next(place)
    const result = await process.asks()
    if ('exit' in result) throw this.#died(id, file, line, result.exit)
    const status = result.status ?? 0
    if (process.fault !== undefined) throw process.fault
    if (status !== 0) throw failure(id, process.failed ?? { status, file, line, command: '' }, status)
    const { returned } = process as { returned: Place | undefined }
    if (returned !== undefined) session.log.warning(describeReturn(id, returned))
  }

  #died(id: string, file: string, line: number | undefined, status: number): HandlerError {
    const place = this.#process?.ended ?? { status, file, line, command: '' }
    this.#process = undefined
    return failure(id, place, status === 0 ? 1 : status)
  }
}

/**
 * Run a file to register its handlers. Undefined when it turns out not to source the library: then it is
 * a foreign executable. Whatever keeps it from reaching reactive_handler_main is an error, but for an
 * explicit `exit`, which says that nothing of it applies here.
 */
export async function registerBashFile(
  session: Session,
  file: string,
  processes: BashProcesses,
): Promise<HandlerSource | undefined> {
  // What sources nothing is foreign, and is asked no more often than the protocol says.
  if (!sourcesSomething(session, file)) return undefined
  const process = await processes.start(file, ['--test'], true)
  const { status, signal } = await endOf(process.child)
  await process.settled
  if (process.fault !== undefined) throw process.fault
  const missing = missingSource(session, process)
  if (missing !== undefined) throw missing
  if (process.entries !== undefined) return new BashFile(file, processes, process.entries)
  if (!process.loaded && !mentionsLibrary(session, file)) return undefined
  if (process.ended !== undefined && /^exit\b/.test(process.ended.command)) {
    session.log.debug(`${file} does not apply here: ${process.ended.command} at ${place(process.ended)}`)
    return { handlers: [] }
  }
  if (signal === null && status !== 0 && mayHaveExited(session, process)) {
    session.log.warning(`${file} does not apply here: it ended with status ${status}`)
    return { handlers: [] }
  }
  throw abortion(file, status, process)
}

function sourcesSomething(session: Session, file: string): boolean {
  const text = fs.readFileSync(path.join(session.context.charmDir, file), 'latin1')
  return /(^|[\s;&|({])(source|\.)\s/m.test(text) || mentionsLibrary(session, file)
}

/**
 * Whether an explicit exit is the likely end where nobody told of it, above the line that sources the
 * library or behind an EXIT trap of the file's own: bash has said of no error.
 */
function mayHaveExited(session: Session, { ended, file, loaded, stderr }: BashProcess): boolean {
  if (ended !== undefined || /: line \d+: /.test(stderr)) return false
  const text = fs.readFileSync(path.join(session.context.charmDir, file), 'latin1')
  return loaded || /\bexit\b.*charms\.reactive\.sh/s.test(text)
}

/** Whether the text of the file names the library: then it is no foreign script, whatever happened. */
export function mentionsLibrary(session: Session, file: string): boolean {
  return fs.readFileSync(path.join(session.context.charmDir, file), 'latin1').includes('charms.reactive.sh')
}

/** A file that could not be sourced is an error also where errexit is off. bash says on stderr which. */
function missingSource(session: Session, { sourced, stderr }: BashProcess): ReactiveError | undefined {
  for (const { file, line, command } of sourced) {
    const prefix = `${file}: line ${line}: `
    const said = stderr.split('\n').find((text) => text.startsWith(prefix))
    if (said === undefined) continue
    const where = `${relativeFile(session, file)}:${line}`
    const reason = oneLine(said.slice(prefix.length))
    return new ReactiveError(`the file cannot be sourced: ${where}: ${command}: ${reason}`)
  }
  return undefined
}

/** Why a file did not reach reactive_handler_main. bash says the line of a syntax error only on stderr. */
function abortion(file: string, status: number, { ended, stderr }: BashProcess): ReactiveError {
  const places = stderr.split('\n').filter((text) => /: line \d+: /.test(text))
  // A syntax error is followed by its line of source.
  const said = places.findLast((text) => text.includes('syntax error')) ?? places.at(-1) ?? ''
  const line = /: line (\d+): /.exec(said)?.[1]
  const reason = said.replace(/^.*?: line \d+: /, '')
  if (ended?.status === 0 || (status === 0 && said === '')) {
    return new ReactiveError(
      `the file ends without reactive_handler_main: ${file}:${ended?.line ?? line ?? 1}`,
    )
  }
  const where = ended?.line === undefined ? `${file}:${line ?? 1}` : place(ended)
  const what = reason || ended?.command || `status ${status}`
  return new ReactiveError(
    `the file does not register, it ended with status ${status} at ${where}: ${oneLine(what)}`,
  )
}

function failure(id: string, { file, line, command }: Place, status: number): HandlerError {
  return new HandlerError({ handler: id, file, line, command: command || undefined, status })
}

function describeReturn(id: string, returned: Place): string {
  return `${id} returned ${returned.status} at ${place(returned)}: ${oneLine(returned.command)}`
}

function place({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`
}

function relativeFile(session: Session, file = ''): string {
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
      entry.conditions.push(at(entry, () => makeCondition(name, args)))
    } else if (kind === 'guard' && entry !== undefined) {
      // The file's own processes watch over these calls; that the words are flags is checked here.
      for (const flag of take(Number(name))) at(entry, () => checkFlagName(flag))
    } else {
      throw new ReactiveError(`unknown entry: ${kind}`)
    }
  }
  return entries
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
