// The records of dispatches for people: which of them, and as text. `charms.reactive trace` prints it.

import { UsageError } from '../errors.ts'
import { describeRounds, type Round } from '../juju/rounds.ts'
import { suggestion } from '../system/nearest.ts'
import type { DispatchRecord, FlagChange, IterationRecord, RunRecord, TestedAnswer } from './trace.ts'

/** Whether a handler is meant: `render` is short for `reactive/app.sh:render`. */
export function isHandler(id: string, name: string): boolean {
  return id === name || id.endsWith(`:${name}`)
}

/** The records of dispatches in which the handler was tested or ran, and of these what is about it. */
export function aboutHandler(records: readonly DispatchRecord[], name: string): DispatchRecord[] {
  const all = records.flatMap(({ iterations }) => iterations.flatMap(handlersIn))
  if (!all.some((id) => isHandler(id, name))) {
    const names = [...all, ...all.map((id) => id.slice(id.lastIndexOf(':') + 1))]
    throw new UsageError(`no recorded dispatch has such a handler: ${name}${suggestion(name, names)}`)
  }
  return records.map((record) => narrowTo(record, name)).filter(({ iterations }) => iterations.length > 0)
}

/** Of a record what is about the handler. */
export function narrowTo(record: DispatchRecord, name: string): DispatchRecord {
  const own = ({ handler }: { handler: string }) => isHandler(handler, name)
  const narrow = (iteration: IterationRecord): IterationRecord => ({
    ...iteration,
    tested: iteration.tested.filter(own),
    ran: iteration.ran.filter(own),
    ...(iteration.late && { late: iteration.late.filter(own) }),
  })
  return {
    ...record,
    iterations: record.iterations.map(narrow).filter((iteration) => handlersIn(iteration).length > 0),
  }
}

function handlersIn({ tested, ran }: IterationRecord): string[] {
  return [...tested, ...ran].map(({ handler }) => handler)
}

/** Records as text for people, oldest first. */
export function formatTraces(records: readonly DispatchRecord[]): string {
  return records.map(formatTrace).join('\n')
}

function formatTrace(record: DispatchRecord): string {
  const trace = record.traceId === undefined ? '' : `, trace ${record.traceId}`
  const head = `${record.started} ${record.unit} ${record.event}: status ${record.status}, ${record.milliseconds} ms${trace}`
  const lines = [head, ...record.changes.map((change) => `  ${formatChange(change)}`)]
  if (record.error !== undefined) lines.push(`  failed: ${record.error}`)
  lines.push(...formatRounds(record.hookTools).map((line) => `  ${line}`))
  lines.push(...record.iterations.flatMap(formatIteration))
  lines.push(...record.changesAtEnd.map((change) => `  ${formatChange(change)}`))
  return `${lines.join('\n')}\n`
}

function formatIteration({ phase, iteration, tested, ran, late = [] }: IterationRecord): string[] {
  return [
    `  ${phase} ${iteration}`,
    ...tested.map(
      ({ handler, matches, answers }) =>
        `    ${matches ? 'match' : 'no   '} ${handler}: ${answers.map(formatAnswer).join(', ')}`,
    ),
    ...ran.flatMap(formatRun),
    ...late.map(
      ({ handler, flags }) =>
        `    late  ${handler}: ${flags.join(', ')} changed in this phase, which tests each handler once`,
    ),
  ]
}

/** `@when a b no (b not set)`. */
function formatAnswer(answer: TestedAnswer): string {
  const reasons = formatReasons(answer)
  return `${answer.condition} ${answer.holds ? 'yes' : 'no'}${reasons === '' ? '' : ` (${reasons})`}`
}

/** Why a condition does not hold: `b not set`. */
export function formatReasons({ unset = [], set = [], unchanged = [], by = {} }: TestedAnswer): string {
  const reasons = [
    ...unset.map((flag) => (by[flag] === undefined ? `${flag} not set` : `${flag} cleared by ${by[flag]}`)),
    ...set.map((flag) => (by[flag] === undefined ? `${flag} set` : `${flag} set by ${by[flag]}`)),
    ...unchanged.map((file) => `${file} unchanged`),
  ]
  return reasons.join(', ')
}

function formatRun({ handler, milliseconds, changes, hookTools, error, output }: RunRecord): string[] {
  const failure = error === undefined ? '' : `: ${error}`
  return [
    `    ran   ${handler}, ${milliseconds} ms${failure}`,
    ...printedLines(output).map((line) => `      ${line}`),
    ...formatRounds(hookTools).map((line) => `      ${line}`),
    ...changes.map((change) => `      ${formatChange(change)}`),
  ]
}

/** What was asked of Juju, and how often that was waited for. */
function formatRounds(rounds: readonly Round[] | undefined): string[] {
  return rounds === undefined ? [] : [`hook tools: ${describeRounds(rounds)}`]
}

function formatChange({ flag, set, trigger }: FlagChange): string {
  const why = trigger === undefined ? '' : ` (trigger on ${trigger})`
  return `${set ? 'set' : 'cleared'} ${flag}${why}`
}

/** The last lines that a failed handler printed, marked as such. */
export function printedLines(output: string | undefined): string[] {
  return output === undefined ? [] : output.split('\n').map((line) => `| ${line}`)
}
