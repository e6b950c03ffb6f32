// A simulated unit: a copy of a charm, a Juju in this process that answers its hook tools, and events that
// run the charm as Juju would, in processes of its own. Used by tests of charms and by `simulateCommand`.

import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { ReactiveError } from '../errors.ts'
import { isExecutableFile } from '../system/executables.ts'
import { catchUp } from './catch-up.ts'
import type { Vocabulary } from './consistency/vocabulary.ts'
import { checkEvent } from './consistency.ts'
import { commandEnvironment, hookEnvironment } from './environment.ts'
import { refusalOf, resultOf, skippedResult } from './event-result.ts'
import { type EventResult, resolveEvent, type SimulatedEvent } from './events.ts'
import { type ToolFailure, watchFor } from './faults.ts'
import { commitHook, type HookContext, openHook } from './hook-context.ts'
import type { Isolation } from './isolation.ts'
import type { ConfigValue, JujuState, Relation } from './juju-state.ts'
import { MachineCommands } from './machine-commands.ts'
import { type GivenRelation, newRelation, nextRelationId } from './new-juju-state.ts'
import type { ProcessResult } from './process.ts'
import { checkConfigValue, stateOfCharm, withActionDefaults } from './simulated-charm.ts'
import { ToolCalls } from './tool-calls.ts'
import { findShellDir, linkHookTools, makeUnitFiles, type UnitFiles } from './unit-files.ts'
import { UnitMemory } from './unit-memory.ts'
import type { SimulatedUnitOptions } from './unit-options.ts'
import { UnitProcesses } from './unit-processes.ts'

export type { SimulatedUnitOptions }

const TIMEOUT_MS = 60_000
/** Juju's log levels for what a hook prints (docs/juju.md 2). */
const LEVELS = { stdout: 'DEBUG', stderr: 'WARNING' }

/** Make a unit from the charm in a directory, which is copied. Close it when done. */
export async function simulateUnit(
  charm: string,
  options: SimulatedUnitOptions = {},
): Promise<SimulatedUnit> {
  const state = stateOfCharm(charm, options.state)
  const { toolkit = findShellDir(), lacking, largest } = options
  const { unit: name, jujuVersion } = state
  const files = makeUnitFiles(charm, { unit: name, jujuVersion, toolkit, lacking, largest })
  let unit: SimulatedUnit | undefined
  try {
    unit = new SimulatedUnit(state, files, options)
    await unit.isolate(options)
    return unit
  } catch (error) {
    await unit?.close()
    fs.rmSync(files.dir, { recursive: true, force: true })
    throw error
  }
}

/** A unit that lives through several events. */
export class SimulatedUnit {
  /** May be changed between events. */
  readonly state: JujuState
  /** Everything of the unit is below. */
  readonly dir: string
  readonly charmDir: string
  /** What stands for `/` in the paths that the toolkit writes. */
  readonly root: string
  /** Whether events are checked before they are run, unless an event says otherwise. */
  check: boolean
  /** Stubs of commands, and those that are allowed; may be changed between events. */
  readonly commands: MachineCommands
  readonly #files: UnitFiles
  readonly #memory: UnitMemory
  readonly #words: Vocabulary | undefined
  readonly #calls: ToolCalls
  readonly #processes: UnitProcesses
  #linkedVersion: string
  readonly #lacking: SimulatedUnitOptions['lacking']
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(state: JujuState, files: UnitFiles, options: SimulatedUnitOptions = {}) {
    this.state = state
    this.dir = files.dir
    this.charmDir = files.charmDir
    this.root = files.root
    this.check = options.check ?? true
    this.#words = options.words
    this.commands = new MachineCommands(files.dir, findShellDir())
    for (const name of options.allow ?? []) this.commands.allow(name)
    for (const [name, script] of Object.entries(options.commands ?? {})) this.commands.stub(name, script)
    this.#files = files
    this.#memory = new UnitMemory(files.charmDir, state)
    this.#calls = new ToolCalls(state, options)
    this.#linkedVersion = state.jujuVersion
    this.#lacking = options.lacking
    this.#processes = new UnitProcesses(files, this.#calls)
  }

  /** Run one event. Only one hook runs at a time (docs/juju.md 2): later ones wait for it. */
  run(event: SimulatedEvent): Promise<EventResult> {
    const result = this.#last.then(() => this.#run(event))
    this.#last = result.catch(() => {})
    return result
  }

  /** Keep what the charm writes by absolute path in the unit, as far as the system allows it. */
  isolate({ isolate: choice }: SimulatedUnitOptions): Promise<void> {
    return this.#processes.isolate(choice)
  }

  /** What of the system is private to the unit. */
  get isolation(): Isolation {
    return this.#processes.isolation
  }

  /** Let hook tools fail from now on, in every event; an empty list takes that back. */
  failTools(failures: readonly ToolFailure[]): void {
    this.#calls.failAlways(failures)
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
    const relation = newRelation(this.state, { id: nextRelationId(this.state, endpoint), endpoint, ...given })
    this.state.relations.push(relation)
    return relation
  }

  /** Run a command in the charm dir, outside of any hook. */
  async command(args: readonly string[], env: Record<string, string> = {}): Promise<ProcessResult> {
    this.#checkOpen()
    await this.#memory.write()
    const result = await this.#processes.run(args, (socket) => ({
      env: { ...commandEnvironment({ ...this.#files, socket }), ...env },
      timeoutMs: TIMEOUT_MS,
    }))
    await this.#memory.read()
    return result
  }

  /**
   * Run a command with the environment of a hook, in which Juju's tools answer, and take nothing of what it asks of
   * Juju: as `juju exec` does, but for that.
   */
  peek(args: readonly string[], env: Record<string, string> = {}): Promise<ProcessResult> {
    const result = this.#last.then(async () => {
      this.#checkOpen()
      const happening = resolveEvent(this.state, { name: 'update-status' })
      const context = openHook(structuredClone(this.state), happening, randomBytes(8).toString('hex'))
      this.#calls.running = context
      const ended = await this.#processes.run(args, (socket) => ({
        env: { ...hookEnvironment(context, { ...this.#files, socket }), ...env },
        timeoutMs: TIMEOUT_MS,
      }))
      this.#calls.running = undefined
      return ended
    })
    this.#last = result.catch(() => {})
    return result
  }

  /** End the unit: its processes, its files, its channel. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#processes.kill()
    await this.#last
    this.#processes.close()
    fs.rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 })
  }

  async #run(given: SimulatedEvent): Promise<EventResult> {
    this.#checkOpen()
    if (given.check ?? this.check) checkEvent(this.charmDir, this.state, given, this.#words)
    catchUp(this.state, given)
    const event = withActionDefaults(this.charmDir, this.state, given)
    const happening = resolveEvent(this.state, event)
    await this.#prepare(event)
    const id = `${this.state.unit}-${happening.name}-${randomBytes(8).toString('hex')}`
    const context = openHook(this.state, happening, id)
    const script = this.#scriptFor(happening.path)
    if (script === undefined) {
      commitHook(context)
      return skippedResult(event, context)
    }
    this.#calls.running = context
    const ended = await this.#runScript(script, event, context)
    this.#calls.running = undefined
    const refusal = ended.exitStatus === 0 ? refusalOf(this.charmDir, event, context) : undefined
    if (ended.exitStatus === 0 && refusal === undefined) commitHook(context)
    const trace = await this.#memory.read(context.began.date)
    return resultOf(event, context, ended, { trace, commands: this.commands.takeCalls(), refusal })
  }

  /** What a test has changed since the last event. */
  async #prepare(event: SimulatedEvent): Promise<void> {
    const { jujuVersion } = this.state
    if (jujuVersion !== this.#linkedVersion) linkHookTools(this.dir, { jujuVersion, lacking: this.#lacking })
    this.#linkedVersion = jujuVersion
    await this.#memory.write()
    this.commands.takeCalls()
    this.#calls.failOnce(event.failTools)
    this.commands.hold(event.killDuring?.command, event.killDuring?.args)
  }

  async #runScript(script: string, event: SimulatedEvent, context: HookContext): Promise<ProcessResult> {
    const { log } = context.record
    const { killDuring } = event
    const watched =
      killDuring?.file ?? (killDuring?.command === undefined ? undefined : this.commands.heldFile)
    const unwatch =
      watched === undefined ? () => {} : watchFor(watched, [this.charmDir, this.root], () => context.kill?.())
    const result = await this.#processes.run([script], (socket) => ({
      env: { ...hookEnvironment(context, { ...this.#files, socket }), ...event.env },
      timeoutMs: event.timeoutMs ?? TIMEOUT_MS,
      onLine: (source, message) => log.push({ level: LEVELS[source], message, source }),
      onStart: (kill) => {
        context.kill = kill
      },
    }))
    unwatch()
    return result
  }

  /** `dispatch` for everything if the charm has one, else the hook's or action's own script. */
  #scriptFor(relative: string): string | undefined {
    const dispatch = path.join(this.charmDir, 'dispatch')
    if (isExecutableFile(dispatch)) return dispatch
    const script = path.join(this.charmDir, relative)
    return fs.existsSync(script) ? script : undefined
  }

  #checkOpen(): void {
    if (this.#closed) throw new ReactiveError(`the simulated unit is closed: ${this.state.unit}`)
  }
}
