// How often something waits for Juju. A call of a hook tool takes tens of milliseconds; calls that run at the same time
// are waited for together, and make one round. The record of a dispatch has rounds, simulated units tell them, and the
// benchmark counts them.

/** A call of a hook tool, from when until when, in milliseconds of one clock. */
export interface ToolCall {
  readonly tool: string
  readonly from: number
  readonly until: number
}

/** How many calls of each tool a round has. */
export type Round = Record<string, number>

/** The rounds of calls, in order. A call that began when another one had ended belongs to a later round. */
export function roundsOf(calls: readonly ToolCall[]): Round[] {
  const rounds: Round[] = []
  let end = Number.NEGATIVE_INFINITY
  for (const { tool, from, until } of calls.toSorted((one, other) => one.from - other.from)) {
    const isLater = from >= end
    const round = (isLater ? undefined : rounds.at(-1)) ?? {}
    if (isLater) rounds.push(round)
    round[tool] = (round[tool] ?? 0) + 1
    // The first of a round to end is what a call of the next one may have waited for.
    end = isLater ? until : Math.min(end, until)
  }
  return rounds
}

/** `4 calls in 2 rounds: config-get, relation-ids 2, relation-list`. */
export function describeRounds(rounds: readonly Round[]): string {
  const calls = rounds.flatMap((round) =>
    Object.entries(round).flatMap(([tool, count]) => Array(count).fill(tool)),
  )
  return describeCalls(calls, rounds.length)
}

/** The same of calls by their tools, where somebody has counted the rounds. */
export function describeCalls(tools: readonly string[], rounds: number): string {
  const counts = new Map<string, number>()
  for (const tool of tools) counts.set(tool, (counts.get(tool) ?? 0) + 1)
  const list = [...counts].map(([tool, count]) => (count === 1 ? tool : `${tool} ${count}`)).join(', ')
  return `${numbered(tools.length, 'call')} in ${numbered(rounds, 'round')}: ${list}`
}

/** `1 file`, `2 files`. */
export function numbered(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
