// Which handlers ran in an event, and why: from the record that the dispatch keeps of itself, or where there
// is none (it was killed), from its log.

import type { DispatchRecord, FlagChange, RunRecord } from '../dispatch/trace.ts'
import { type Round, roundsOf } from '../juju/rounds.ts'
import type { HookToolCall, LogEntry } from './events.ts'

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
  /** The hook tools that it called, round by round; first those that the toolkit called for it. */
  hookTools: Round[]
  /** Why it failed. */
  error?: string
}

/** The dispatcher's log line for a handler. */
const HANDLER = /^Invoking reactive handler: (.+)$/i

/** Names of the handlers that ran, in order, as the log tells. */
export function handlersInLog(log: readonly LogEntry[]): string[] {
  return log.flatMap(({ source, message }) => (source === 'juju-log' && HANDLER.exec(message)?.[1]) || [])
}

/** What is known of an event besides its record. */
export interface Observed {
  began: Date
  log: readonly LogEntry[]
  hookToolCalls: readonly HookToolCall[]
}

/** The runs of an event in order, and how often it waited for hook tools in all. */
export function handlerRuns(
  trace: DispatchRecord | undefined,
  { began, log, hookToolCalls }: Observed,
): { handlers: HandlerRun[]; hookToolRounds: number } {
  if (trace === undefined) {
    return { handlers: handlersInLog(log).map(unexplained), hookToolRounds: roundsIn(hookToolCalls).length }
  }
  const calls = hookToolCalls.filter(({ ofHandlers }) => ofHandlers)
  const start = Date.parse(trace.started) - began.getTime()
  const handlers = trace.iterations.flatMap(({ phase, iteration, tested, ran }) =>
    ran.map((run) => {
      const answers = tested.find(({ handler }) => handler === run.handler)?.answers ?? []
      const reasons = answers.filter(({ holds }) => holds).map(({ condition }) => condition)
      const own = takeWithin(calls, start + run.at, run)
      return { phase, iteration, reasons, ...run, hookTools: [...(run.hookTools ?? []), ...roundsIn(own)] }
    }),
  )
  // What is left was called at the top level of handler files, or by what a handler has left running.
  const others = [trace.hookTools ?? [], roundsIn(calls), ...handlers.map(({ hookTools }) => hookTools)]
  return { handlers, hookToolRounds: others.flat().length }
}

function roundsIn(calls: readonly HookToolCall[]): Round[] {
  return roundsOf(calls.map(({ tool, at, milliseconds }) => ({ tool, from: at, until: at + milliseconds })))
}

/** Take the calls out that came while the handler ran; the record has its times in whole milliseconds. */
function takeWithin(calls: HookToolCall[], begin: number, { milliseconds }: RunRecord): HookToolCall[] {
  const isWithin = ({ at }: HookToolCall) => at >= begin && at <= begin + milliseconds + 1
  const first = calls.findIndex(isWithin)
  return first < 0 ? [] : calls.splice(first, calls.filter(isWithin).length)
}

function unexplained(handler: string): HandlerRun {
  return { handler, phase: '', iteration: 0, reasons: [], changes: [], hookTools: [], milliseconds: 0 }
}
