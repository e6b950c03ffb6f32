// The processes of bash files in a dispatch: how they start, and which of them says something over the channel.

import type { SpawnOptions } from 'node:child_process'
import path from 'node:path'
import type { Reply } from '../../system/channel.ts'
import { statOfProcess } from '../../system/processes.ts'
import type { Session } from '../../unit/session.ts'
import { endOf, handlerEnvironment, startExecutable } from '../children.ts'
import type { HandlerOutput } from '../handler-output.ts'
import { MethodCalls } from '../running-methods.ts'
import { lastDefinition } from './definitions.ts'
import { type BashFile, linesOf, sourcesOwnCopy } from './file-text.ts'
import { HeldOutput } from './held-output.ts'
import { BashProcess, type Heard } from './process.ts'

/** All processes of bash files in a dispatch, and what they say over the channel. */
export class BashProcesses {
  channelPath = ''
  /** Whether every handler runs under `set -euo pipefail`. */
  strict = false
  readonly #session: Session
  readonly #output: HandlerOutput
  readonly calls = new MethodCalls()
  /** The pipe for short replies of the channel, if there is one: the functions of handlers, which run one by one, use it. */
  readonly answers: number | undefined
  #open = new Map<number, BashProcess>()
  #count = 0
  /** By PID, the processes that may run already, but whose turn to be heard comes later. */
  #early = new Map<number, Promise<void>>()

  constructor(session: Session, output: HandlerOutput, answers?: number) {
    this.#session = session
    this.#output = output
    this.answers = answers
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
    return this.#open.get(Number(number))?.file.path
  }

  /** Start a file to run functions. */
  async start(file: BashFile, name: string): Promise<BashProcess> {
    return this.#start(file, ['--invoke', name], this.#output.targets)
  }

  /** Start a file to register its functions. What it says on stderr is read apart. */
  async startToRegister(file: BashFile): Promise<BashProcess> {
    const said = new HeldOutput()
    const pipe = this.#output.pipes.open((chunk) => said.receive(chunk), 2)
    // Outside of a dispatch stdout is for the answer.
    const stdout = this.#session.inDispatch ? 'inherit' : 2
    return this.#start(file, ['--test'], [stdout, pipe.input], { pipe, said })
  }

  async #start(
    file: BashFile,
    args: readonly string[],
    [stdout, stderr]: readonly [number | 'inherit', number | 'inherit'],
    heard?: Heard,
  ): Promise<BashProcess> {
    this.#count += 1
    const number = this.#count
    const env = {
      ...handlerEnvironment(this.#session.context, this.channelPath),
      CHARMS_REACTIVE_PROCESS: `${number}:${args[0]}:${lastDefinition(linesOf(file))}`,
      // bash reads this file first.
      ...(sourcesOwnCopy(file.text) && {
        BASH_ENV: path.join(this.#session.context.shellDir, 'stand-in.sh'),
      }),
      ...(this.strict && { CHARMS_REACTIVE_STRICT: 'true' }),
    }
    const options = { env, stdio: ['ignore', stdout, stderr] } satisfies SpawnOptions
    const pipes = heard === undefined ? [] : [heard.pipe]
    const child = await startExecutable(this.#session.context, file.path, args, options, pipes)
    const process = new BashProcess(this.#session, file, child, heard)
    this.#open.set(number, process)
    void endOf(child).then(() => this.#open.delete(number))
    return process
  }
}
