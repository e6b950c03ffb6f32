// The public API for handlers in JavaScript and TypeScript: `import { when, setFlag } from 'charms.reactive'`.
// Decorators take their words and then the function, or the words alone and give a decorator back:
//
//   when('db.ready', function configure() { … })
//   export const configure = when('db.ready')(whenNot('app.blocked')(async function configure() { … }))

import { checkConfigOption } from '../../charm/config-options.ts'
import { layerOption, layerOptions } from '../../charm/layer-options.ts'
import type { AnyEndpoint } from '../../endpoints/endpoints.ts'
import * as leadership from '../../endpoints/leadership.ts'
import * as relations from '../../endpoints/relation-call.ts'
import { UsageError } from '../../errors.ts'
import type { Context } from '../../juju/context.ts'
import * as tools from '../../juju/hook-tools.ts'
import { renderToFile } from '../../templating/render-template.ts'
import { type Action, currentRegistrar, currentSession } from '../../unit/current-session.ts'
import * as changes from '../../unit/file-hashes.ts'
import * as flags from '../../unit/flags.ts'
import * as invocations from '../../unit/invocations.ts'
import { isLeader as leads } from '../../unit/is-leader.ts'
import * as keyValue from '../../unit/kv.ts'
import { camelCase } from '../../unit/names.ts'
import { toRecord } from '../../unit/records.ts'
import type { Session } from '../../unit/session.ts'
import * as statuses from '../../unit/status-candidates.ts'
import { registerTrigger as register } from '../../unit/triggers.ts'
import { warnUnless } from '../handlers.ts'
import * as hooks from '../hook-patterns.ts'
import { callable, object, text, texts } from './checks.ts'

export { Endpoint } from '../../endpoints/endpoint.ts'
export { Conversation } from '../../endpoints/old-style/conversation.ts'
export { RelationBase, scopes } from '../../endpoints/old-style/relation-base.ts'
export { RelatedUnit, Relation } from '../../endpoints/relation.ts'
export { BaseRequest } from '../../endpoints/requests/base-request.ts'
export { BaseResponse } from '../../endpoints/requests/base-response.ts'
export { Field } from '../../endpoints/requests/field.ts'
export { RequesterEndpoint, ResponderEndpoint } from '../../endpoints/requests/request-endpoint.ts'
export { HandlerError, HookToolError, ReactiveError, UsageError } from '../../errors.ts'
export type { Action } from '../../unit/current-session.ts'

const [FLAG, ID, KEY] = ['a flag', 'an id', 'a key']

/** A decorator: give it the function now, or later. */
type Decorator = (...words: (string | Action)[]) => Action

const decorator =
  (name: string): Decorator =>
  (...words) => {
    const apply = (action: Action, args: string[]): Action => {
      currentRegistrar().decorate(callable(camelCase(name), action), name, args)
      return action
    }
    const argument = `an argument of ${camelCase(name)}`
    const last = words.at(-1)
    if (typeof last === 'function') return apply(last, texts(argument, words.slice(0, -1)))
    const args = texts(argument, words)
    const applied = currentRegistrar().expectFunction()
    return ((action: Action) => {
      applied()
      return apply(action, args)
    }) as Action
  }

/** Run in the hooks that match one of the patterns (documentation 2.7, hook). */
export const hook = decorator('hook')
/** Run in the actions of these names. */
export const action = decorator('action')
/** Run when all of the flags are set. */
export const when = decorator('when')
/** Run when all of the flags are set. */
export const whenAll = decorator('when_all')
/** Run when at least one of the flags is set. */
export const whenAny = decorator('when_any')
/** Run when none of the flags is set. */
export const whenNot = decorator('when_not')
/** Run when none of the flags is set. */
export const whenNone = decorator('when_none')
/** Run when at least one of the flags is not set. */
export const whenNotAll = decorator('when_not_all')
/** Run when a file differs from what the function saw when it last succeeded. */
export const whenFileChanged = decorator('when_file_changed')
/** Run once in the life of the unit. */
export const onlyOnce = decorator('only_once')
/** Run in the hook collect-metrics. */
export const collectMetrics = decorator('collect_metrics')
/** Run in the hook meter-status-changed. */
export const meterStatusChanged = decorator('meter_status_changed')
/** Run before any handler of each hook, when the automatic flags are set; in the order of the files. */
export const atStart = decorator('at_start')
/** Run when all handlers of a hook have succeeded, before it is committed; in reverse order. */
export const atExit = decorator('at_exit')

/** Warn when the function is called without the flags. It triggers nothing, and the function runs. */
export function notUnless(...words: (string | Action)[]): Action {
  const names = words.filter((word) => typeof word === 'string')
  const wrap = (guarded: Action): Action => {
    const wrapped: Action = (...args) => {
      warnUnless(currentSession(), guarded.name, names)
      return guarded(...args)
    }
    return Object.defineProperty(wrapped, 'name', { value: guarded.name })
  }
  const last = words.at(-1)
  return typeof last === 'function' ? wrap(last) : (wrap as Action)
}

/** Set a flag. Persisted at the end of a successful hook. */
export function setFlag(flag: string, value: unknown = null): void {
  flags.setFlag(currentSession(), text(FLAG, flag), value)
}

/** Clear a flag. */
export function clearFlag(flag: string): void {
  flags.clearFlag(currentSession(), text(FLAG, flag))
}

/** Set the flag if `shouldSet`, else clear it. */
export function toggleFlag(flag: string, shouldSet: boolean): void {
  flags.toggleFlag(currentSession(), text(FLAG, flag), shouldSet)
}

/** Whether the flag is set. */
export function isFlagSet(flag: string): boolean {
  return flags.isFlagSet(currentSession(), text(FLAG, flag))
}

/** Whether all of the flags are set. */
export function allFlagsSet(...names: string[]): boolean {
  return flags.allFlagsSet(currentSession(), texts(FLAG, names))
}

/** Whether at least one of the flags is set. */
export function anyFlagsSet(...names: string[]): boolean {
  return flags.anyFlagsSet(currentSession(), texts(FLAG, names))
}

/** All flags that are set, in code point order. */
export function getFlags(): string[] {
  return flags.getFlags(currentSession())
}

/** Which of the flags are not set. */
export function getUnsetFlags(...names: string[]): string[] {
  return flags.getUnsetFlags(currentSession(), texts(FLAG, names))
}

/** When a flag is set (or cleared), set and clear others or call back, at the same moment. */
export function registerTrigger(trigger: {
  when?: string
  whenNot?: string
  setFlag?: string
  clearFlag?: string
  callback?: () => void
}): void {
  const { setFlag, clearFlag, ...rest } = object('a trigger', trigger)
  const list = (name: string | undefined) => (name === undefined ? [] : [text(FLAG, name)])
  for (const flag of [rest.when, rest.whenNot]) if (flag !== undefined) text(FLAG, flag)
  register(currentSession(), { ...rest, setFlags: list(setFlag), clearFlags: list(clearFlag) })
}

/** Whether one of the files changed since the last call, for all callers together. */
export function anyFileChanged(
  files: string[],
  options: { hashType?: string; peek?: boolean } = {},
): boolean {
  return changes.anyFileChanged(currentSession(), texts('a file', files), options)
}

/** Whether the data (a JSON value) differs from the last call with this id; remembers it. */
export function dataChanged(id: string, data: unknown, hashType = 'md5'): boolean {
  return changes.dataChanged(currentSession(), text(ID, id), data, { hashType, record: true })
}

/** Whether the data differs from the last `dataChanged` with this id. */
export function isDataChanged(id: string, data: unknown, hashType = 'md5'): boolean {
  return changes.dataChanged(currentSession(), text(ID, id), data, { hashType, record: false })
}

/** Whether the current hook matches one of the patterns. */
export function anyHook(...patterns: string[]): boolean {
  return hooks.anyHook(currentSession(), texts('a pattern', patterns))
}

/** Mark the id as invoked. */
export function markInvoked(id: string): void {
  invocations.markInvoked(currentSession(), text(ID, id))
}

/** Whether the id is marked as invoked. */
export function wasInvoked(id: string): boolean {
  return invocations.wasInvoked(currentSession(), text(ID, id))
}

/** The charm's own data: JSON values by key, persisted with the flags. */
export const kv = {
  /** The value of a key; undefined where there is none. */
  get: (key: string): unknown => keyValue.kvGet(currentSession(), text(KEY, key)),
  /** Set a value. */
  set: (key: string, value: unknown): void => keyValue.kvSet(currentSession(), text(KEY, key), value),
  /** Remove a key. */
  delete: (key: string): void => keyValue.kvDelete(currentSession(), text(KEY, key)),
  /** All keys with this prefix, and their values. */
  range: (prefix = ''): Record<string, unknown> => keyValue.kvRange(currentSession(), text(KEY, prefix)),
}

/** Options of layers (documentation 2.3.7). */
export const layer = {
  options: {
    /** The value of an option, or all options of the layer. */
    get(name: string, option?: string): unknown {
      const { charmDir } = currentSession().context
      const of = text('a layer', name)
      return option === undefined
        ? layerOptions(charmDir, of)
        : layerOption(charmDir, of, text('an option', option))
    },
  },
}

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

/** Render a template of the charm to a file. */
export function renderTemplate(
  source: string,
  target: string,
  variables: Record<string, unknown> = {},
): void {
  renderToFile(currentSession(), text('a template', source), text('a target', target), { variables })
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

/** Commit what has changed so far in this hook, before a reboot for instance. */
export function checkpoint(): Promise<void> {
  return currentSession().state.commit()
}

/** The object for the endpoint of this name, or null. */
export function endpointFromName(name: string): AnyEndpoint | null {
  return relations.endpointFromName(currentSession(), text('an endpoint', name)) ?? null
}

/** The object for the endpoint that the flag belongs to; null when the flag is not set. */
export function endpointFromFlag(flag: string): AnyEndpoint | null {
  return relations.endpointFromFlag(currentSession(), text(FLAG, flag)) ?? null
}

/** The old name of `endpointFromName`. */
export const relationFromName = endpointFromName
/** An old name of `endpointFromFlag`. */
export const relationFromFlag = endpointFromFlag
/** An old name of `endpointFromFlag`. */
export const relationFromState = endpointFromFlag

/** Call a method of an endpoint; its interface layer may be in any language. */
export async function relationCall(
  endpoint: string | AnyEndpoint,
  method: string,
  ...args: string[]
): Promise<unknown> {
  const name = typeof endpoint === 'string' ? endpoint : endpoint.endpointName
  const given = { flag: undefined, endpoint: name }
  return (await relations.relationCall(currentSession(), given, method, args)).value
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
