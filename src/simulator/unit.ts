// A simulated unit: a copy of a charm, a Juju in this process that answers its hook tools, and events that
// run the charm as Juju would, in processes of its own. Used by tests of charms and by `simulateCommand`.

import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, openChannel, type Reply } from '../channel.ts'
import { ReactiveError } from '../errors.ts'
import { commandEnvironment, hookEnvironment } from './environment.ts'
import { resultOf, skippedResult } from './event-result.ts'
import { type EventResult, resolveEvent, type SimulatedEvent } from './events.ts'
import { commitHook, type HookContext, openHook } from './hook-context.ts'
import { callHookTool, STDIN_WANTED } from './hook-tools/hook-tool.ts'
import { HOOK_TOOLS } from './hook-tools/table.ts'
import {
  type ConfigValue,
  type GivenRelation,
  type GivenState,
  type JujuState,
  newRelation,
  type Relation,
  relationNumber,
} from './juju-state.ts'
import { killLeftovers, type ProcessResult, runProcess } from './process.ts'
import { checkConfigValue, stateOfCharm, withActionDefaults } from './simulated-charm.ts'
import { findShellDir, isExecutableFile, makeUnitFiles, type UnitFiles } from './unit-files.ts'

export interface SimulatedUnitOptions {
  /** What Juju knows already; see juju-state.ts. */
  state?: GivenState
  /** Scripts that stand for commands of the machine, by name. Only the charm's processes see them. */
  commands?: Record<string, string>
  /** Directory on PATH behind hook tools and commands; by default the toolkit's own `shell/`. */
  toolkit?: string
  /** How long every call of a hook tool takes at least, without holding up the others. */
  toolDelayMs?: number
}

const TIMEOUT_MS = 60_000
/** Juju's log levels for what a hook prints (juju.md 2). */
const LEVELS = { stdout: 'DEBUG', stderr: 'WARNING' }

/** Make a unit from the charm in a directory, which is copied. Close it when done. */
export async function simulateUnit(
  charm: string,
  options: SimulatedUnitOptions = {},
): Promise<SimulatedUnit> {
  const state = stateOfCharm(charm, options.state)
  const { commands = {}, toolkit = findShellDir() } = options
  const files = makeUnitFiles(charm, { unit: state.unit, jujuVersion: state.jujuVersion, toolkit, commands })
  return new SimulatedUnit(state, files, options.toolDelayMs)
}

export class SimulatedUnit {
  /** May be changed between events. */
  readonly state: JujuState
  /** Everything of the unit is below. */
  readonly dir: string
  readonly charmDir: string
  /** What stands for `/` in the paths that the toolkit writes. */
  readonly root: string
  readonly #files: UnitFiles
  readonly #channel: Channel
  #running: HookContext | undefined
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(state: JujuState, files: UnitFiles, toolDelayMs = 0) {
    this.state = state
    this.dir = files.dir
    this.charmDir = files.charmDir
    this.root = files.root
    this.#files = files
    this.#channel = openChannel((args) => {
      const reply = this.#answer(args)
      const isDelayed = toolDelayMs > 0 && reply.status !== STDIN_WANTED
      return isDelayed ? sleep(toolDelayMs, reply, { ref: false }) : reply
    })
  }

  /** Run one event. Only one hook runs at a time (juju.md 2): later ones wait for it. */
  run(event: SimulatedEvent): Promise<EventResult> {
    const result = this.#last.then(() => this.#run(event))
    this.#last = result.catch(() => {})
    return result
  }

  /** Set options as the operator does; null takes an option back to its default. */
  setConfig(values: Record<string, ConfigValue>): void {
    for (const [name, value] of Object.entries(values)) checkConfigValue(this.charmDir, name, value)
    for (const [name, value] of Object.entries(values)) {
      if (value === null) delete this.state.config[name]
      else this.state.config[name] = value
    }
  }

  /** Add a relation to an endpoint of the charm, with a new id unless one is given. */
  joinRelation(endpoint: string, given: Partial<GivenRelation> = {}): Relation {
    if (!Object.hasOwn(this.state.endpoints, endpoint) && endpoint !== 'juju-info') {
      throw new ReactiveError(`the charm has no such endpoint: ${endpoint}`)
    }
    const used = this.state.relations.map(({ id }) => relationNumber(id) ?? 0)
    const id = `${endpoint}:${Math.max(0, ...used) + 1}`
    const relation = newRelation(this.state, { id, endpoint, ...given })
    this.state.relations.push(relation)
    return relation
  }

  /** Run a command in the charm dir, outside of any hook. */
  async command(args: readonly string[], env: Record<string, string> = {}): Promise<ProcessResult> {
    this.#checkOpen()
    const own = commandEnvironment({ ...this.#files, socket: this.#channel.path })
    return runProcess(args, { cwd: this.charmDir, env: { ...own, ...env }, timeoutMs: TIMEOUT_MS })
  }

  /** End the unit: its processes, its files, its channel. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await killLeftovers(`CHARMS_REACTIVE_ROOT=${this.root}`)
    await this.#last
    this.#channel.close()
    fs.rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 })
  }

  async #run(given: SimulatedEvent): Promise<EventResult> {
    this.#checkOpen()
    const event = withActionDefaults(this.charmDir, given)
    const happening = resolveEvent(this.state, event)
    const id = `${this.state.unit}-${happening.name}-${randomBytes(8).toString('hex')}`
    const context = openHook(this.state, happening, id)
    const script = this.#scriptFor(happening.path)
    if (script === undefined) {
      commitHook(context)
      return skippedResult(event, context)
    }
    this.#running = context
    const ended = await this.#runScript(script, event, context)
    // A tool that is called from now on, by a process left behind, finds no context.
    this.#running = undefined
    if (ended.exitStatus === 0) commitHook(context)
    return resultOf(event, context, ended)
  }

  #runScript(script: string, event: SimulatedEvent, context: HookContext): Promise<ProcessResult> {
    const { log } = context.record
    const own = hookEnvironment(context, { ...this.#files, socket: this.#channel.path })
    return runProcess([script], {
      cwd: this.charmDir,
      env: { ...own, ...event.env },
      timeoutMs: event.timeoutMs ?? TIMEOUT_MS,
      onLine: (source, message) => log.push({ level: LEVELS[source], message, source }),
    })
  }

  /** `dispatch` for everything if the charm has one, else the hook's or action's own script. */
  #scriptFor(relative: string): string | undefined {
    const dispatch = path.join(this.charmDir, 'dispatch')
    if (isExecutableFile(dispatch)) return dispatch
    const script = path.join(this.charmDir, relative)
    return fs.existsSync(script) ? script : undefined
  }

  /** Answer one hook tool: context id, working directory, stdin, name, arguments. */
  #answer([id = '', cwd = '', stdin = '', tool = '', ...args]: string[]): Reply {
    const context = this.#running
    if (context?.id !== id) {
      const expected = JSON.stringify(context?.id ?? '')
      return badRequest(`expected context id ${expected}, got ${JSON.stringify(id)}`)
    }
    const hookTool = HOOK_TOOLS.get(tool)
    if (hookTool === undefined) return badRequest(`unknown command: ${tool}`)
    const sent = stdin === '' ? undefined : stdin.slice(1)
    const reply = callHookTool(hookTool, context, { tool, args, cwd, stdin: sent })
    if (reply.status !== STDIN_WANTED) context.record.hookToolCalls.push({ tool, args, status: reply.status })
    // A shell cannot hold NUL, and the channel does not carry it.
    return { ...reply, stdout: (reply.stdout ?? '').replaceAll('\0', '') }
  }

  #checkOpen(): void {
    if (this.#closed) throw new ReactiveError(`the simulated unit is closed: ${this.state.unit}`)
  }
}

function badRequest(what: string): Reply {
  return { status: 1, stderr: `ERROR bad request: ${what}\n` }
}
