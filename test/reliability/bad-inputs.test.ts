// Whatever is given, a charm ends in time, with one line that says why and the status that is documented. The rows
// are in bad-inputs/, by subject; each runs in processes of its own.

import { beforeAll, describe, expect, it } from 'vitest'
import { figure, sampled } from '../effort.ts'
import { COMMAND_ROWS } from './bad-inputs/command-rows.ts'
import { ENVIRONMENT_ROWS } from './bad-inputs/environment-rows.ts'
import { HANDLER_ROWS } from './bad-inputs/handler-rows.ts'
import { type Outcome, outcomeOf, type Row, stderrOf } from './bad-inputs/row.ts'
import { STATE_ROWS } from './bad-inputs/state-rows.ts'
import { TOOL_ROWS } from './bad-inputs/tool-rows.ts'
import { YAML_ROWS } from './bad-inputs/yaml-rows.ts'

const SUBJECTS: [subject: string, rows: Row[]][] = [
  ['charm files', YAML_ROWS],
  ['the unit state', STATE_ROWS],
  ['the environment', ENVIRONMENT_ROWS],
  ['command lines', COMMAND_ROWS],
  ['handlers', HANDLER_ROWS],
  ['hook tools', TOOL_ROWS],
]
const ALL = SUBJECTS.flatMap(([, rows]) => rows)
/** Those of this run: a sample of each subject, or all. */
const CHOSEN = SUBJECTS.map(
  ([subject, rows]) => [subject, sampled(rows, Math.ceil(rows.length / 20))] as const,
)
const AT_ONCE = 3

const outcomes = new Map<Row, Outcome>()

beforeAll(async () => {
  const waiting = CHOSEN.flatMap(([, rows]) => rows)
  const work = async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift())
      outcomes.set(row, await outcomeOf(row))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}, 300_000)

it('there are enough of them, and no two are the same', () => {
  expect(ALL.length).toBeGreaterThan(300)
  expect(new Set(ALL.map(({ given, words, env }) => JSON.stringify([given, words, env]))).size).toBe(
    ALL.length,
  )
  figure('bad inputs', ALL.length)
})

describe.each(CHOSEN)('%s', (_, rows) => {
  it.each(rows.map((row) => [row.given, row] as const))('%s', (_title, row) => {
    expect(outcomes.get(row)).toEqual({
      hung: false,
      status: row.status ?? 3,
      stderr: stderrOf(row),
      stdout: row.prints ?? '',
      flags: row.flags ?? [],
      canaries: [],
    })
  })
})
