// What handlers in JavaScript ask of Juju and tell it: configuration, leadership, the log, the status, the action that
// runs, and each hook tool by itself.

import { checkConfigOption } from '../../charm/config-options.ts'
import * as leadership from '../../endpoints/leadership.ts'
import { UsageError } from '../../errors.ts'
import type { Context } from '../../juju/context.ts'
import * as tools from '../../juju/hook-tools.ts'
import { currentSession } from '../../unit/current-session.ts'
import { isLeader as leads } from '../../unit/is-leader.ts'
import { toRecord } from '../../unit/records.ts'
import type { Session } from '../../unit/session.ts'
import * as statuses from '../../unit/status-candidates.ts'
import { object, text } from './checks.ts'

/** All configuration values of this hook, or one of them; null for one that is not set. */
export function config(option?: string): unknown {
  const values = currentSession().config ?? {}
  if (option === undefined) return { ...values }
  if (!Object.hasOwn(values, text('an option', option)))
    checkConfigOption(currentSession().context.charmDir, option)
  return values[option] ?? null
}

/** Whether this unit leads, from the one is-leader of this hook. */
export function isLeader(): Promise<boolean> {
  return leads(currentSession())
}

/** All leader settings, or one of them; null for one that is not set. */
export function leaderGet(key?: string): Promise<unknown> {
  return leadership.leaderGet(currentSession(), key)
}

/** Share leader settings, and change their flags; null removes a setting. Only the leader may. */
export function leaderSet(settings: Record<string, string | null>): Promise<void> {
  const changes = Object.entries(object('the settings', settings)).map(
    ([name, value]) => [name, value ?? ''] as const,
  )
  return leadership.leaderSet(currentSession(), toRecord(changes))
}

/** Write to Juju's log. */
export function log(message: string, level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' = 'INFO'): void {
  const { log: sink } = currentSession()
  const write = { DEBUG: sink.debug, INFO: sink.info, WARNING: sink.warning, ERROR: sink.error }
  if (!Object.hasOwn(write, level)) throw new UsageError(`no such log level: ${level}`)
  write[level](text('a message', message))
}

/** Set the unit's workload status, at once. */
export async function statusSet(status: string, message = ''): Promise<void> {
  const session = currentSession()
  await tools.statusSet(session.context, text('a status', status), text('a message', message))
  statuses.forgetStatusCandidates(session)
}

/** Propose a status of the unit: at the end of the hook the worst is set, unless `statusSet` came later. */
export function statusCandidate(status: string, message = ''): Promise<void> {
  const candidate = { status: text('a status', status), message: text('a message', message) }
  return statuses.addStatusCandidate(currentSession(), candidate)
}

/** All parameters of the action, or one of them; null for one that is not given. Dots reach into maps. */
export async function actionGet(name?: string): Promise<unknown> {
  const parameters: unknown = await tools.actionGet(currentSession().context)
  if (name === undefined) return parameters
  return name.split('.').reduce((value, key) => {
    const inner = Object(value) as Record<string, unknown>
    return Object.hasOwn(inner, key) ? (inner[key] ?? null) : null
  }, parameters)
}

/** Set results of the action, at once: they are returned even if it fails. Keys with dots nest. */
export function actionSet(results: Record<string, string>): Promise<void> {
  return tools.actionSet(currentSession().context, object('the results', results))
}

/** Mark the action as failed. The handler goes on, and its changes are kept if it throws nothing. */
export function actionFail(message?: string): Promise<void> {
  return tools.actionFail(currentSession().context, message)
}

/** Report the progress of the action, at once. */
export function actionLog(message: string): Promise<void> {
  return tools.actionLog(currentSession().context, text('a message', message))
}

/** The functions of hook-tools.ts, without the context that they take first. */
type HookTools = {
  [Name in keyof typeof tools]: (typeof tools)[Name] extends (
    context: Context,
    ...args: infer Args
  ) => infer R
    ? (...args: Args) => R
    : never
}

type HookTool = (context: Context, ...args: unknown[]) => unknown

/** Juju's hook tools, a function for each: `await hookTools.relationGet('db:1', 'mysql/0')`. */
export const hookTools = Object.fromEntries(
  Object.entries(tools).map(([name, tool]) => [
    name,
    (...args: unknown[]) => {
      const session = currentSession()
      const result = (tool as HookTool)(session.context, ...args)
      return /^secret(Get|Add|Set)$/.test(name) ? concealSecret(session, args, result) : result
    },
  ]),
) as HookTools

/** What a secret holds, given or got, stands in no record. */
async function concealSecret({ concealed }: Session, args: readonly unknown[], result: unknown) {
  const got = await result
  for (const content of [...args, got])
    for (const value of Object.values(Object(content))) concealed.set(value, 'secret')
  return got
}
