// A readable report of events that ran on a simulated unit, for `npm start`: plain text, columns aligned.

import { oneLine } from '../errors.ts'
import { hasFailed } from './event-result.ts'
import type { EventResult } from './events.ts'
import { handlersInLog } from './handler-runs.ts'

export interface Report {
  unit: string
  results: readonly EventResult[]
  /** Events that were not run, since one before them failed. */
  notRun?: readonly string[]
  /** Files below the unit's root, absolute as the charm sees them. */
  files?: readonly string[]
  /** What of the system is not private to the unit, and why. */
  problem?: string
  /** For a terminal only. */
  colour?: boolean
}

const HEADINGS = ['EVENT', 'RESULT', 'STATUS', 'HANDLERS', 'TOOLS', 'TIME']

/** The whole report, line ends included. */
export function formatReport(report: Report): string {
  const { unit, results, notRun = [], files = [], problem = '', colour = false } = report
  const rows = [
    ...results.map((result) => rowOf(result)),
    ...notRun.map((name) => [name, 'not run', '', '', '', '']),
  ]
  const table = alignColumns([HEADINGS, ...rows])
  const [heading = '', ...lines] = table
  const shown = lines.flatMap((line, index) => {
    const result = results[index]
    const failed = result !== undefined && isFailure(result)
    return [colour && failed ? `\u001b[31m${line}\u001b[0m` : line, ...(result ? detailsOf(result) : [])]
  })
  const written = files.length === 0 ? [] : ['', 'Files written:', ...files.map((file) => `  ${file}`)]
  const isolation = problem === '' ? [] : ['', `Not isolated from this machine: ${problem}`]
  return [`Unit ${unit}`, '', heading, ...shown, ...written, ...isolation, ''].join('\n')
}

/** Names of the handlers that ran, in order, as the log tells. */
export function handlersRun({ log }: EventResult): string[] {
  return handlersInLog(log)
}

/** Whether the operator would see an error. */
export function isFailure(result: EventResult): boolean {
  return hasFailed(result) || result.action?.failed === true
}

/** How an event is called: `install`, `db-relation-changed db:1`, `action backup`. */
export function eventLabel({ event }: EventResult): string {
  if (event.action !== undefined) return `action ${event.action.name}`
  return [event.name, event.relation, event.remoteUnit].filter(Boolean).join(' ')
}

function rowOf(result: EventResult): string[] {
  const handlers = handlersRun(result).length
  return [
    eventLabel(result),
    outcomeOf(result),
    statusOf(result),
    String(handlers),
    String(result.hookToolCalls.length),
    `${Math.round(result.durationMs)} ms`,
  ]
}

export function outcomeOf(result: EventResult): string {
  const { exitStatus, signal, timedOut, skipped, action, reboot, refusal } = result
  if (reboot === 'now') return 'rebooting'
  if (timedOut) return 'timed out'
  if (signal !== null) return signal
  if (exitStatus !== 0) return `exit ${exitStatus}`
  if (refusal !== undefined) return 'refused'
  if (action?.failed) return 'action failed'
  return skipped ? 'no script' : 'ok'
}

/** The unit's last status of the event. */
function statusOf({ statusHistory }: EventResult): string {
  const last = statusHistory.findLast(({ scope }) => scope === 'unit')
  return last === undefined
    ? '-'
    : oneLine(last.message === '' ? last.status : `${last.status}: ${last.message}`)
}

/** Indented lines below a row: handlers, what an action said, and what went wrong, even where the event did not fail. */
function detailsOf(result: EventResult): string[] {
  const { action, log } = result
  const results = action === undefined || Object.keys(action.results).length === 0 ? [] : [action.results]
  const problems = log.filter(({ level }) => /^(WARNING|ERROR|CRITICAL)$/.test(level))
  return [
    ...handlersRun(result).map((handler) => `  ran ${handler}`),
    ...results.map((values) => `  result ${JSON.stringify(values)}`),
    ...(action?.failed ? [`  failed: ${oneLine(action.message)}`] : []),
    ...(result.refusal === undefined ? [] : [`  refused by Juju: ${oneLine(result.refusal)}`]),
    ...problems.map(({ level, message }) => `  ${level} ${oneLine(message)}`),
  ]
}

/** Lines of the cells, every column as wide as its widest cell. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
