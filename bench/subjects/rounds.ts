// Hooks with hook tools as slow as Juju's own, against one call of such a tool: how often a hook waits for them.
// Calls that are under way together, or while something else is done, cost one call.

import { bash, Charm, type CharmFiles } from '../charm.ts'
import { type Row, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

const DELAY = { BENCH_DELAY: '30000' }
const METADATA = `name: bench
summary: A charm for a benchmark
provides:
  website: {interface: http}
requires:
  db: {interface: mysql}
  cache: {interface: redis}
`
const ANSWERS = {
  'relation-ids': '["db:1"]',
  'relation-list': '["mysql/0"]',
  'relation-get': '{"host": "10.0.0.1"}',
}

/** Ten handlers, each with three calls that wait for nothing but Juju. */
const TEN_HANDLERS = bash(
  Array.from(
    { length: 10 },
    (_, number) => `
@hook 'update-status'
function handler_${number}() {
  juju-log 'working'
  config-get port >/dev/null
  status-set active 'ready'
}`,
  ).join('\n'),
)

/** Something to register, as charms have: what is asked early is there when it is done. */
const FILES = Object.fromEntries(
  Array.from({ length: 10 }, (_, number) => [
    `reactive/file-${number}.sh`,
    bash("@when 'never'\nfunction wait() { :; }"),
  ]),
)

export function roundRows(bench: Bench): Row[] {
  return [
    hookRow(bench, 'a hook with nothing to do, three related endpoints', {}),
    hookRow(bench, 'the same with ten bash files', FILES),
    hookRow(bench, 'ten handlers of three calls each', { 'reactive/app.sh': TEN_HANDLERS }),
  ]
}

function hookRow({ workspace, engine }: Bench, name: string, files: CharmFiles): Row {
  return {
    name: `${name}, 30 ms for each hook tool`,
    unit: 'ms',
    work: work('engine', () => {
      const charm = new Charm(workspace, engine, { 'metadata.yaml': METADATA, ...files }, ANSWERS)
      charm.hook('install')
      charm.hook()
      return () => charm.hook('update-status', DELAY).milliseconds
    }),
    against: [
      {
        base: work('one call of a hook tool', () => {
          const charm = new Charm(workspace, engine, {}, ANSWERS)
          return () => charm.timeOfTools(new Map([['config-get', 1]]), DELAY)
        }),
        ratio: 'times',
      },
    ],
    rounds: { full: 15, short: 2 },
  }
}
