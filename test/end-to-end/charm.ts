// Small real charms in temporary directories, run by a simulated unit: the launcher, the built engine, real
// handlers. What a test wants to know about a hook afterwards is here as well.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { DispatchRecord } from '../../src/dispatch/trace.ts'
import type { EventResult } from '../../src/simulator/events.ts'
import { type SimulatedUnit, type SimulatedUnitOptions, simulateUnit } from '../../src/simulator/unit.ts'
import { UnitState } from '../../src/unit/unit-state.ts'
import { atEnd } from '../at-end.ts'

export type CharmFiles = Record<string, string | Buffer>

export const METADATA = 'name: app\nsummary: A charm for a test\n'

/** A directory that lasts until the end of the test. */
export function temporaryDir(): string {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-')))
  atEnd(() => fs.rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Write files; a program (text that begins with `#!`, or a binary) is executable. */
export function writeFiles(dir: string, files: CharmFiles): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    const isProgram = Buffer.isBuffer(content) || content.startsWith('#!')
    fs.writeFileSync(file, content, { mode: isProgram ? 0o755 : 0o644 })
  }
}

/** Simulate a unit with a charm of these files until the end of the test. */
export async function startUnit(
  files: CharmFiles,
  options: SimulatedUnitOptions = {},
): Promise<SimulatedUnit> {
  const charm = temporaryDir()
  writeFiles(charm, { 'metadata.yaml': METADATA, ...files })
  // The leader's flag would be among all others that tests compare.
  const unit = await simulateUnit(charm, { ...options, state: { leader: false, ...options.state } })
  atEnd(() => unit.close())
  return unit
}

/** A bash handler file around the text. */
export function bash(text: string): string {
  return `#!/bin/bash\nsource charms.reactive.sh\n${text}\nreactive_handler_main\n`
}

/** The executable that a C source compiles to. */
export function compile(source: string, options: readonly string[] = []): Buffer {
  const dir = temporaryDir()
  fs.writeFileSync(path.join(dir, 'source.c'), source)
  execFileSync('cc', ['-o', path.join(dir, 'binary'), path.join(dir, 'source.c'), ...options], {
    timeout: 20_000,
  })
  return fs.readFileSync(path.join(dir, 'binary'))
}

/** What the engine and the handlers logged, as `LEVEL message`. */
export function logged({ log }: EventResult): string[] {
  return log.filter(({ source }) => source === 'juju-log').map(({ level, message }) => `${level} ${message}`)
}

const INVOKING = 'INFO Invoking reactive handler: '

/** The handlers that the log says were run, in order. */
export function ran(result: EventResult): string[] {
  return logged(result)
    .filter((line) => line.startsWith(INVOKING))
    .map((line) => line.slice(INVOKING.length))
}

/** What was logged besides the handlers' runs. */
export function remarks(result: EventResult): string[] {
  return logged(result).filter((line) => !line.startsWith(INVOKING))
}

/** What the log has at ERROR: the record of a failed hook. */
export function errors(result: EventResult): string[] {
  return logged(result).flatMap((line) => (line.startsWith('ERROR ') ? [line.slice('ERROR '.length)] : []))
}

/** What a command of the toolkit prints when an operator runs it in the charm dir. */
export async function ask(unit: SimulatedUnit, ...words: string[]): Promise<string> {
  const { exitStatus, stdout, stderr } = await unit.command(['charms.reactive', ...words])
  if (exitStatus > 1) throw new Error(`charms.reactive ${words.join(' ')}: ${exitStatus}: ${stderr}`)
  return stdout
}

/** The flags that are set. No process asks for them: the unit has read its state after the last event. */
export function flags({ state }: SimulatedUnit): string[] {
  return [...state.flags]
}

/** The same by a command: where the file of the state is what a test is about. */
export async function askForFlags(unit: SimulatedUnit): Promise<string[]> {
  return (await ask(unit, 'get_flags')).split('\n').filter((line) => line !== '')
}

/** Set flags before the next event. */
export function given({ state }: SimulatedUnit, ...names: string[]): void {
  state.flags = [...new Set([...state.flags, ...names])]
}

/** The records of the last dispatches, oldest first. */
export async function traces({ charmDir }: SimulatedUnit, last = 1): Promise<DispatchRecord[]> {
  const file = path.join(charmDir, '.reactive-state.db')
  const state = await UnitState.open({ path: file, unit: '', busyTimeout: 5000 })
  try {
    return (await state.traces()).slice(-last) as unknown as DispatchRecord[]
  } finally {
    await state.close()
  }
}

/** The lines of a file in the charm dir; none when it does not exist. */
export function lines(unit: SimulatedUnit, name: string): string[] {
  const file = path.join(unit.charmDir, name)
  if (!fs.existsSync(file)) return []
  return fs.readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

/** Replace files of the unit's charm, as an upgrade does. */
export function upgrade(unit: SimulatedUnit, files: CharmFiles): void {
  writeFiles(unit.charmDir, files)
}

/** A `PATH` for the unit's hooks with executables of the charm before all others. */
export async function pathWith(unit: SimulatedUnit, dir: string): Promise<string> {
  const { stdout } = await unit.command(['printenv', 'PATH'])
  return `${unit.charmDir}/${dir}:${stdout.trim()}`
}
