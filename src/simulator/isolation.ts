// A private overlay for what a charm writes by absolute path: the directories of the system are mounted in a
// mount namespace that all processes of the unit are started in, with the unit's root as the upper layer. So
// what a handler writes to /etc/x is in `etc/x` of the unit's root, where what the toolkit writes there is.
//
// Root needs a mount namespace only; others take a user namespace with it, in which they are root. Where the
// system has neither (no util-linux, a container without the right, a policy against it), or where a
// directory cannot be overlaid, the unit says so. Never isolated: /tmp, /run, /dev, /proc, /sys, other
// directories at the top of the file system, and mounts below the overlaid directories.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { ReactiveError } from '../errors.ts'
import { deleteWork, fingerprint, writeEnvironment, writeFstab } from './overlay-layers.ts'
import { findPossible, findTools, type Possible, SYSTEM_PATH, type Tools } from './overlay-support.ts'

/** What of the system is private to a unit. */
export interface Isolation {
  /** The directories that are private to the unit; none when it is not isolated. */
  directories: string[]
  /** Why it is not isolated, or which directories are not; empty when all is as it was asked for. */
  problem: string
}

/** How much of the system shall be private to a unit. */
export type IsolationChoice = boolean | 'auto'

/** How the processes of a unit are started. */
export interface Launcher extends Isolation {
  /** Words before each command; none when it is not isolated. Call it when a process starts. */
  prefix(): Promise<readonly string[]>
  /** A process has ended. */
  ended(): void
  /** The path under which processes of the unit open the channel. */
  readonly channel: string
  /** End what holds the overlays, and make it possible to delete them. */
  close(): void
}

export interface IsolationOptions {
  /** The unit's directory; `root/` and `work/` below it are the layers. */
  dir: string
  /** The toolkit's. */
  shell: string
  choice: IsolationChoice
  /** Path of the channel that processes of the unit use. */
  channel: string
}

/** Where the holder of a user namespace has it. */
const CHANNEL = 3

/** Mount the overlays of a unit, or find out why there can be none. */
export async function isolate(options: IsolationOptions): Promise<Launcher> {
  if (options.choice === false) return notIsolated(options, '')
  const launcher = await overlay(options)
  if (options.choice === true && launcher.directories.length === 0) {
    throw new ReactiveError(`the unit cannot be isolated: ${launcher.problem}`)
  }
  return launcher
}

function notIsolated({ channel }: IsolationOptions, problem: string): Launcher {
  return {
    directories: [],
    problem,
    prefix: async () => [],
    ended: () => {},
    channel,
    close: () => {},
  }
}

async function overlay(options: IsolationOptions): Promise<Launcher> {
  const tools = findTools()
  if (tools === undefined) return notIsolated(options, 'util-linux is not installed')
  writeEnvironment(options.dir)
  const possible = findPossible(options.dir, tools)
  if (possible.directories.length === 0) return notIsolated(options, possible.problem)
  const overlays = new Overlays(options, tools, possible)
  const problem = await overlays.mount()
  return problem === '' ? overlays : notIsolated(options, problem)
}

/** The overlays of a unit, and the process that holds their namespaces. */
class Overlays implements Launcher {
  readonly directories: string[]
  readonly problem: string
  readonly #options: IsolationOptions
  readonly #tools: Tools
  readonly #possible: Possible
  /** Of users other than root: holds the user namespace, and the channel in it, as long as the unit lives. */
  #keeper: ChildProcess | undefined
  #holder: ChildProcess | undefined
  #running = 0
  #ready: Promise<void> = Promise.resolve()
  #layers = ''

  constructor(options: IsolationOptions, tools: Tools, possible: Possible) {
    this.directories = possible.directories.map((name) => `/${name}`)
    this.problem = possible.problem
    this.#options = options
    this.#tools = tools
    this.#possible = possible
  }

  /** Mount them afresh. Gives why it cannot be done, or an empty text. */
  async mount(): Promise<string> {
    const { dir, shell, channel } = this.#options
    const { unshare, mount, asUser } = this.#tools
    const script = path.join(shell, 'simulator', 'hold-overlays')
    this.#holder?.kill('SIGKILL')
    deleteWork(dir)
    if (asUser && this.#keeper === undefined) {
      const keeper = await startHolder([unshare, '--user', '--map-root-user', script], channel)
      if (typeof keeper === 'string') return keeper
      this.#keeper = keeper
    }
    const fstab = writeFstab(dir, this.#possible.directories, this.#possible.options)
    const enter = asUser ? [this.#tools.nsenter, ...this.#asKept()] : []
    const holder = await startHolder([...enter, unshare, '--mount', script, mount, fstab])
    if (typeof holder === 'string') return holder
    this.#holder = holder
    this.#layers = fingerprint(dir)
    return ''
  }

  #asKept(): string[] {
    return [`--user=/proc/${this.#keeper?.pid}/ns/user`, '--preserve-credentials']
  }

  async prefix(): Promise<string[]> {
    this.#running += 1
    if (this.#running === 1) this.#ready = this.#refresh()
    await this.#ready
    const user = this.#tools.asUser ? this.#asKept() : []
    return [this.#tools.nsenter, ...user, `--mount=/proc/${this.#holder?.pid}/ns/mnt`, '--wd=.']
  }

  /** What somebody outside has changed below the root a mounted overlay may not see. */
  async #refresh(): Promise<void> {
    if (fingerprint(this.#options.dir) === this.#layers) return
    const problem = await this.mount()
    if (problem !== '') throw new ReactiveError(`the unit is no longer isolated: ${problem}`)
  }

  ended(): void {
    this.#running -= 1
    if (this.#running === 0) this.#layers = fingerprint(this.#options.dir)
  }

  get channel(): string {
    return this.#tools.asUser ? `/proc/${this.#keeper?.pid}/fd/${CHANNEL}` : this.#options.channel
  }

  close(): void {
    for (const child of [this.#holder, this.#keeper]) child?.kill('SIGKILL')
    deleteWork(this.#options.dir)
  }
}

/** Start what holds the namespaces; a text when it does not come up. It ends with this process. */
async function startHolder(args: readonly string[], channel?: string): Promise<ChildProcess | string> {
  const [file = '', ...rest] = args
  const descriptors = channel === undefined ? [] : [Number(path.basename(channel))]
  const stdio = ['pipe', 'pipe', 'ignore', ...descriptors] as const
  const holder = spawn(file, rest, {
    env: { PATH: SYSTEM_PATH },
    cwd: '/',
    detached: true,
    stdio: [...stdio],
  })
  const [input, output] = [holder.stdin, holder.stdout]
  if (input === null || output === null) return 'the pipes of the holder are missing'
  input.on('error', () => {})
  const answer = await Promise.race([
    once(output, 'data').then(() => undefined, String),
    once(output, 'end').then(() => 'the overlays cannot be mounted'),
    once(holder, 'error').then(([error]) => String(error)),
  ])
  if (answer !== undefined) return answer
  // It alone must not keep this process alive; with it the pipe goes, and the holder.
  output.destroy()
  holder.unref()
  if ('unref' in input && typeof input.unref === 'function') input.unref()
  return holder
}
