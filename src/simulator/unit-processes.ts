// What the processes of a simulated unit are started with: the channel on which its hook tools are answered, pipes
// for what they print, and the overlays that keep what they write, where the unit has some.

import { type Channel, openChannel } from '../system/channel.ts'
import { makePipes, Pipes } from '../system/pipes.ts'
import { type Isolation, type IsolationChoice, isolate, type Launcher } from './isolation.ts'
import { killLeftovers, type ProcessOptions, type ProcessResult, runProcess } from './process.ts'
import type { ToolCalls } from './tool-calls.ts'
import { findShellDir, type UnitFiles } from './unit-files.ts'

/** Options of a process, once it is known where it finds the channel. */
export type OptionsFor = (socket: string) => Omit<ProcessOptions, 'cwd' | 'pipes'>

export class UnitProcesses {
  readonly #files: UnitFiles
  readonly #channel: Channel
  readonly #pipes: Pipes
  #launcher: Launcher | undefined
  #closed = false

  constructor(files: UnitFiles, calls: ToolCalls) {
    this.#files = files
    // The channel's, and two for what an event prints.
    const [pipe, ...pipes] = makePipes(3)
    this.#channel = openChannel((args) => calls.answer(args), undefined, { pipe })
    this.#pipes = new Pipes(pipes)
  }

  /** Keep what the charm writes by absolute path in the unit, as far as the system allows it. */
  async isolate(choice: IsolationChoice = 'auto'): Promise<void> {
    const { dir } = this.#files
    this.#launcher = await isolate({ dir, shell: findShellDir(), choice, channel: this.#channel.path })
  }

  get isolation(): Isolation {
    const { directories = [], problem = '' } = this.#launcher ?? {}
    return { directories, problem }
  }

  /** Start a process in the charm dir, and wait for its end. */
  async run(args: readonly string[], optionsFor: OptionsFor): Promise<ProcessResult> {
    const prefix = (await this.#launcher?.prefix()) ?? []
    const given = optionsFor(this.#launcher?.channel ?? this.#channel.path)
    const onStart = (kill: () => void) => {
      given.onStart?.(kill)
      // The unit was closed while this was about to start.
      if (this.#closed) kill()
    }
    const options = { ...given, onStart, cwd: this.#files.charmDir, pipes: this.#pipes }
    const result = await runProcess([...prefix, ...args], options)
    this.#launcher?.ended()
    return result
  }

  /** End what runs. */
  async kill(): Promise<void> {
    this.#closed = true
    await killLeftovers(`CHARMS_REACTIVE_ROOT=${this.#files.root}`)
  }

  /** When nothing runs any more. */
  close(): void {
    this.#channel.close()
    this.#pipes.close()
    this.#launcher?.close()
  }
}
