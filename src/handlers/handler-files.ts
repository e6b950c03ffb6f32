// What handler files need around them: the channel that they speak over, the processes of bash files, the modules
// in JavaScript. A dispatch has one for all files; a command outside of one has one for the interface layers whose
// methods it calls.

import os from 'node:os'
import { layerSetting } from '../charm/layer-settings.ts'
import { layerOfFile } from '../endpoints/endpoints.ts'
import { expandEndpointName } from '../endpoints/interface-layers.ts'
import { LEADER_TOOLS } from '../endpoints/leader-tools.ts'
import { refusal } from '../errors.ts'
import { type Channel, openChannel, type Reply } from '../system/channel.ts'
import { Readers } from '../system/pipe-ends.ts'
import type { Session } from '../unit/session.ts'
import { forgetStatusCandidates } from '../unit/status-candidates.ts'
import { registerBashFile } from './bash/files.ts'
import { BashProcesses } from './bash/processes.ts'
import { discover, type HandlerFile } from './discover.ts'
import { type ExternalHost, externalFile } from './external-files.ts'
import { HandlerOutput } from './handler-output.ts'
import type { HandlerSource, WatchedFiles } from './handlers.ts'
import { JavaScriptFiles } from './javascript/files.ts'
import type { PythonFiles } from './python/files.ts'

/** Answers what is no word of the host's own: a command of the toolkit. */
export type Answer = (args: string[]) => Reply | Promise<Reply>

/** What hook tools under other names say to the engine. */
const TOOL_WORDS: Readonly<Record<string, (session: Session, words: string[]) => Reply | Promise<Reply>>> = {
  ...LEADER_TOOLS,
  '_status-set': (session, words) => {
    // That of the application is another one.
    if (!words.some((word) => word.startsWith('--application'))) forgetStatusCandidates(session)
    return { status: 0 }
  },
}

/** How many files register at a time: while one is read, another starts. The launcher makes pipes for five. */
const AT_A_TIME = Math.min(os.availableParallelism() + 1, 5)

export class HandlerHost implements ExternalHost {
  channelPath = ''
  watchedFiles: WatchedFiles | undefined
  /** Why a request was refused whose client did not wait for the answer. */
  refusal: string | undefined
  readonly output: HandlerOutput
  readonly #session: Session
  readonly #answer: Answer
  readonly #processes: BashProcesses
  readonly #sources = new Map<string, Promise<HandlerSource>>()
  /** The pipes for the channel and for short replies, if there are any already. */
  readonly #pipe: number | undefined
  readonly #answers: number | undefined
  readonly #readers = Readers.ofDispatch()
  #channel: Channel | undefined
  #modules: JavaScriptFiles | undefined
  #python: PythonFiles | undefined

  constructor(session: Session, answer: Answer) {
    this.#session = session
    this.#answer = answer
    const [pipe, answers, ...pipes] = session.context.pipes
    this.#pipe = pipe
    this.#answers = answers
    this.output = new HandlerOutput(session, pipes, this.#readers)
    this.#processes = new BashProcesses(session, this.output, answers)
  }

  /** Open the channel, once somebody may speak, and give its path. */
  openChannel(): string {
    this.#channel ??= openChannel(
      (args, pid) => this.#answered(args, pid),
      ({ stderr }) => {
        this.refusal ??= stderr
      },
      { pipe: this.#pipe, keep: true, answers: this.#answers, readers: this.#readers },
    )
    this.channelPath = this.#channel.path
    this.#processes.channelPath = this.#channel.path
    return this.#channel.path
  }

  /**
   * Register handler files, each once: before automatic flags change, so that triggers see those. Several run at a
   * time, but what they ask and what comes of them counts in their order, as if each waited for the one before.
   */
  async *register(files: readonly HandlerFile[]): AsyncGenerator<HandlerSource> {
    const started: Promise<HandlerSource>[] = []
    await this.#startPython(files)
    let turn = Promise.resolve()
    for (const [index, file] of files.entries()) {
      const source = this.#sources.get(file.path) ?? this.#source(file, turn)
      this.#sources.set(file.path, source)
      started.push(source)
      turn = Promise.allSettled([source]).then(() => undefined)
      if (index >= AT_A_TIME) yield started[index - AT_A_TIME] as Promise<HandlerSource>
    }
    yield* started.slice(-AT_A_TIME)
    this.#modules?.finish()
  }

  /** Register the files of the interface layer behind an endpoint, and nothing else. */
  async registerLayer(endpoint: string): Promise<void> {
    const isOfLayer = ({ path }: HandlerFile) =>
      layerOfFile(this.#session, path)?.endpoints.includes(endpoint)
    for await (const _ of this.register(discover(this.#session.context).files.filter(isOfLayer)));
  }

  /** Wait until nobody has anything to say or to ask any more: for methods that background jobs have called, and for Python. */
  async finish(): Promise<void> {
    await this.#processes.calls.end()
    for (const registered of await Promise.allSettled(this.#sources.values())) {
      if (registered.status === 'fulfilled') await registered.value.endIteration?.(this.#session)
    }
    await this.#python?.finish()
    this.#modules?.close()
    this.#channel?.close()
  }

  /** Let go of everything. */
  async close(): Promise<void> {
    await this.finish()
    await this.#python?.close()
    this.output.close()
  }

  /** Run what triggers in Python have to do for changes that others made. */
  async settle(): Promise<void> {
    await this.#python?.settle()
  }

  /** Python starts while the first files register. */
  async #startPython(files: readonly HandlerFile[]): Promise<void> {
    const modules = files.filter(({ kind }) => kind === 'python')
    if (modules.length === 0) return
    const { PythonFiles } = await import('./python/files.ts')
    this.#python ??= new PythonFiles(
      this.#session,
      this.openChannel(),
      this.output,
      modules.map(({ path }) => path),
      this.#readers,
    )
  }

  async #source({ path, kind }: HandlerFile, turn: Promise<void>): Promise<HandlerSource> {
    // Those that run in processes of their own.
    if (kind !== 'javascript' && kind !== 'python') this.#readers.listen()
    this.openChannel()
    this.#processes.strict = layerSetting(this.#session.context.charmDir, 'strict') === true
    if (kind === 'javascript') {
      await turn
      // Outside of a dispatch stdout is for the answer.
      if (!this.#session.inDispatch) process.stdout.write = process.stderr.write.bind(process.stderr)
      this.#modules ??= new JavaScriptFiles(this.#session, this.channelPath)
      return this.#modules.import(path)
    }
    if (kind === 'python') {
      await turn
      return (this.#python as PythonFiles).import(path)
    }
    const registered =
      kind === 'script' ? await registerBashFile(this.#session, path, this.#processes, turn) : undefined
    return registered ?? externalFile(path, this)
  }

  /** Whatever is wrong with a request is an answer to it, and never the end of the dispatch. */
  #answered(args: string[], pid: number): Reply | Promise<Reply> {
    try {
      const reply = this.#settled(this.#reply(args, pid))
      return reply instanceof Promise ? reply.catch((error: unknown) => refusal(args, error)) : reply
    } catch (error) {
      return refusal(args, error)
    }
  }

  /** The reply, and before it what triggers in Python do. */
  #settled(reply: Reply | Promise<Reply>): Reply | Promise<Reply> {
    if (this.#python === undefined) return reply
    return Promise.resolve(reply).then(async (answer) => {
      await this.settle()
      return answer
    })
  }

  #reply(args: string[], pid: number): Reply | Promise<Reply> {
    const [name, ...files] = args
    if (name === 'when_file_changed' && files.length > 0 && this.watchedFiles !== undefined) {
      return { status: this.watchedFiles.changed(this.#session, files) ? 0 : 1 }
    }
    if (name === '_python') return this.#inTurn(pid, () => this.#answerPython(args[1]))
    const word = Object.hasOwn(TOOL_WORDS, name ?? '') ? TOOL_WORDS[name ?? ''] : undefined
    if (word !== undefined) return this.#inTurn(pid, () => word(this.#session, files))
    if (name === '_each') return this.#inTurn(pid, () => this.#answerEach(args.slice(1)))
    return this.#processes.answer(args, pid) ?? this.#inTurn(pid, () => this.#answer(args))
  }

  #inTurn(pid: number, answer: () => Reply | Promise<Reply>): Reply | Promise<Reply> {
    return this.#processes.turnOf(pid)?.then(answer) ?? answer()
  }

  async #answerPython(text = ''): Promise<Reply> {
    const { answerPython } = await import('./python/operations.ts')
    return answerPython(this.#session, text)
  }

  /** A command for each endpoint of the interface layer that a process's file is. */
  async #answerEach([number = '', ...words]: string[]): Promise<Reply> {
    const layer = layerOfFile(this.#session, this.#processes.fileOf(number) ?? '')
    if (layer === undefined) return this.#answer(words)
    for (const endpoint of layer.endpoints) {
      const reply = await this.#answer(words.map((word) => expandEndpointName(word, endpoint)))
      if (reply.status !== 0) return reply
    }
    return { status: 0 }
  }
}
