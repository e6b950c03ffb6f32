// Flag calls in a bash handler, measured by the handler itself inside one hook; a loop of nothing is taken off.

import { bash, Charm, type Toolkit } from '../charm.ts'
import { type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'
import { bareBash, roundTrip } from './floors.ts'

const CALLS = 1000
/** One takes the original a third of a second. */
const CALLS_OF_ORIGINAL = 2

interface Loop {
  /** What is done `CALLS` times. */
  body: string
  /** What is done once afterwards, and counts: a flag call is sent without waiting. */
  after: string
  calls: number
}

const SET: Loop = {
  body: 'charms.reactive set_flag "bench.$i"',
  after: 'charms.reactive is_flag_set bench.0',
  calls: CALLS,
}
/** In a condition, as handlers ask: bash calls an ERR trap for a status of its own. */
const ASK: Loop = { body: 'charms.reactive is_flag_set "bench.$i" || :', after: ':', calls: CALLS }

export function flagCallRows(bench: Bench): Row[] {
  const { engine, original } = bench
  const row = (name: string, loop: Loop, recorded: number): Row => ({
    name: `${name}, in a bash handler`,
    unit: 'ms',
    work: loopWork(bench, engine, name, loop),
    against: [
      // 0.15 ms, where `bash -c :` takes 2.4 ms; or 1,000 times faster than the original.
      { base: bareBash(bench), ratio: 'times faster', goal: 16, recorded },
      { base: roundTrip(bench), ratio: 'times' },
      ...(original
        ? [
            {
              base: loopWork(bench, original, 'the original', { ...loop, calls: CALLS_OF_ORIGINAL }),
              ratio: 'times faster',
              goal: 1000,
              rounds: 5,
              original: true,
            } as const,
          ]
        : []),
    ],
    rounds: { full: 15, short: 3 },
  })
  return [row('`set_flag`', SET, 16.9), row('`is_flag_set`', ASK, 3.2), forksRow(bench)]
}

/** The milliseconds of one call, in a hook with a state as it is before every round. */
export function loopWork(
  { workspace }: Bench,
  toolkit: Toolkit,
  name: string,
  loop: Loop,
  prepare: (charm: Charm) => void = () => undefined,
): Work {
  return work(name, () => {
    const charm = new Charm(workspace, toolkit, { 'reactive/calls.sh': loopFile(loop) })
    prepare(charm)
    return () => {
      charm.reset()
      const [calls = Number.NaN, nothing = Number.NaN] = charm.measured()
      return (calls - nothing) / loop.calls
    }
  })
}

export function loopFile({ body, after, calls }: Loop): string {
  const counting = `for ((i = 0; i < ${calls}; i++)); do`
  return bash(`
@hook 'update-status'
function measure() {
  local i
  stopwatch_begin
  ${counting} ${body}; done
  ${after}
  stopwatch_end
  stopwatch_begin
  ${counting} :; done
  stopwatch_end
}`)
}

const COUNTED = `
@hook 'update-status'
function count() {
  local i
  [[ -e mark.begin ]]
  for i in {1..20}; do
    set_flag "bench.$i"
    is_flag_set "bench.$i"
    clear_flag "bench.$i"
  done
  [[ -e mark.end ]]
}`

function forksRow({ workspace, engine }: Bench): Row {
  const counted = work('forks', () => {
    const charm = new Charm(workspace, engine, { 'reactive/calls.sh': bash(COUNTED) })
    return () => charm.forks()
  })
  const name = 'forks of 60 flag calls in a bash handler'
  return { name, unit: 'forks', work: counted, against: [], rounds: { full: 1, short: 1 }, limit: 0 }
}
