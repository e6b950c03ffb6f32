// Calls of hook tools by the processes of a simulated unit: those of the hook that runs are answered by the simulated
// Juju, unless a test wants them to fail.

import { channel } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '../system/channel.ts'
import { Faults, isToolMoment, type ToolFailure } from './faults.ts'
import type { HookContext } from './hook-context.ts'
import { callHookTool, type HookTool, STDIN_WANTED, type ToolRequest } from './hook-tools/hook-tool.ts'
import { HOOK_TOOLS, isLacking } from './hook-tools/table.ts'
import type { JujuState } from './juju-state.ts'
import type { SimulatedUnitOptions } from './unit-options.ts'

/** Tests of the toolkit hear here of every tool that a charm calls and its Juju does not have, whatever their subject. */
const LACKING_TOOLS = channel('charms.reactive:lacking-tool')

export class ToolCalls {
  /** The hook that runs. A tool that is called when it has ended, by a process left behind, finds no context. */
  running: HookContext | undefined
  readonly #state: JujuState
  readonly #delayMs: number
  #always: Faults
  #ofEvent = new Faults()

  constructor(state: JujuState, { failTools, toolDelayMs = 0 }: SimulatedUnitOptions) {
    this.#state = state
    this.#always = new Faults(failTools)
    this.#delayMs = toolDelayMs
  }

  /** What fails in every event from now on. */
  failAlways(failures: readonly ToolFailure[]): void {
    this.#always = new Faults(failures)
  }

  /** What fails in the next event besides. */
  failOnce(failures: readonly ToolFailure[] | undefined): void {
    this.#ofEvent = new Faults(failures)
  }

  /** Answer one call, after the time that a call takes. */
  answer(args: string[]): Reply | Promise<Reply> {
    const reply = this.#answer(args)
    const isDelayed = this.#delayMs > 0 && reply.status !== STDIN_WANTED
    return isDelayed ? sleep(this.#delayMs, reply, { ref: false }) : reply
  }

  /** What comes is the context id, working directory, who calls, stdin, name and arguments. */
  #answer([id = '', cwd = '', caller = '', stdin = '', tool = '', ...args]: string[]): Reply {
    const context = this.running
    if (context?.id !== id) {
      const expected = JSON.stringify(context?.id ?? '')
      return badRequest(`expected context id ${expected}, got ${JSON.stringify(id)}`)
    }
    const at = performance.now() - context.began.clock
    const hookTool = HOOK_TOOLS.get(tool)
    if (hookTool === undefined) return badRequest(`unknown command: ${tool}`)
    const sent = stdin === '' ? undefined : stdin.slice(1)
    const reply = this.#call(hookTool, context, { tool, args, cwd, stdin: sent, caller })
    if (reply.status === STDIN_WANTED) return reply
    const ofHandlers = caller === 'handler'
    const { status } = reply
    context.record.hookToolCalls.push({ tool, args, status, ofHandlers, at, milliseconds: this.#delayMs })
    // A shell cannot hold NUL, and the channel does not carry it.
    return { ...reply, stdout: (reply.stdout ?? '').replaceAll('\0', '') }
  }

  /** Call a hook tool, unless this Juju lacks it or the test lets it fail. */
  #call(hookTool: HookTool, context: HookContext, request: ToolRequest): Reply {
    const { tool, args } = request
    if (isLacking(tool, this.#state.jujuVersion)) {
      LACKING_TOOLS.publish(tool)
      context.record.lackingTools.push(tool)
      // As the shell says it; the hook is not to pass for one that works.
      return { status: 127, stderr: `${tool}: command not found\n` }
    }
    if (isToolMoment(context.event.killDuring, tool, args)) context.kill?.()
    const failure = this.#ofEvent.take(tool, args) ?? this.#always.take(tool, args)
    if (failure === undefined) return callHookTool(hookTool, context, request)
    const { status = 1, message = `${tool} fails because the test says so` } = failure
    return { status, stderr: status === 0 ? '' : `ERROR ${message}\n` }
  }
}

function badRequest(what: string): Reply {
  return { status: 1, stderr: `ERROR bad request: ${what}\n` }
}
