// Configuration, leadership, status, the unit's stored state, and what concerns the whole unit.

import type { Context } from '../context.ts'
import {
  option,
  pairs,
  run,
  runHookTool,
  runJson,
  toList,
  toMap,
  toText,
  toTexts,
  withWords,
  yamlMap,
} from './run.ts'

/** All configuration values; an option that is not set and has no default is missing or null. Reads. */
export async function configGet(context: Context): Promise<Record<string, unknown>> {
  return toMap(await runJson(context, 'config-get', ['--all']))
}

/** Whether this unit leads. The tool exits 0 for both answers. Reads. */
export async function isLeader(context: Context): Promise<boolean> {
  return (await runJson(context, 'is-leader', [])) === true
}

/** All leader settings. No setting is empty, since an empty value removes it. Reads. */
export async function leaderGet(context: Context): Promise<Record<string, string>> {
  return toTexts(await runJson(context, 'leader-get', []))
}

/** Set leader settings; an empty value removes one. Only the leader may. Immediate, not rolled back. */
export async function leaderSet(context: Context, settings: Readonly<Record<string, string>>): Promise<void> {
  await run(context, 'leader-set', withWords([], pairs(settings)))
}

/** Set the status of the unit, or of the application if the unit leads. Immediate, not rolled back. */
export async function statusSet(
  context: Context,
  status: string,
  message = '',
  options: { application?: boolean } = {},
): Promise<void> {
  const flags = option('application', options.application)
  await run(context, 'status-set', withWords(flags, [status, message]))
}

export interface UnitStatus {
  status: string
  message: string
  data: Record<string, unknown>
}

/** The status of the unit, or of the application if the unit leads. Reads. */
export async function statusGet(
  context: Context,
  options: { application?: boolean } = {},
): Promise<UnitStatus> {
  const flags = ['--include-data', ...option('application', options.application)]
  const answer = toMap(await runJson(context, 'status-get', flags))
  const found = options.application ? toMap(answer['application-status']) : answer
  const { status, message, 'status-data': data } = found
  return { status: toText(status) ?? '', message: toText(message) ?? '', data: toMap(data) }
}

/**
 * All that `stateSet` stored in the controller, with what this hook has changed. A key alone could not be
 * asked for: the tool answers for a missing one as for an empty value. Reads.
 */
export async function stateGet(context: Context): Promise<Record<string, string>> {
  return toTexts(await runJson(context, 'state-get', []))
}

/** Store values in the controller; an empty one is a value. Buffered until the hook succeeds. */
export async function stateSet(context: Context, values: Readonly<Record<string, string>>): Promise<void> {
  await run(context, 'state-set', ['--file', '-'], yamlMap(values))
}

/** Remove a stored value; a missing one is no error. Buffered until the hook succeeds. */
export async function stateDelete(context: Context, key: string): Promise<void> {
  await run(context, 'state-delete', withWords([], [key]))
}

/** The path of a resource's file. Immediate: it is downloaded when asked for, which may take long. */
export async function resourceGet(context: Context, name: string): Promise<string> {
  return (await runHookTool(context, 'resource-get', withWords([], [name]))).replace(/\n$/, '')
}

/** Set the application's version. Immediate, not rolled back. */
export async function applicationVersionSet(context: Context, version: string): Promise<void> {
  await run(context, 'application-version-set', withWords([], [version]))
}

/** Write to Juju's log. Immediate; works in restricted hooks, too. */
export async function jujuLog(
  context: Context,
  message: string,
  level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' = 'INFO',
): Promise<void> {
  await run(context, 'juju-log', withWords(['-l', level], [message]))
}

/**
 * Reboot the machine after the hook, if it succeeds; `now` kills the hook at once, which then starts from
 * scratch. Not in actions.
 */
export async function jujuReboot(context: Context, options: { now?: boolean } = {}): Promise<void> {
  await run(context, 'juju-reboot', option('now', options.now))
}

/** Add metrics. Only in collect-metrics, until Juju 4. Buffered until the hook succeeds. */
export async function addMetric(
  context: Context,
  metrics: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const flags = option('labels', pairs(labels).join(',') || undefined)
  await run(context, 'add-metric', withWords(flags, pairs(metrics)))
}

/** The cloud's credential; the application needs `juju trust`. Reads. */
export async function credentialGet(context: Context): Promise<Record<string, unknown>> {
  return toMap(await runJson(context, 'credential-get', []))
}

/** The units and relations that Juju expects, with their status. Reads. */
export async function goalState(context: Context): Promise<Record<string, unknown>> {
  return toMap(await runJson(context, 'goal-state', []))
}

/** An address of the unit. Deprecated by Juju, `networkGet` knows more. Reads. */
export async function unitGet(
  context: Context,
  setting: 'private-address' | 'public-address',
): Promise<string | null> {
  return toText(await runJson(context, 'unit-get', [], [setting]))
}

export interface StorageDetails {
  kind: string
  location: string
}

/** The ids of the unit's storages, all or those of one name. Reads. */
export async function storageList(context: Context, name?: string): Promise<string[]> {
  return toList(await runJson(context, 'storage-list', [], name === undefined ? [] : [name]))
}

/** What a storage is and where; without an id that of the hook. Reads. */
export async function storageGet(context: Context, id?: string): Promise<StorageDetails> {
  const flags = id === undefined ? [] : ['-s', id]
  const { kind, location } = toMap(await runJson(context, 'storage-get', flags))
  return { kind: toText(kind) ?? '', location: toText(location) ?? '' }
}

/** Ask for more storages of a name. Buffered until the hook succeeds. */
export async function storageAdd(context: Context, name: string, count = 1): Promise<void> {
  await run(context, 'storage-add', withWords([], [`${name}=${count}`]))
}
