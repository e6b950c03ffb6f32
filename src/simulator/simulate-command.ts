// `charms.reactive simulate`: events one after the other on one simulated unit of a charm, and a report.

import fs from 'node:fs'
import { stringify } from 'yaml'
import { readYaml } from '../charm/charm-files.ts'
import { ReactiveError, UsageError } from '../errors.ts'
import { splitPair } from '../system/key-values.ts'
import type { EventResult } from './events.ts'
import { parseConfig, parseEvent, runUntilFailure } from './given-events.ts'
import type { IsolationChoice } from './isolation.ts'
import type { JujuState } from './juju-state.ts'
import { readJujuState } from './read-state.ts'
import { formatReport, handlersRun, isFailure } from './report.ts'
import { tellStory } from './story.ts'
import { type SimulatedUnit, simulateUnit } from './unit.ts'
import { writeUnitReport } from './unit-report.ts'
import { placeFile, showFile, watchFiles } from './unit-root.ts'
import { writeJujuState } from './write-state.ts'

export interface SimulateArguments {
  /** Directory of the charm. */
  charm: string
  /** `install`, `db-relation-changed relation=db:1 unit=mysql/0`, `action:backup target=/x`. */
  events: string[]
  /** Values of options, as text. */
  config?: Record<string, string>
  /** A state in YAML or JSON: read-state.ts. */
  stateFile?: string | undefined
  /** Where the state goes afterwards, as a state file: JSON, or YAML where the name says so. */
  outFile?: string | undefined
  /** Where a page with all that happened goes. */
  reportFile?: string | undefined
  /** Files and directories that the charm finds on the machine: `TARGET`, or `TARGET=SOURCE` for a copy. */
  files?: string[]
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
  /** How long each call of a hook tool takes; nearly nothing by default. */
  toolDelayMs?: number
  /** Whether the report tells what happened in each event and why, instead of a table. */
  explain?: boolean
}

export interface SimulateResult {
  /** 1 when an event failed. */
  status: number
  stdout: string
}

/** Run the events until one fails, as Juju would, and report. */
export async function simulateCommand(args: SimulateArguments): Promise<SimulateResult> {
  const events = args.events.map(parseEvent)
  const config = parseConfig(args.charm, args.config ?? {})
  const state = args.stateFile === undefined ? {} : readJujuState(readStateFile(args.stateFile))
  const { allow = [], check = true, isolate = 'auto', toolDelayMs = 0 } = args
  const commands = commandScripts(args.commands ?? [])
  const unit = await simulateUnit(args.charm, { state, commands, allow, check, isolate, toolDelayMs })
  try {
    unit.setConfig(config)
    for (const file of args.files ?? []) {
      const [target, source] = splitPair(file) ?? [file]
      placeFile(unit, target, source)
    }
    await setFlags(unit, args.flags ?? [])
    const written = watchFiles(unit.root)
    const before = structuredClone(unit.state)
    const results = await runUntilFailure(unit, events)
    if (args.outFile !== undefined) await writeStateFile(args.outFile, unit)
    if (args.reportFile !== undefined) await writeUnitReport(unit, args.charm, args.reportFile)
    const told = { before, results, notRun: args.events.slice(results.length), files: written() }
    return { status: results.some(isFailure) ? 1 : 0, stdout: reportOf(args, unit, told) }
  } finally {
    await unit.close()
  }
}

function readStateFile(file: string): unknown {
  const value = readYaml(file)
  if (value === undefined) throw new UsageError(`the state file does not exist: ${file}`)
  return value ?? {}
}

/** Spies log the call where everybody looks, and succeed; outside of a hook there is no log. */
function commandScripts(commands: readonly string[]): Record<string, string> {
  const scripts = commands.map((command): [string, string] => {
    const [name, script] = splitPair(command) ?? [command]
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
  files: readonly string[]
}

function reportOf({ explain, json }: SimulateArguments, unit: SimulatedUnit, told: Told): string {
  const { state, isolation } = unit
  const { results, notRun, files } = told
  if (!json) return explain ? explainText(unit, told) : textReport(unit, told)
  const report = explain
    ? { results, notRun, state: writeJujuState(state), files, isolation }
    : {
        events: results.map((result) => ({ ...result, handlers: handlersRun(result) })),
        notRun,
        state,
        files,
      }
  return `${JSON.stringify(report, null, 2)}\n`
}

function explainText({ root, state, isolation }: SimulatedUnit, told: Told): string {
  const files = told.files.flatMap((file) => showFile(root, file))
  return tellStory({ ...told, files, after: state, isolation })
}

function textReport({ state, isolation }: SimulatedUnit, { results, notRun, files }: Told): string {
  const colour = process.stdout.isTTY === true
  return formatReport({ unit: state.unit, results, notRun, files, problem: isolation.problem, colour })
}

async function writeStateFile(file: string, { state }: SimulatedUnit): Promise<void> {
  const written = writeJujuState(state)
  const isYaml = /\.ya?ml$/.test(file)
  fs.writeFileSync(
    file,
    isYaml ? stringify(written, { version: '1.1', lineWidth: 0 }) : `${JSON.stringify(written, null, 2)}\n`,
  )
}
