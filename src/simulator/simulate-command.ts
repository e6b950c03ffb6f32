// `charms.reactive simulate`: events one after the other on one simulated unit of a charm, and a report.

import fs from 'node:fs'
import path from 'node:path'
import { type ConfigValue, readConfigOptions, readYaml } from '../charm/charm-files.ts'
import { ReactiveError, UsageError } from '../errors.ts'
import type { EventResult, SimulatedEvent } from './events.ts'
import type { IsolationChoice } from './isolation.ts'
import { findRelation, type JujuState } from './juju-state.ts'
import { readJujuState } from './read-state.ts'
import { formatReport, handlersRun, isFailure } from './report.ts'
import { tellStory } from './story.ts'
import { type SimulatedUnit, simulateUnit } from './unit.ts'
import { writeJujuState } from './write-state.ts'

export interface SimulateArguments {
  /** Directory of the charm. */
  charm: string
  /** `install`, `db-relation-changed relation=db:1 unit=mysql/0`, `action:backup target=/x`. */
  events: string[]
  /** Values of options, as text. */
  config: Record<string, string>
  /** A state in YAML or JSON: read-state.ts. */
  stateFile?: string | undefined
  /** Where the state goes afterwards, as a state file: JSON, or YAML where the name says so. */
  outFile?: string | undefined
  /** Flags that are set before the first event. */
  flags?: string[]
  json: boolean
  /** Commands of the machine that do nothing but be logged: `systemctl`, or `NAME=SCRIPT` for an own script. */
  commands?: string[]
  /** Commands of the machine that really run. */
  allow?: string[]
  /** Whether events that Juju would never send are refused. */
  check?: boolean
  isolate?: IsolationChoice
  /** Whether the report tells what happened in each event, instead of a table. */
  asStory?: boolean
}

export interface SimulateResult {
  /** 1 when an event failed. */
  status: number
  stdout: string
}

/** Run the events until one fails, as Juju would, and report. */
export async function simulateCommand(args: SimulateArguments): Promise<SimulateResult> {
  const events = args.events.map(parseEvent)
  const config = parseConfig(args.charm, args.config)
  const state = args.stateFile === undefined ? {} : readJujuState(readStateFile(args.stateFile))
  const { allow = [], check = true, isolate = 'auto' } = args
  const commands = commandScripts(args.commands ?? [])
  const unit = await simulateUnit(args.charm, { state, commands, allow, check, isolate })
  try {
    unit.setConfig(config)
    await setFlags(unit, args.flags ?? [])
    const before = structuredClone(unit.state)
    const results = await runEvents(args.charm, unit, events)
    if (args.outFile !== undefined) await writeStateFile(args.outFile, unit)
    const told = { before, results, notRun: args.events.slice(results.length) }
    return { status: results.some(isFailure) ? 1 : 0, stdout: reportOf(args, unit, told) }
  } finally {
    await unit.close()
  }
}

/** Until one fails. */
async function runEvents(
  charm: string,
  unit: SimulatedUnit,
  events: readonly GivenEvent[],
): Promise<EventResult[]> {
  const results: EventResult[] = []
  for (const { config: values = {}, data = {}, ...event } of events) {
    unit.setConfig(parseConfig(charm, values))
    publishAsRemote(unit, event, data)
    const result = await unit.run(event)
    results.push(result)
    // A failed action leaves the unit as it was; after a failed hook Juju runs no other.
    if (isFailure(result) && result.action === undefined) break
  }
  return results
}

const EVENT_KEYS = {
  relation: 'relation',
  unit: 'remoteUnit',
  departing: 'departingUnit',
  storage: 'storage',
  secret: 'secret',
} as const

/** An event, and what changes with it: configuration, or what the remote unit has published. */
export type GivenEvent = SimulatedEvent & { config?: Record<string, string>; data?: Record<string, string> }

/**
 * Read `NAME key=value...`. For `action:NAME` the keys are parameters, their values YAML scalars; for
 * `config-changed` they are options; in a relation hook those that do not name the relation or a unit are data
 * of the remote unit.
 */
export function parseEvent(text: string): GivenEvent {
  const [name = '', ...words] = text.trim().split(/\s+/)
  const pairs = words.map((word): [string, string] => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(word) ?? []
    if (key === undefined || value === undefined)
      throw new UsageError(`expected KEY=VALUE in an event: ${word}`)
    return [key, value]
  })
  if (name === '') throw new UsageError('an event must have a name: (empty)')
  if (name.startsWith('action:')) return actionEvent(name.slice('action:'.length), pairs)
  if (name === 'config-changed') return { name, config: Object.fromEntries(pairs) }
  const event: GivenEvent = { name }
  for (const [key, value] of pairs) {
    if (isEventKey(key)) event[EVENT_KEYS[key]] = value
    else if (name.includes('-relation-')) event.data = { ...event.data, [key]: value }
    else throw new UsageError(`an event has no such key: ${key}`)
  }
  return event
}

/** What the remote unit publishes before its hook runs. */
function publishAsRemote(unit: SimulatedUnit, event: SimulatedEvent, data: Record<string, string>): void {
  const { relation: id = '', remoteUnit } = event
  if (Object.keys(data).length === 0) return
  const relation = findRelation(unit.state, id)
  if (relation === undefined || remoteUnit === undefined) {
    throw new UsageError(`data of a remote unit needs relation=ID and unit=NAME: ${event.name}`)
  }
  relation.remoteUnits[remoteUnit] = { ...relation.remoteUnits[remoteUnit], ...data }
}

function isEventKey(key: string): key is keyof typeof EVENT_KEYS {
  return Object.hasOwn(EVENT_KEYS, key)
}

function actionEvent(name: string, pairs: readonly [string, string][]): SimulatedEvent {
  const params = pairs.map(([key, value]): [string, unknown] => [key, scalarOf(value)])
  return { name, action: { name, params: Object.fromEntries(params) } }
}

/** A number or a boolean if the text is one, else the text. */
export function scalarOf(text: string): string | number | boolean {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) ? Number(text) : text
}

/** Values of the types that config.yaml declares. */
export function parseConfig(charm: string, config: Record<string, string>): Record<string, ConfigValue> {
  const options = readConfigOptions(charm)
  const values = Object.entries(config).map(([name, text]): [string, ConfigValue] => {
    const type = options.get(name)?.type ?? 'string'
    return [name, type === 'string' || type === 'secret' ? text : scalarOf(text)]
  })
  return Object.fromEntries(values)
}

function readStateFile(file: string): unknown {
  const value = readYaml(file)
  if (value === undefined) throw new UsageError(`the state file does not exist: ${file}`)
  return value ?? {}
}

/** Spies log the call where everybody looks, and succeed; outside of a hook there is no log. */
function commandScripts(commands: readonly string[]): Record<string, string> {
  const scripts = commands.map((command): [string, string] => {
    const [, name = '', script] = /^([^=]*)(?:=(.*))?$/s.exec(command) ?? []
    const spy = `juju-log -l DEBUG -- "command: ${name} $*" 2>/dev/null || :`
    return [name, `#!/bin/sh\n${script ?? spy}\n`]
  })
  return Object.fromEntries(scripts)
}

async function setFlags(unit: SimulatedUnit, flags: readonly string[]): Promise<void> {
  for (const flag of flags) {
    const { exitStatus, stderr } = await unit.command(['charms.reactive', 'set_flag', flag])
    if (exitStatus !== 0) throw new ReactiveError(`the flag cannot be set: ${flag}: ${stderr.trim()}`)
  }
}

interface Told {
  before: JujuState
  results: readonly EventResult[]
  notRun: readonly string[]
}

function reportOf({ asStory, json }: SimulateArguments, unit: SimulatedUnit, told: Told): string {
  const { state, isolation } = unit
  const files = filesBelow(unit.root)
  if (asStory && json) {
    const { results, notRun } = told
    return `${JSON.stringify({ results, notRun, state: writeJujuState(state), files, isolation }, null, 2)}\n`
  }
  if (asStory) return tellStory({ ...told, after: state, files, isolation })
  return json ? jsonReport(unit, told, files) : textReport(unit, told, files)
}

function textReport(unit: SimulatedUnit, { results, notRun }: Told, files: readonly string[]): string {
  const colour = process.stdout.isTTY === true
  const { state, isolation } = unit
  return formatReport({ unit: state.unit, results, notRun, files, problem: isolation.problem, colour })
}

function jsonReport({ state }: SimulatedUnit, { results, notRun }: Told, files: readonly string[]): string {
  const events = results.map((result) => ({ ...result, handlers: handlersRun(result) }))
  return `${JSON.stringify({ events, notRun, state, files }, null, 2)}\n`
}

async function writeStateFile(file: string, { state }: SimulatedUnit): Promise<void> {
  const written = writeJujuState(state)
  const { stringify } = await import('yaml')
  const isYaml = /\.ya?ml$/.test(file)
  fs.writeFileSync(
    file,
    isYaml ? stringify(written, { version: '1.1', lineWidth: 0 }) : `${JSON.stringify(written, null, 2)}\n`,
  )
}

/** Files below a unit's root, as the charm names them, sorted; without what interpreters cache. */
export function filesBelow(root: string): string[] {
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true })
  // In the upper layer of an overlay a removed file is a character device.
  const isFile = (entry: fs.Dirent) => !entry.isDirectory() && !entry.isCharacterDevice()
  const files = entries.filter((entry) => isFile(entry) && path.basename(entry.parentPath) !== '__pycache__')
  return files.map((entry) => `/${path.relative(root, path.join(entry.parentPath, entry.name))}`).sort()
}
