// The public API for handlers in JavaScript and TypeScript: `import { when, setFlag } from 'charms.reactive'`.

import { layerOption, layerOptions } from '../../charm/layer-options.ts'
import type { AnyEndpoint } from '../../endpoints/endpoints.ts'
import * as relations from '../../endpoints/relation-call.ts'
import { renderToFile } from '../../templating/render-template.ts'
import { currentSession } from '../../unit/current-session.ts'
import * as changes from '../../unit/file-hashes.ts'
import * as flags from '../../unit/flags.ts'
import * as invocations from '../../unit/invocations.ts'
import * as keyValue from '../../unit/kv.ts'
import { registerTrigger as register } from '../../unit/triggers.ts'
import * as hooks from '../hook-patterns.ts'
import { object, text, texts } from './checks.ts'

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
export * from './decorators.ts'
export * from './juju-api.ts'

const [FLAG, ID, KEY] = ['a flag', 'an id', 'a key']

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

/** Render a template of the charm to a file. */
export function renderTemplate(
  source: string,
  target: string,
  variables: Record<string, unknown> = {},
): void {
  renderToFile(currentSession(), text('a template', source), text('a target', target), { variables })
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
