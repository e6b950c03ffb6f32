// Hooks with hook tools as slow as Juju's own, against one call of such a tool: how often a hook waits for them.
// Calls that are under way together, or while something else is done, cost one call.

import { bash, Charm, type CharmFiles } from '../charm.ts'
import { type Row, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

const DELAY = { BENCH_DELAY: '30000' }
/** So slow that calls which could run at the same time do. */
const LONG_DELAY = { BENCH_DELAY: '200000' }
const METADATA = `name: bench
summary: A charm for a benchmark
provides:
  website: {interface: http}
requires:
  db: {interface: mysql}
  cache: {interface: redis}
`
const ANSWERS = {
  'relation-ids.db': '["db:1"]',
  'relation-ids.cache': '["cache:2"]',
  'relation-ids.ring': '["ring:3"]',
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

/** The same number, each with nothing to ask: what they cost is a line of the log. */
const TEN_QUICK_HANDLERS = bash(
  Array.from(
    { length: 10 },
    (_, number) => `@hook 'update-status'\nhandler_${number}() { set_flag f; }`,
  ).join('\n'),
)

/** With a peer relation, where Juju 4 has the settings of the leader. */
const PEERS = { 'metadata.yaml': `${METADATA}peers:\n  ring: {interface: ring}\n` }

export function roundRows(bench: Bench): Row[] {
  const three = { 'reactive/app.sh': TEN_HANDLERS }
  return [
    hookRow(bench, 'a hook with nothing to do, three endpoints, two related', {}),
    hookRow(bench, 'the same with ten bash files', FILES),
    hookRow(bench, 'the same with a Python file', { 'reactive/app.py': 'import charms.reactive\n' }),
    hookRow(bench, 'the same under Juju 4, with a peer relation', PEERS, { JUJU_VERSION: '4.0.0' }),
    hookRow(bench, 'ten handlers of three calls each', three),
    hookRow(bench, 'ten handlers without a call', { 'reactive/app.sh': TEN_QUICK_HANDLERS }),
    countRow(bench, 'a hook with nothing to do, three endpoints, two related', {}, 2),
    countRow(bench, 'ten handlers of three calls each', three, 32),
  ]
}

/** How many rounds a hook has, by the times at which its tools began and ended. */
function countRow({ workspace, engine }: Bench, name: string, files: CharmFiles, limit: number): Row {
  return {
    name: `rounds of ${name}`,
    unit: 'rounds',
    work: work('engine', () => {
      const charm = new Charm(workspace, engine, { 'metadata.yaml': METADATA, ...files }, ANSWERS)
      charm.hook('install')
      charm.hook()
      return () => charm.rounds('update-status', LONG_DELAY)
    }),
    against: [],
    limit,
    rounds: { full: 3, short: 1 },
  }
}

function hookRow(
  { workspace, engine }: Bench,
  name: string,
  files: CharmFiles,
  env: Record<string, string> = {},
): Row {
  return {
    name: `${name}, 30 ms for each hook tool`,
    unit: 'ms',
    work: work('engine', () => {
      const charm = new Charm(workspace, engine, { 'metadata.yaml': METADATA, ...files }, ANSWERS)
      charm.hook('install', env)
      charm.hook('update-status', env)
      return () => charm.hook('update-status', { ...env, ...DELAY }).milliseconds
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
