// What a caller gets to know about an event, from the record of its hook and the end of its process.

import type { DispatchRecord } from '../dispatch/trace.ts'
import { readCharm } from './consistency/charm.ts'
import type { EventResult, SimulatedEvent } from './events.ts'
import { handlerRuns } from './handler-runs.ts'
import type { HookContext } from './hook-context.ts'
import type { CommandCall } from './machine-commands.ts'
import type { ProcessResult } from './process.ts'

/** What is known of an event besides what its hook tools said. */
export interface Traces {
  trace?: DispatchRecord | undefined
  commands?: CommandCall[]
  refusal?: string | undefined
}

/** The result of an event whose script has ended. */
export function resultOf(
  event: SimulatedEvent,
  context: HookContext,
  ended: ProcessResult,
  { trace, commands = [], refusal }: Traces = {},
): EventResult {
  const { action, ...record } = context.record
  const { exitStatus, signal, timedOut, stdout, stderr, durationMs } = ended
  const result = {
    event,
    exitStatus,
    signal,
    timedOut,
    stdout,
    stderr,
    durationMs,
    skipped: false,
    ...record,
    ...handlerRuns(trace, { ...record, began: context.began.date }),
    ...(trace && { trace }),
    commands,
    ...(refusal !== undefined && { refusal }),
  }
  if (context.kind === 'hook') return result
  // What was set before the script failed is returned all the same (docs/juju.md 3).
  const hasFailed = exitStatus !== 0 || refusal !== undefined
  return {
    ...result,
    action: hasFailed ? { ...action, failed: true, message: failureOf(context, ended) } : action,
  }
}

function failureOf({ record }: HookContext, { exitStatus, signal }: ProcessResult): string {
  if (exitStatus === 0) return record.action.message || 'committing requested changes failed'
  return record.action.message || (signal === null ? `exit status ${exitStatus}` : `signal: ${signal}`)
}

/** The result of an event that the charm has no script for: no error of a hook, but an action fails. */
export function skippedResult(event: SimulatedEvent, context: HookContext): EventResult {
  const ended = { exitStatus: 0, signal: null, timedOut: false, stdout: '', stderr: '', durationMs: 0 }
  const result = { ...resultOf(event, context, ended), skipped: true }
  if (context.kind === 'hook') return result
  const message = `action not implemented on unit "${context.state.unit}"`
  return { ...result, action: { results: {}, logs: [], failed: true, message } }
}

/** Whether Juju counts the hook as failed. One that juju-reboot has killed runs again, and has not failed. */
export function hasFailed({ exitStatus, reboot, refusal }: EventResult): boolean {
  return (exitStatus !== 0 && reboot !== 'now') || refusal !== undefined
}

/** Why Juju does not take the changes of a hook that has exited 0. */
export function refusalOf(
  charmDir: string,
  { failFlush }: SimulatedEvent,
  { pending, record, state }: HookContext,
): string | undefined {
  const wanted = Object.keys(pending.storage)
  const declared = wanted.length === 0 ? [] : readCharm(charmDir).metadata.storage
  const unknown = wanted.find((name) => !declared.includes(name))
  const [lacking] = record.lackingTools
  const isDeposed = pending.localApp.size > 0 && !state.leader
  return (
    failFlush ??
    pending.refusal ??
    (isDeposed ? `cannot write the data of the application: ${state.unit} is not the leader` : undefined) ??
    (unknown && `charm storage ${JSON.stringify(unknown)} not found`) ??
    (lacking && `Juju ${state.jujuVersion} has no such hook tool: ${lacking}`)
  )
}
