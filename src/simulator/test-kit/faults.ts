// What goes wrong in the next act because a test wants it: a hook tool that fails, a unit that dies.

import type { EventResult, SimulatedEvent } from '../events.ts'

export interface Fault {
  readonly kind: 'failure' | 'crash'
  /** What the event gets for it. */
  readonly event: Pick<SimulatedEvent, 'failTools' | 'killDuring' | 'env'>
  /** Whether it came to that. */
  isMet(result: EventResult): boolean
  /** What is said where it came to that in no event, before their names: such a test tests nothing. */
  readonly complaint: string
}

/** Each call of a hook tool fails. */
export function failingTool(tool: string, status: number, message: string): Fault {
  return {
    kind: 'failure',
    event: { failTools: [{ tool, status, message }] },
    isMet: ({ hookToolCalls }) => hookToolCalls.some((call) => call.tool === tool),
    complaint: `fail_tool: ${tool} was not called`,
  }
}

/** The unit dies when a hook tool or a stub is called; the call does nothing. */
export function crashAtCommand(kind: 'tool' | 'command', name: string): Fault {
  return {
    kind: 'crash',
    event: { killDuring: { [kind]: name } },
    isMet: isCrash,
    complaint: `kill_during: ${name} was not called`,
  }
}

/** The unit dies when a handler has done its work, before anything of the hook is kept. */
export function crashInHandler(handler: string): Fault {
  return {
    kind: 'crash',
    event: { env: { CHARMS_REACTIVE_CRASH_AFTER: handler } },
    isMet: isCrash,
    complaint: `kill_during: the handler ${handler} did not run`,
  }
}

function isCrash({ signal, timedOut }: EventResult): boolean {
  return signal === 'SIGKILL' && !timedOut
}

/** The event with the faults in it. */
export function withFaults<T extends SimulatedEvent>(event: T, faults: readonly Fault[]): T {
  const failTools = faults.flatMap(({ event: { failTools = [] } }) => failTools)
  const killDuring = faults.find((fault) => fault.event.killDuring !== undefined)?.event.killDuring
  const env = Object.assign({}, event.env, ...faults.map((fault) => fault.event.env ?? {}))
  return { ...event, env, failTools, ...(killDuring !== undefined && { killDuring }) }
}
