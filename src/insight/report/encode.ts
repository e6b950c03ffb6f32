// Records of dispatches as a report's page holds them.

import type {
  DispatchRecord,
  FlagChange,
  IterationRecord,
  RunRecord,
  TestedAnswer,
} from '../../dispatch/trace.ts'
import { formatReasons } from '../../dispatch/trace-text.ts'
import { describeRounds } from '../../juju/rounds.ts'
import type { ReportChange, ReportDispatch, ReportIteration, ReportRun, ReportTest, Text } from './data.ts'

/** Gives each text a number. */
export class Texts {
  readonly all: string[] = []
  readonly #numbers = new Map<string, Text>()

  of(text: string): Text {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.all.push(text)
    this.#numbers.set(text, this.all.length - 1)
    return this.all.length - 1
  }
}

/** A dispatch, with all that its record says. */
export function encodeDispatch(texts: Texts, record: DispatchRecord): ReportDispatch {
  const { event, started, milliseconds, status, error, hookTools } = record
  return {
    event: texts.of(event),
    started,
    milliseconds,
    status,
    ...(error !== undefined && { error: texts.of(error) }),
    ...(hookTools !== undefined && { hookTools: texts.of(describeRounds(hookTools)) }),
    before: encodeChanges(texts, record.changes),
    iterations: record.iterations.map((iteration) => encodeIteration(texts, iteration)),
    after: encodeChanges(texts, record.changesAtEnd),
  }
}

/** The same without what did not match. */
export function shortened(dispatch: ReportDispatch): ReportDispatch {
  const iterations = dispatch.iterations.map((iteration) => ({
    ...iteration,
    tested: iteration.tested.filter(([, matches]) => matches === 1),
  }))
  return { ...dispatch, iterations, shortened: true }
}

function encodeIteration(
  texts: Texts,
  { phase, iteration, tested, ran, late = [] }: IterationRecord,
): ReportIteration {
  return {
    phase: texts.of(phase),
    iteration,
    tested: tested.map(
      ({ handler, matches, answers }): ReportTest => [
        texts.of(handler),
        matches ? 1 : 0,
        ...answers.map((answer) => encodeAnswer(texts, answer)),
      ],
    ),
    ran: ran.map((run) => encodeRun(texts, run)),
    late: late.map(({ handler, flags }) => ({
      handler: texts.of(handler),
      flags: texts.of(flags.join(', ')),
    })),
  }
}

function encodeAnswer(texts: Texts, answer: TestedAnswer): [Text, 0 | 1, Text?] {
  const { condition, holds } = answer
  const reasons = formatReasons(answer)
  const told = [texts.of(condition), holds ? 1 : 0] as const
  return reasons === '' ? [...told] : [...told, texts.of(reasons)]
}

function encodeRun(
  texts: Texts,
  { handler, at, milliseconds, changes, hookTools, error, output }: RunRecord,
): ReportRun {
  return {
    handler: texts.of(handler),
    // Older records do not say when.
    at: at ?? 0,
    milliseconds,
    changes: encodeChanges(texts, changes),
    ...(hookTools !== undefined && { hookTools: texts.of(describeRounds(hookTools)) }),
    ...(error !== undefined && { error: texts.of(error) }),
    ...(output !== undefined && { output: texts.of(output) }),
  }
}

/** Changes of flags. */
export function encodeChanges(texts: Texts, changes: readonly FlagChange[]): ReportChange[] {
  return changes.map(({ flag, set, trigger }): ReportChange => {
    const told = [set ? 1 : 0, texts.of(flag)] as const
    return trigger === undefined ? [...told] : [...told, texts.of(trigger)]
  })
}
