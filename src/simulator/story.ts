// What happened in each event, for people: why handlers ran, which flags they changed, what the charm said to
// Juju and what it did to the machine. The report of `charms.reactive simulate CHARM EVENT... --explain`.

import { oneLine } from '../errors.ts'
import { describeCalls, describeRounds } from '../juju/rounds.ts'
import type { EventResult } from './events.ts'
import type { HandlerRun } from './handler-runs.ts'
import type { Isolation } from './isolation.ts'
import type { JujuState } from './juju-state.ts'
import { eventLabel, isFailure, outcomeOf } from './report.ts'

export interface Story {
  before: JujuState
  after: JujuState
  results: readonly EventResult[]
  notRun: readonly string[]
  files: readonly string[]
  isolation: Isolation
}

/** The whole text, line ends included. */
export function tellStory({ before, after, results, notRun, files, isolation }: Story): string {
  const parts = [
    `Unit ${after.unit}, Juju ${after.jujuVersion}${after.leader ? ', leader' : ''}`,
    ...results.map(tellEvent),
    ...notRun.map((name) => `${name}: not run`),
    section('Afterwards', changesOf(before, after)),
    section('Files', files),
    section('Isolation', isolation.problem === '' ? [] : [isolation.problem]),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n')
}

function tellEvent(result: EventResult): string {
  const head = `${eventLabel(result)}: ${outcomeOf(result)}, ${Math.round(result.durationMs)} ms`
  return [head, ...tellLines(result).map((line) => `  ${line}`)].join('\n')
}

function tellLines(result: EventResult): string[] {
  return [
    ...tellFlags('before the handlers', result.trace?.changes ?? []),
    ...result.handlers.flatMap(tellHandler),
    ...tellFlags('after the handlers', result.trace?.changesAtEnd ?? []),
    ...result.statusHistory.map(({ scope, status, message }) =>
      oneLine(`${scope === 'app' ? 'application ' : ''}status ${status}${message && `: ${message}`}`),
    ),
    ...result.commands.map(({ command, args, refused }) =>
      oneLine(`command ${[command, ...args].join(' ')}${refused ? ' (refused)' : ''}`),
    ),
    ...tellAction(result),
    ...tellHookTools(result),
    ...(result.refusal === undefined ? [] : [oneLine(`refused by Juju: ${result.refusal}`)]),
    ...result.log
      .filter((entry) => isTold(result, entry.level))
      .map(({ level, message }) => oneLine(`${level} ${message}`)),
  ]
}

/** Of an event that failed the log says why; else only what is out of the ordinary is worth a line. */
function isTold(result: EventResult, level: string): boolean {
  return /^(WARNING|ERROR|CRITICAL)$/.test(level) || (isFailure(result) && level === 'INFO')
}

function tellHandler({ handler, reasons, changes, hookTools, error }: HandlerRun): string[] {
  const why = reasons.length === 0 ? '' : ` since ${reasons.join(', ')}`
  const failed = error === undefined ? [] : [oneLine(`  failed: ${error}`)]
  return [
    `ran ${handler}${why}`,
    ...(hookTools.length === 0 ? [] : [`  hook tools: ${describeRounds(hookTools)}`]),
    ...changes.map(({ flag, set }) => `  ${set ? 'set' : 'cleared'} ${flag}`),
    ...failed,
  ]
}

function tellFlags(when: string, changes: HandlerRun['changes']): string[] {
  if (changes.length === 0) return []
  return [`${when}: ${changes.map(({ flag, set }) => `${set ? 'set' : 'cleared'} ${flag}`).join(', ')}`]
}

function tellAction({ action }: EventResult): string[] {
  if (action === undefined) return []
  const { results, logs, failed, message } = action
  return [
    ...logs.map((line) => oneLine(`action log ${line}`)),
    ...(Object.keys(results).length === 0 ? [] : [`action results ${JSON.stringify(results)}`]),
    ...(failed ? [oneLine(`action failed: ${message}`)] : []),
  ]
}

/** All calls, and those that the toolkit made for itself; lines of its log are among the first only. */
function tellHookTools({ hookToolCalls, hookToolRounds, trace }: EventResult): string[] {
  if (hookToolCalls.length === 0) return []
  const own =
    trace?.hookTools === undefined ? [] : [`  the toolkit's own: ${describeRounds(trace.hookTools)}`]
  const tools = hookToolCalls.map(({ tool }) => tool)
  return [`hook tools: ${describeCalls(tools, hookToolRounds)}`, ...own]
}

/** One line for each fact that is another one now, but for what the toolkit keeps to itself. */
function changesOf(before: JujuState, after: JujuState): string[] {
  const names = (Object.keys(after) as (keyof JujuState)[]).filter(
    (name) => name !== 'memory' && name !== 'flags',
  )
  const facts = names.flatMap((name) => factLines(name, before[name], after[name]))
  return [...facts, ...flagLines(before.flags, after.flags)]
}

/** Down to single values; items of a list that have an id are told apart by it. */
function factLines(name: string, before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const [old, now] = [before, after].map(asRecord)
  if (now === undefined)
    return [oneLine(after === undefined ? `${name} is gone` : `${name}: ${showFact(after)}`)]
  const keys = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now)])]
  const lines = keys.flatMap((key) => factLines(`${name} ${key}`, old?.[key], now[key]))
  return lines.length > 0 ? lines : [`${name} is there`]
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return { ...value }
  const items = value.map((item: unknown) => [Object(item).id, item] as const)
  return items.length > 0 && items.every(([id]) => typeof id === 'string')
    ? Object.fromEntries(items)
    : undefined
}

function showFact(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function flagLines(before: readonly string[], after: readonly string[]): string[] {
  const [set, cleared] = [
    after.filter((flag) => !before.includes(flag)),
    before.filter((flag) => !after.includes(flag)),
  ]
  return [
    ...(set.length > 0 ? [`flags set: ${set.join(', ')}`] : []),
    ...(cleared.length > 0 ? [`flags cleared: ${cleared.join(', ')}`] : []),
  ]
}
