// What a caller gets to know about an event, from the record of its hook and the end of its process.

import type { EventResult, SimulatedEvent } from './events.ts'
import type { HookContext } from './hook-context.ts'
import type { ProcessResult } from './process.ts'

/** The result of an event whose script has ended. */
export function resultOf(event: SimulatedEvent, context: HookContext, ended: ProcessResult): EventResult {
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
  }
  if (context.kind === 'hook') return result
  const message = action.message || (signal === null ? `exit status ${exitStatus}` : `signal: ${signal}`)
  // What was set before the script failed is returned all the same (juju.md 3).
  return { ...result, action: exitStatus === 0 ? action : { ...action, failed: true, message } }
}

/** The result of an event that the charm has no script for: no error of a hook, but an action fails. */
export function skippedResult(event: SimulatedEvent, context: HookContext): EventResult {
  const ended = { exitStatus: 0, signal: null, timedOut: false, stdout: '', stderr: '', durationMs: 0 }
  const result = { ...resultOf(event, context, ended), skipped: true }
  if (context.kind === 'hook') return result
  const message = `action not implemented on unit "${context.state.unit}"`
  return { ...result, action: { results: {}, logs: [], failed: true, message } }
}
