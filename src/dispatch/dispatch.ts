// One dispatch: the life of a hook or action, from reading the unit state to the one transaction that keeps all
// that changed on the way, or nothing. Called by `main.ts`.

import { keepYaml } from '../charm/charm-files/yaml-memory.ts'
import { unknownOptions } from '../charm/layer-options/unknown.ts'
import { endpointsOf } from '../endpoints/endpoints.ts'
import { publishAll } from '../endpoints/published-data.ts'
import { DispatchEnd, ReactiveError } from '../errors.ts'
import { discover, type HandlerFile } from '../handlers/discover.ts'
import { HandlerHost } from '../handlers/handler-files.ts'
import type { Handler } from '../handlers/handlers.ts'
import type { Context } from '../juju/context.ts'
import { callsOf } from '../juju/hook-tools/calls.ts'
import type { Log } from '../juju/log.ts'
import type { Reply } from '../system/channel.ts'
import { KEY } from '../unit/keys.ts'
import { openUnitState } from '../unit/open-unit-state.ts'
import { openSession, type Session } from '../unit/session.ts'
import { setWorstStatus } from '../unit/status-candidates.ts'
import { dropKeptTriggers, keepLastTriggers } from '../unit/triggers.ts'
import { askEarly, endAutomaticFlags, startAutomaticFlags } from './automatic-flags.ts'
import { CharmScript } from './charm-script.ts'
import { endRecord, isRecorded } from './kept-record.ts'
import { prepareUnit } from './prepare-unit.ts'
import { ReactiveLoop } from './reactive-loop.ts'
import { rememberHook } from './running-hook.ts'
import { Tracer } from './trace.ts'

/** Answers what a child of the dispatch asks, as the command line would. */
export type AnswerLine = (session: Session, line: readonly string[]) => Reply | Promise<Reply>

/** Run a whole dispatch. Rejects when the hook fails; then the state is that of before. */
export async function dispatch(context: Context, log: Log, answer: AnswerLine): Promise<void> {
  const state = await openUnitState(context, log, 'dispatch')
  const event = context.actionName ? `action:${context.actionName}` : context.hookName
  const session = openSession(context, state, log, true)
  const tracer = new Tracer(event, context.unitName, {
    notesTests: isRecorded(context),
    traceId: context.traceId,
    calls: callsOf(context),
  })
  session.onFlagChange = (flag, set, trigger) => tracer.flagChanged(flag, set, trigger)
  const script = new CharmScript(session)
  const host = new HandlerHost(session, (line) => script.answer(line) ?? answer(session, line))
  const loop = new ReactiveLoop(session, tracer, host)
  rememberHook(session, loop)
  try {
    try {
      await prepareUnit(session, () => host.openChannel())
      await script.run(host, react)
      await setWorstStatus(session)
      await publishAll(session)
      keepLastTriggers(session)
    } finally {
      await host.finish()
    }
    keepYaml(state, KEY.yaml)
    await state.commit(await endRecord(session, tracer))
  } catch (error) {
    await recordFailure(session, tracer, error)
    throw error
  } finally {
    await host.close()
    await state.close()
  }

  /** The reactive part; the charm's own script may be what asks for it. */
  async function react(): Promise<void> {
    // Metadata that cannot be read ends the hook before any file of the charm runs.
    endpointsOf(session)
    // An action that its own script has done may not need it.
    const asked = context.restricted || context.actionName !== '' ? undefined : askEarly(session)
    warnOfNew(session, KEY.unknownOptions, unknownOptions(context.charmDir))
    try {
      const files = findHandlerFiles(session)
      const isOver = await untilEnd(log, async () => {
        for await (const source of host.register(files)) loop.add(source)
      })
      if (script.hasDoneAction && !hasReason(session, loop.handlers)) return
      dropKeptTriggers(session)
      if (context.restricted) {
        await untilEnd(log, async () => isOver || loop.runPhase('restricted'))
        return
      }
      await startAutomaticFlags(session)
      await host.settle()
      if (!isOver) await untilEnd(log, runHandlers)
      await loop.runCallbacks('exit')
      await endAutomaticFlags(session)
    } finally {
      await loop.endIteration()
      await asked
    }
  }

  async function runHandlers(): Promise<void> {
    await loop.runCallbacks('start')
    await loop.runPhase('hooks', (matching) => script.isThere || checkAction(context, matching))
    await loop.settle()
  }
}

/** Whether code of the charm ended the dispatch, with success, before the work was done. */
async function untilEnd(log: Log, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return false
  } catch (error) {
    if (!(error instanceof DispatchEnd)) throw error
    log.debug(error.message)
    return true
  }
}

/** The record of a failed dispatch is kept, and nothing else of it. */
async function recordFailure(session: Session, tracer: Tracer, error: unknown): Promise<void> {
  const { state } = session
  state.discard()
  // Where even this cannot be written, the failure itself is what matters.
  await state.commit(await endRecord(session, tracer, error)).catch(() => undefined)
}

/** The handler files; those that only look like one are told at WARNING when there are new ones, not at every hook. */
function findHandlerFiles(session: Session): HandlerFile[] {
  const { files, nearMisses } = discover(session.context)
  const messages = nearMisses.map(({ path, reason }) => `not a handler file: ${path}: ${reason}`)
  warnOfNew(session, KEY.nearMisses, messages)
  return files
}

/** At WARNING where they are not those of the last hook, which the key keeps. */
function warnOfNew({ state, log }: Session, key: string, messages: readonly string[]): void {
  const isNew = JSON.stringify(state.get(key) ?? []) !== JSON.stringify(messages)
  for (const message of messages) isNew ? log.warning(message) : log.debug(message)
  if (isNew) state.set(key, messages)
}

/** Whether there is something to react to behind an action's own script: flags changed, or it has handlers as well. */
function hasReason({ changeCount, context }: Session, handlers: readonly Handler[]): boolean {
  return changeCount > 0 || handlers.some(({ actions }) => actions.includes(context.actionName))
}

/** An action that nobody does fails. */
function checkAction({ actionName }: Context, matching: readonly Handler[]): void {
  if (actionName === '') return
  if (matching.some(({ actions, flags }) => actions.includes(actionName) || flags === 'any')) return
  throw new ReactiveError(`no handler matches the action, and it has no script: ${actionName}`)
}
