// The calls of hook tools that the engine makes, for itself and for handlers that ask it, with their times: the record
// of a dispatch tells them in rounds (rounds.ts). Lines of the engine's log are not among them: nothing waits for one.

import { clock } from '../../system/clock.ts'
import type { Context } from '../context.ts'
import type { ToolCall } from '../rounds.ts'

const calls = new WeakMap<Context, ToolCall[]>()

/** The calls so far, in order; one that is under way has no end yet. Whoever tells them may take them out. */
export function callsOf(context: Context): ToolCall[] {
  const known = calls.get(context)
  if (known !== undefined) return known
  const none: ToolCall[] = []
  calls.set(context, none)
  return none
}

/** Note a call of the launcher's: they are over before all others, those that waited for no answer first. */
export function noteEarlyCall(context: Context, tool: string, depth: number): void {
  callsOf(context).push({ tool, from: depth, until: depth + 1 })
}

/** Note that a call begins; gives what notes its end. */
export function noteCall(context: Context, tool: string): () => void {
  const call = { tool, from: clock(), until: Number.POSITIVE_INFINITY }
  callsOf(context).push(call)
  return () => {
    call.until = clock()
  }
}
