// What handler files need around them: the channel that they speak over, the processes of bash files, the modules
// in JavaScript. A dispatch has one for all files; a command outside of one has one for the interface layers whose
// methods it calls.

import { registerBashFile } from './bash-files.ts'
import { BashProcesses } from './bash-processes.ts'
import { type Channel, openChannel, type Reply } from './channel.ts'
import { discover, type HandlerFile } from './discover.ts'
import { expandEndpointName } from './endpoints/interface-layers.ts'
import { readEndpoints } from './endpoints.ts'
import { type ExternalHost, externalFile } from './external-files.ts'
import type { HandlerSource, WatchedFiles } from './handlers.ts'
import { JavaScriptFiles } from './javascript-files.ts'
import { layerSetting } from './layer-settings.ts'
import type { Session } from './session.ts'

/** Answers what is no word of the host's own: a command of the toolkit. */
export type Answer = (args: string[]) => Reply | Promise<Reply>

export class HandlerHost implements ExternalHost {
  channelPath = ''
  watchedFiles: WatchedFiles | undefined
  /** Why a request was refused whose client did not wait for the answer. */
  refusal: string | undefined
  readonly #session: Session
  readonly #answer: Answer
  readonly #processes: BashProcesses
  readonly #sources = new Map<string, Promise<HandlerSource>>()
  #channel: Channel | undefined
  #modules: JavaScriptFiles | undefined

  constructor(session: Session, answer: Answer) {
    this.#session = session
    this.#answer = answer
    this.#processes = new BashProcesses(session)
  }

  /** Open the channel, once somebody may speak, and give its path. */
  openChannel(): string {
    this.#channel ??= openChannel(
      (args, pid) => this.#reply(args, pid),
      ({ stderr }) => {
        this.refusal ??= stderr
      },
    )
    this.channelPath = this.#channel.path
    this.#processes.channelPath = this.#channel.path
    return this.#channel.path
  }

  /** Register a handler file, once: before automatic flags change, so that triggers see those. */
  register(file: HandlerFile): Promise<HandlerSource> {
    const source = this.#sources.get(file.path) ?? this.#source(file)
    this.#sources.set(file.path, source)
    return source
  }

  /** Register the files of the interface layer behind an endpoint, and nothing else. */
  async registerLayer(endpoint: string): Promise<void> {
    const { context } = this.#session
    const endpoints = this.#session.endpoints ?? readEndpoints(context)
    this.#session.endpoints = endpoints
    const isOfLayer = ({ path }: HandlerFile) => endpoints.ofFile(path)?.endpoints.includes(endpoint)
    for (const file of discover(context).files.filter(isOfLayer)) await this.register(file)
  }

  /** Wait for methods that background jobs have called, and let go of everything. */
  async close(): Promise<void> {
    await this.#processes.calls.end()
    for (const registered of await Promise.allSettled(this.#sources.values())) {
      if (registered.status === 'fulfilled') await registered.value.endIteration?.(this.#session)
    }
    this.#modules?.close()
    this.#channel?.close()
  }

  async #source({ path, kind }: HandlerFile): Promise<HandlerSource> {
    this.openChannel()
    this.#processes.strict = layerSetting(this.#session, 'strict') === true
    if (kind === 'javascript') {
      // Outside of a dispatch stdout is for the answer.
      if (!this.#session.inDispatch) process.stdout.write = process.stderr.write.bind(process.stderr)
      this.#modules ??= new JavaScriptFiles(this.#session, this.channelPath)
      return this.#modules.import(path)
    }
    const registered =
      kind === 'script' ? await registerBashFile(this.#session, path, this.#processes) : undefined
    return registered ?? externalFile(path, this)
  }

  #reply(args: string[], pid: number): Reply | Promise<Reply> {
    const [name, ...files] = args
    if (name === 'when_file_changed' && files.length > 0 && this.watchedFiles !== undefined) {
      return { status: this.watchedFiles.changed(this.#session, files) ? 0 : 1 }
    }
    if (name === '_each') return this.#answerEach(args.slice(1))
    return this.#processes.answer(args, pid) ?? this.#answer(args)
  }

  /** A command for each endpoint of the interface layer that a process's file is. */
  async #answerEach([number = '', ...words]: string[]): Promise<Reply> {
    const layer = this.#session.endpoints?.ofFile(this.#processes.fileOf(number) ?? '')
    if (layer === undefined) return this.#answer(words)
    for (const endpoint of layer.endpoints) {
      const reply = await this.#answer(words.map((word) => expandEndpointName(word, endpoint)))
      if (reply.status !== 0) return reply
    }
    return { status: 0 }
  }
}
