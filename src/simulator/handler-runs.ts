// Which handlers ran in an event, and why: from the record that the dispatch keeps of itself, or where there
// is none (it was killed), from its log.

import type { DispatchRecord, FlagChange } from '../dispatch/trace.ts'
import type { LogEntry } from './events.ts'

/** A handler that ran, and why. */
export interface HandlerRun {
  handler: string
  phase: string
  /** Counts from 0 within the phase. */
  iteration: number
  /** The conditions that held. */
  reasons: string[]
  /** The flags that it changed, and triggers with it. */
  changes: FlagChange[]
  milliseconds: number
  /** Why it failed. */
  error?: string
}

/** The dispatcher's log line for a handler. */
const HANDLER = /^Invoking reactive handler: (.+)$/i

/** Names of the handlers that ran, in order, as the log tells. */
export function handlersInLog(log: readonly LogEntry[]): string[] {
  return log.flatMap(({ source, message }) => (source === 'juju-log' && HANDLER.exec(message)?.[1]) || [])
}

/** The runs of an event, in order. */
export function handlerRuns(trace: DispatchRecord | undefined, log: readonly LogEntry[]): HandlerRun[] {
  if (trace === undefined) return handlersInLog(log).map(unexplained)
  return trace.iterations.flatMap(({ phase, iteration, tested, ran }) =>
    ran.map((run) => {
      const answers = tested.find(({ handler }) => handler === run.handler)?.answers ?? []
      const reasons = answers.filter(({ holds }) => holds).map(({ condition }) => condition)
      return { phase, iteration, reasons, ...run }
    }),
  )
}

function unexplained(handler: string): HandlerRun {
  return { handler, phase: '', iteration: 0, reasons: [], changes: [], milliseconds: 0 }
}
