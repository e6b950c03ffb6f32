// A relation with many units, whose data is all read in one hook, while each hook tool takes its time.

import { Charm } from '../charm.ts'
import { type Row, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

const DELAY = { BENCH_DELAY: '10000' }
const METADATA = 'name: bench\nsummary: A charm for a benchmark\nrequires: {db: {interface: mysql}}\n'

export function relationRows(bench: Bench): Row[] {
  return [relationRow(bench, 500, { full: 5, short: 1 }), relationRow(bench, 100, { full: 5, short: 1 })]
}

/** The hook after a unit has related: all data is new. Against the same calls one after another. */
function relationRow(bench: Bench, units: number, rounds: Row['rounds']): Row {
  return {
    name: `a relation with ${units} units, 10 ms for each hook tool`,
    unit: 'ms',
    work: work('engine', () => {
      const charm = relatedCharm(bench, units)
      return () => {
        charm.reset()
        return charm.hook('config-changed', DELAY).milliseconds
      }
    }),
    against: [
      {
        base: work('its hook tools one after another', () => {
          const charm = relatedCharm(bench, units)
          const calls = charm.calls('config-changed')
          return () => charm.timeOfTools(calls, DELAY)
        }),
        ratio: 'times faster',
        goal: 4,
        recorded: 1.8,
      },
    ],
    rounds,
    long: units === 500,
  }
}

function relatedCharm({ workspace, engine }: Bench, count: number): Charm {
  const units = Array.from({ length: count }, (_, index) => `mysql/${index}`)
  return new Charm(
    workspace,
    engine,
    { 'metadata.yaml': METADATA },
    {
      'relation-ids': '["db:1"]',
      'relation-list': JSON.stringify(units),
      'relation-get': '{"host": "10.0.0.1", "port": "3306", "private-address": "10.0.0.1"}',
    },
  )
}
