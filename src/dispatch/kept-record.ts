// What becomes of the record of a dispatch at its end: it is kept in the unit state, with the values concealed that
// must not stand in it, and where the charm wants it written into Juju's log.

import { layerSetting, settingFault } from '../charm/layer-settings.ts'
import { HookToolError, messageOf, ReactiveError } from '../errors.ts'
import type { Context } from '../juju/context.ts'
import type { Log } from '../juju/log.ts'
import { splitPair } from '../system/key-values.ts'
import type { Session } from '../unit/session.ts'
import type { KeptRow } from '../unit/unit-state.ts'
import type { Tracer } from './trace.ts'

/** How many dispatches are kept unless the charm says otherwise. */
const KEPT_TRACES = 20

/** Shorter values are in every other word. */
const SHORTEST_CONCEALED = 4

/** One message holds so much: Juju would cut it off later. */
const LONGEST_MESSAGE = 20_000

/** End the record, after a failure with its status and reason. Gives the row for the commit. */
export async function endRecord(
  session: Session,
  tracer: Tracer,
  error?: unknown,
): Promise<KeptRow | undefined> {
  const record = error === undefined ? tracer.end(0) : endFailed(session, tracer, error)
  if (setting(session.context, 'trace') === 'log') await logRecord(session.log, record)
  const keep = keptTraces(session.context)
  return keep === 0 ? undefined : { row: { ...record }, keep }
}

function endFailed(session: Session, tracer: Tracer, error: unknown): Tracer['record'] {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof HookToolError)) continue
    const words = cause.args.filter((word) => !word.startsWith('-'))
    for (const [key, value] of words.map((word) => splitPair(word) ?? [])) {
      if (key !== undefined) session.concealed.set(value, `value of ${key}`)
    }
  }
  return tracer.end(statusOf(error), messageOf(error), (text) => conceal(text, session))
}

function statusOf(error: unknown): number {
  return error instanceof ReactiveError ? error.exitStatus : 70
}

/** Whether anybody will ever see the record. */
export function isRecorded(context: Context): boolean {
  return keptTraces(context) > 0 || setting(context, 'trace') === 'log'
}

const keptTraces = (context: Context) => Number(setting(context, 'kept_traces') ?? KEPT_TRACES)

/** Values that an option does not take are told elsewhere; a layer.yaml that cannot be read fails the hook. */
function setting(context: Context, option: 'trace' | 'kept_traces'): unknown {
  try {
    const value = layerSetting(context.charmDir, option)
    return settingFault(option, value) === undefined ? value : undefined
  } catch {
    return undefined
  }
}

async function logRecord(log: Log, record: Tracer['record']): Promise<void> {
  const { formatTraces } = await import('./trace-text.ts')
  let message = ''
  for (const line of formatTraces([record]).trimEnd().split('\n')) {
    if (message.length + line.length > LONGEST_MESSAGE) {
      log.debug(`trace: ${message.trimEnd()}`)
      message = ''
    }
    message += `${line}\n`
  }
  log.debug(`trace: ${message.trimEnd()}`)
}

/** The text without values of the configuration, of secrets and of variables of templates: their names instead. */
export function conceal(
  text: string,
  { config = {}, concealed }: Pick<Session, 'config' | 'concealed'>,
): string {
  const values = [
    ...Object.entries(config).map(([name, value]) => [value, `option ${name}`] as const),
    ...concealed,
  ]
  return values
    .flatMap(([value, name]) => linesOf(value).map((line) => [line, name] as const))
    .sort(([one], [other]) => other.length - one.length)
    .reduce((rest, [value, name]) => rest.replaceAll(value, `[${name}]`), text)
}

/** A value of several lines is found by each of them. */
function linesOf(value: unknown): string[] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const lines = String(value).split('\n')
  return lines.map((line) => line.trim()).filter((line) => line.length >= SHORTEST_CONCEALED)
}
