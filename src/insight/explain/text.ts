// Explanations as text for people: the cause stands in the first lines.

import { oneLine } from '../../errors.ts'
import type { Explanation, HookExplanation } from '../explain.ts'
import type { FlagExplanation } from './flag.ts'
import type { HandlerExplanation } from './handler.ts'
import { authorText, type PresentCondition } from './unit-facts.ts'

/** The text of explanations that were asked for by name. */
export function explanationText(explanations: readonly Explanation[]): string {
  return explanations.map((explanation) => `${linesOf(explanation).map(indented).join('\n')}\n`).join('\n')
}

/** What waits, a line or two for each handler. */
export function waitingText(explanations: readonly Explanation[]): string {
  if (explanations.every(({ kind }) => kind === 'hook'))
    return [...explanations.map(headOf), ['no handler waits for a flag']].flat().join('\n').concat('\n')
  return explanations.map((explanation) => `${headOf(explanation).map(indented).join('\n')}\n`).join('')
}

function headOf(explanation: Explanation): string[] {
  if (explanation.kind === 'hook') return [hookText(explanation)]
  const { verdict } = explanation
  const [first = '', ...more] = verdict
  return [`${nameOf(explanation)}: ${first}`, ...more.map((line) => `  ${line}`)]
}

function hookText({ event, ran, running, queued }: HookExplanation): string {
  const parts = [
    ['ran', ran],
    ['runs', running === undefined ? [] : [running]],
    ['next', queued],
  ] as const
  const said = parts.filter(([, ids]) => ids.length > 0).map(([word, ids]) => `${word} ${ids.join(', ')}`)
  return `this hook, ${event}: ${said.join('; ') || 'no handler has run'}`
}

function nameOf(explanation: Exclude<Explanation, HookExplanation>): string {
  if (explanation.kind === 'flag') return explanation.flag
  return explanation.kind === 'handler' ? explanation.handler : explanation.file
}

function linesOf(explanation: Explanation): string[] {
  const head = headOf(explanation)
  if (explanation.kind === 'flag') return [...head, ...aboutFlag(explanation)]
  return explanation.kind === 'handler' ? [...head, ...aboutHandler(explanation)] : head
}

function aboutHandler({
  file,
  line,
  conditions,
  lastRan,
  lastHook,
  thisHook,
  missing,
}: HandlerExplanation): string[] {
  const ran = lastRan && [
    lastRan.event,
    `at ${lastRan.started}`,
    ...[lastRan.changes.join(', ')].filter(Boolean),
  ]
  return [
    `  at ${line === undefined ? file : `${file}:${line}`}`,
    ...section('conditions now', conditions.map(conditionText)),
    ...(ran === undefined ? [] : [`  last ran: ${ran.join(', ')}`]),
    ...(lastRan?.error === undefined ? [] : [`  failed: ${lastRan.error}`]),
    ...(lastHook === undefined ? [] : [`  last hook: ${lastHook}`]),
    ...(thisHook === undefined ? [] : [`  this hook: ${thisHook}`]),
    ...missing.flatMap((flag) =>
      section(
        flag.flag,
        aboutFlag(flag).map((text) => text.trim()),
      ),
    ),
  ]
}

function conditionText({ condition, holds, unset = [], set = [], unchanged = [] }: PresentCondition): string {
  if (holds === undefined) return `hook ${condition}`
  const why = [
    ...unset.map((flag) => `${flag} is not set`),
    ...set.map((flag) => `${flag} is set`),
    ...unchanged.map((file) => `${file} has not changed`),
  ]
  return `${holds ? 'yes ' : 'no  '} ${condition}${why.length === 0 ? '' : `: ${why.join(', ')}`}`
}

function aboutFlag({ flag, isSet, setBy, clearedBy, waitedForBy, history }: FlagExplanation): string[] {
  const who = ({ who: name, how }: { who: string; how: string }) =>
    /[:/]/.test(name) ? `${name} ${how}` : how
  const [set, cleared] = [history.findLast((one) => one.set), history.findLast((one) => !one.set)]
  return [
    ...setBy.map((changer) => `  set: ${who(changer)}`),
    ...(isSet ? [] : [`  set: the operator can: charms.reactive set_flag ${flag}`]),
    ...clearedBy.map((changer) => `  cleared: ${who(changer)}`),
    ...(set === undefined ? [] : [`  last set: in ${set.event}, ${set.started}, ${authorText(set)}`]),
    ...(cleared === undefined
      ? []
      : [`  last cleared: in ${cleared.event}, ${cleared.started}, ${authorText(cleared)}`]),
    ...(waitedForBy.length === 0 ? [] : [`  waited for: ${waitedForBy.join(', ')}`]),
  ]
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)]
}

/** A line, whatever names hold, with its indentation. */
function indented(line: string): string {
  const text = line.trimStart()
  return line.slice(0, line.length - text.length) + oneLine(text)
}
