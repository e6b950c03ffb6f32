// The decision record below a failed assertion on handlers or flags: which condition of a handler did not
// hold, which handler changed a flag, in which event. From what the engine itself has recorded (src/dispatch/trace.ts).

import fs from 'node:fs'
import path from 'node:path'
import type { DispatchRecord, FlagChange, IterationRecord } from '../../dispatch/trace.ts'
import { isHandler, printedLines } from '../../dispatch/trace-text.ts'
import type { SimulatedUnit } from '../unit.ts'
import { indent } from './failure.ts'

/** Where handler files may be. */
const HANDLER_DIRS = ['reactive', 'hooks/reactive', 'hooks/relations']

export { isHandler }

/** The handlers that the engine has tested in these dispatches. */
export function knownHandlers(dispatches: readonly DispatchRecord[]): string[] {
  const tested = dispatches.flatMap(({ iterations }) => iterations.flatMap((iteration) => iteration.tested))
  return [...new Set(tested.map(({ handler }) => handler))]
}

/** What was decided in an act: the records of its dispatches, and the flags before them. */
export interface Decisions {
  dispatches: readonly DispatchRecord[]
  before: { flags: readonly string[] }
}

/** Why the handlers ran, or did not. */
export function explainHandlers(unit: SimulatedUnit, act: Decisions, names: readonly string[]): string {
  return [...names.map((name) => explainHandler(unit, act, name)), ...failuresOf(act.dispatches)].join('\n')
}

function explainHandler(unit: SimulatedUnit, { dispatches, before }: Decisions, name: string): string {
  const known = knownHandlers(dispatches)
  if (dispatches.length > 0 && !known.some((id) => isHandler(id, name))) {
    return [
      `${name} is not a handler of this charm.`,
      ...bareFunction(unit, name),
      ...listHandlers(known),
    ].join('\n')
  }
  let flags = new Set(before.flags)
  const events = dispatches.map((dispatch) => {
    const seen = new Set(flags)
    apply(seen, dispatch.changes)
    const lines = dispatch.iterations.flatMap((iteration) => testsOf(iteration, name, seen))
    apply(seen, dispatch.changesAtEnd)
    if (dispatch.status === 0) flags = seen
    const body = lines.length === 0 ? ['not tested'] : lines
    return `${name} in ${dispatch.event}:\n${indent(body.join('\n'))}`
  })
  return events.join('\n')
}

function apply(flags: Set<string>, changes: readonly FlagChange[]): void {
  for (const { flag, set } of changes) {
    if (set) flags.add(flag)
    else flags.delete(flag)
  }
}

/** A function of that name without a decorator in front of it is the likely mistake. */
function bareFunction(unit: SimulatedUnit, name: string): string[] {
  const plain = name.slice(name.lastIndexOf(':') + 1).replace(/#\d+$/, '')
  const definition = new RegExp(
    `^\\s*(?:export\\s+)?(?:async\\s+)?(?:function\\s+)?${escapeRegexp(plain)}\\s*(?:\\(|\\{)`,
  )
  return handlerFiles(unit).flatMap((file) => {
    const lines = fs.readFileSync(path.join(unit.charmDir, file), 'utf8').split('\n')
    const at = lines.findIndex((line) => definition.test(line))
    return at === -1 ? [] : [`${file}:${at + 1} has such a function, but no decorator makes it a handler.`]
  })
}

function handlerFiles({ charmDir }: SimulatedUnit): string[] {
  return HANDLER_DIRS.flatMap((dir) => {
    const absolute = path.join(charmDir, dir)
    if (!fs.existsSync(absolute)) return []
    const entries = fs.readdirSync(absolute, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    return files.map((entry) => path.relative(charmDir, path.join(entry.parentPath, entry.name)))
  })
}

function listHandlers(known: readonly string[]): string[] {
  return known.length === 0 ? [] : ['Its handlers:', ...known.map((id) => `  ${id}`)]
}

/** `flags` are those at the beginning of the iteration, and after it those at its end. */
function testsOf(
  { phase, iteration, tested, ran }: IterationRecord,
  name: string,
  flags: Set<string>,
): string[] {
  const tests = tested.filter(({ handler }) => isHandler(handler, name))
  const lines = tests.flatMap(({ handler, matches, answers }) => {
    const run = ran.find((one) => one.handler === handler)
    const verdict = run === undefined ? (matches ? 'matched, and did not run' : 'did not match') : 'ran'
    const reasons = answers.map(
      ({ condition, holds }) => `${condition} ${holds ? 'holds' : whyNot(condition, flags)}`,
    )
    const error = run?.error === undefined ? '' : `: ${run.error}`
    const printed = printedLines(run?.output).map((line) => `  ${line}`)
    return [`${phase} ${iteration}: ${verdict}: ${reasons.join(', ')}${error}`, ...printed]
  })
  for (const { changes } of ran) apply(flags, changes)
  return lines
}

const NEEDS_SET = new Set(['@when', '@when_all'])
const NEEDS_CLEAR = new Set(['@when_not', '@when_none'])

/** The flags that keep a condition from holding, as far as it is about flags without spaces. */
function whyNot(condition: string, flags: ReadonlySet<string>): string {
  const [decorator = '', ...words] = condition.split(' ')
  const isClear = ![...flags].some((flag) => flag.includes(' '))
  const missing = NEEDS_SET.has(decorator) && isClear ? words.filter((word) => !flags.has(word)) : []
  const found = NEEDS_CLEAR.has(decorator) ? words.filter((word) => flags.has(word)) : []
  const reasons = [...missing.map((flag) => `${flag} is not set`), ...found.map((flag) => `${flag} is set`)]
  return reasons.length === 0 ? 'DOES NOT HOLD' : `DOES NOT HOLD (${reasons.join(', ')})`
}

/** Who changed the flags. */
export function explainFlags(dispatches: readonly DispatchRecord[], flags: readonly string[]): string {
  const events = dispatches.map((dispatch) => {
    const changes = changesOf(dispatch)
    const lines = flags.flatMap((flag) => {
      const own = changes.filter(({ change }) => change.flag === flag)
      if (own.length === 0) return [`${flag}: not changed`]
      return own.map(({ change, by }) => `${flag}: ${change.set ? 'set' : 'cleared'} by ${by}`)
    })
    return `flags in ${dispatch.event}:\n${indent(lines.join('\n'))}`
  })
  return [...events, ...failuresOf(dispatches)].join('\n')
}

/** All that ran and all that it changed, where no flag or handler is named. */
export function explainEvents(dispatches: readonly DispatchRecord[]): string {
  const events = dispatches.map((dispatch) => {
    const runs = dispatch.iterations.flatMap(({ ran }) => ran)
    const lines = runs.flatMap(({ handler, changes, error, output }) => [
      `ran ${handler}${error === undefined ? '' : `: ${error}`}`,
      ...printedLines(output).map((line) => `  ${line}`),
      ...changes.map(({ flag, set }) => `  ${set ? 'set' : 'cleared'} ${flag}`),
    ])
    return `${dispatch.event}:\n${indent((lines.length === 0 ? ['no handler ran'] : lines).join('\n'))}`
  })
  return [...events, ...failuresOf(dispatches)].join('\n')
}

interface Attributed {
  change: FlagChange
  by: string
}

function changesOf(dispatch: DispatchRecord): Attributed[] {
  const by = (who: string) => (change: FlagChange) => ({ change, by: who })
  const runs = dispatch.iterations.flatMap(({ phase, iteration, ran }) =>
    ran.flatMap(({ handler, changes }) => changes.map(by(`${handler} (${phase} ${iteration})`))),
  )
  return [
    ...dispatch.changes.map(by('the engine, before the first handler')),
    ...runs,
    ...dispatch.changesAtEnd.map(by('the engine, after the last handler')),
  ]
}

/** A failed hook keeps no change of its handlers. */
function failuresOf(dispatches: readonly DispatchRecord[]): string[] {
  return dispatches
    .filter(({ status }) => status !== 0)
    .map(
      ({ event, status, error }) => `${event} failed with status ${status}, nothing of it is kept: ${error}`,
    )
}

function escapeRegexp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
