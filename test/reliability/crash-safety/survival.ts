// Where a hook begins, what it must leave behind however it ends, and runs side by side.

import os from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { messageOf } from '../../../src/errors.ts'
import { type DiskCall, diskEnv, type Fault, readCalls } from './disk.ts'
import {
  type CrashUnit,
  type Ended,
  filesOf,
  makeDir,
  makeUnit,
  processesEnd,
  type Rows,
  readState,
  removeUnit,
  run,
} from './unit.ts'

const SUCCESS: Ended = { status: 0, signal: null, stdout: '', stderr: '' }
const STATE = 'state.db'
const JOURNAL = `${STATE}-journal`

/** A unit before a hook or command, the states of before and after, and what the command does to the disk. */
export interface Start {
  unit: CrashUnit
  words: readonly string[]
  before: Rows
  after: Rows
  /** What it prints. */
  stdout: string
  calls: DiskCall[]
}

export const HOOK = ['main', 'config-changed']

export type UnitName =
  | 'a new unit'
  | 'a unit with a state'
  | 'a unit whose first hook died in its commit'
  | 'a unit whose last hook died in its commit'

/** No state yet; a state; states whose last commit was cut short, so that the next one must roll it back first. */
const UNITS: Record<UnitName, () => Promise<CrashUnit>> = {
  'a new unit': async () => makeUnit(),
  'a unit with a state': installed,
  'a unit whose first hook died in its commit': () => interrupted('a new unit', 0),
  'a unit whose last hook died in its commit': () => interrupted('a unit with a state', -1),
}

export const UNIT_NAMES = Object.keys(UNITS) as UnitName[]

/** What a command does on a copy of the unit where nothing disturbs it. */
export function startOn(name: UnitName, words: readonly string[] = HOOK): Promise<Start> {
  const observed = async () => observe(await once(units, name, UNITS[name]), words)
  return once(starts, [name, ...words].join(' '), observed)
}

/** Made and observed once for all tests of a file, which work on copies. */
const units = new Map<string, Promise<CrashUnit>>()
const starts = new Map<string, Promise<Start>>()

function once<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const one = made.get(name) ?? make()
  made.set(name, one)
  return one
}

async function installed(): Promise<CrashUnit> {
  const unit = makeUnit()
  expect(await run(unit, ['main', 'install'])).toEqual(SUCCESS)
  return unit
}

/** A unit whose hook died when its journal was whole, at the first or the last write to the state itself. */
async function interrupted(name: UnitName, which: 0 | -1): Promise<CrashUnit> {
  const { unit, calls } = await startOn(name)
  const dead = makeUnit(unit)
  const begin = calls.findLastIndex((call) => call.name === 'creat' && call.path === JOURNAL)
  const writes = calls.flatMap((call, index) =>
    index > begin && call.name === 'pwrite64' && call.path === STATE ? [index + 1] : [],
  )
  const fault: Fault = { as: 'kill', at: writes.at(which) ?? 0 }
  const ended = await run(dead, HOOK, { env: diskEnv(dead.stateDir, { fault }) })
  expect(ended.signal).toBe('SIGKILL')
  expect(filesOf(dead).state).toEqual([STATE, JOURNAL])
  return dead
}

async function observe(unit: CrashUnit, words: readonly string[]): Promise<Start> {
  const copy = makeUnit(unit)
  const log = path.join(makeDir(), 'calls')
  const ended = await run(copy, words, { env: diskEnv(copy.stateDir, { log }) })
  expect(ended).toEqual({ ...SUCCESS, stdout: ended.stdout })
  const [before, after] = [await readState(unit), await readState(copy)]
  const calls = readCalls(log).map((call) => ({ ...call, path: path.relative(copy.stateDir, call.path) }))
  removeUnit(copy)
  return { unit, words, before, after, stdout: ended.stdout, calls }
}

/**
 * What must hold after a kill: the state is that of before or of after, nothing of the hook runs on or lies
 * about, and the next hook needs no help. Gives which state it was, and how long processes lived on.
 */
export async function expectSurvival(
  unit: CrashUnit,
  start: Start,
  label: string,
): Promise<[string, number]> {
  const lived = await processesEnd(unit)
  const which = expectWhole(await readState(unit), start, label)
  expectNoStrays(unit, start, label)
  await expectRecovery(unit, start, label)
  return [which, lived]
}

/** There is nothing more than a journal, which the next one who opens the state removes. */
export function expectNoStrays(unit: CrashUnit, start: Start, label: string): void {
  const { state, others } = filesOf(unit)
  expect(others, `${label}: files`).toEqual(filesOf(start.unit).others)
  expect([STATE, JOURNAL], `${label}: files`).toEqual(expect.arrayContaining(state))
}

/** Without the fault the same command comes to its end. */
export async function expectRecovery(unit: CrashUnit, start: Start, label: string): Promise<void> {
  const { words, after, stdout } = start
  expect(await run(unit, words), `${label}: the next one`).toEqual({ ...SUCCESS, stdout })
  expect(await readState(unit), `${label}: the next one`).toEqual(after)
  expect(filesOf(unit).state, `${label}: the next one`).not.toContain(JOURNAL)
}

/** The state is that of before or that of after: tell which. */
export function expectWhole(
  rows: Rows,
  { before, after }: Pick<Start, 'before' | 'after'>,
  label: string,
): 'before' | 'after' {
  const is = (other: Rows) => JSON.stringify(sorted(rows)) === JSON.stringify(sorted(other))
  if (is(before)) return 'before'
  // Where it is neither, the difference to one of them tells more than both.
  expect(rows, `${label}: the state is neither that of before nor that of after`).toEqual(after)
  return 'after'
}

function sorted(rows: Rows): [string, string][] {
  return Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Do the work for all items, as many at a time as there are processors. Fails with all that failed. */
export async function forAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const failures: string[] = []
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item).catch((error: unknown) => failures.push(messageOf(error)))
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker))
  expect(failures, `${failures.length} of ${items.length} failed`).toEqual([])
}

/** Do something to a unit of its own, which goes afterwards. */
export async function withUnit(
  start: Pick<Start, 'unit'>,
  work: (unit: CrashUnit) => Promise<void>,
): Promise<void> {
  const unit = makeUnit(start.unit)
  await work(unit).finally(() => removeUnit(unit))
}
