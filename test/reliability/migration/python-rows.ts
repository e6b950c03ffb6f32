// Random rows as the Python original writes them, each with the values that must stand in our state for it.

import type { Random } from '../../random.ts'

/** Rows of the original, and our keys and values after the import. */
export interface Rows {
  python: Record<string, unknown>
  ours: Record<string, unknown>
}

const WORDS = [
  'a',
  'db',
  'ü',
  '😀',
  "it's",
  '$(id)',
  '`id`',
  '-n',
  '..',
  '%',
  '_',
  '"',
  '\\',
  'x y',
  '__proto__',
]

function word(random: Random): string {
  return `${random.pick(WORDS)}${random.maybe(['', random.below(50)])}`
}

function name(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () => word(random)).join('.')
}

const hash = (random: Random) => Array.from({ length: 32 }, () => random.below(16).toString(16)).join('')

/** Any JSON value that Python and JavaScript both can say. */
function value(random: Random, depth = 0): unknown {
  const kind = random.below(depth < 3 ? 9 : 6)
  if (kind === 0) return random.pick([null, true, false])
  if (kind === 1) return random.pick([0, -1, 2 ** 53 - 1, random.below(1e9)])
  if (kind === 2) return random.pick([0.1, 1e-7, 1.5e300, -2.5, random.next()])
  if (kind < 6) return random.chance(0.1) ? ':\n\u0000\ud800'.slice(0, random.below(5)) : name(random)
  const items = Array.from({ length: random.below(4) }, () => value(random, depth + 1))
  if (kind === 6) return items
  return Object.fromEntries(items.map((item, index) => [`${word(random)} ${index}`, item]))
}

type Maker = (random: Random) => [python: [string, unknown][], ours: [string, unknown][]]

/** One row of each kind, or those of a conversation together. */
const MAKERS: Readonly<Record<string, Maker>> = {
  flag(random) {
    const [flag, given] = [name(random), random.chance(0.7) ? null : name(random)]
    return [[[`reactive.states.${flag}`, given]], [[`flag:${flag}`, given]]]
  },
  file(random) {
    const [file, seen] = [`/etc/${name(random)}`, random.chance(0.1) ? null : hash(random)]
    return [
      [[`reactive.files_changed.${file}`, seen]],
      [
        [`file:${file}`, seen],
        [`file-base:${file}`, seen],
      ],
    ]
  },
  data(random) {
    const [id, seen] = [`own ${name(random)}`, hash(random)]
    return [[[`reactive.data_changed.${id}`, seen]], [[`data:${id}`, seen]]]
  },
  handler(random) {
    const [place, line] = [`reactive/${word(random)}.sh`, random.below(500)]
    const id = `/var/lib/juju/agents/unit-app-0/charm/${place}:${line}:f${line}`
    return [
      [[`reactive.invoked.${id}`, true]],
      [
        [`invoked:${id}`, true],
        [`invoked:${place}:f${line}`, true],
      ],
    ]
  },
  mark(random) {
    const id = name(random)
    return [[[`reactive.invoked.${id}`, true]], [[`invoked:${id}`, true]]]
  },
  received(random) {
    const [number, unit, field, seen] = [random.below(1e6), random.below(1e6), name(random), hash(random)]
    const place = `db:${number}`
    return [
      [[`reactive.data_changed.endpoint.db.${place}.pg/${unit}.${field}`, seen]],
      [[`received:${place} pg/${unit}`, { [field]: seen }]],
    ]
  },
  departed(random) {
    const endpoint = `e${random.below(1e6)}`
    const unit = {
      relation: `${endpoint}:1`,
      unit_name: `pg/${random.below(9)}`,
      data: { [word(random)]: name(random) },
    }
    return [[[`reactive.endpoints.departed.${endpoint}`, [unit]]], [[`departed:${endpoint}`, [unit]]]]
  },
  conversation(random) {
    const number = random.below(1e6)
    const unit = `pg/${random.below(99)}`
    const [namespace, scope] = random.pick([
      [`db${number}`, 'global'],
      [`db:${number}`, 'pg'],
      [`db:${number}`, unit],
    ] as const)
    const [field, kept, flag] = [name(random), value(random), `db${number}.${word(random)}`]
    const key = `reactive.conversations.${namespace}.${scope}`
    const told = { relation: namespace.replace(/:.*/, ''), conversations: [key] }
    return [
      [
        [key, { namespace, scope, units: [unit] }],
        [`${key}.local-data.${field}`, kept],
        [`reactive.states.${flag}`, told],
      ],
      [
        [`conversation:${namespace} ${scope}`, { units: [unit], local: { [field]: kept } }],
        [`flag:${flag}`, told],
      ],
    ]
  },
  own(random) {
    const [key, given] = [random.chance(0.2) ? `reactive.${name(random)}` : name(random), value(random)]
    return [[[key, given]], [[`kv:${key}`, given]]]
  },
  passing: (random) => [
    [
      [
        random.pick([
          'reactive.dispatch.phase',
          'reactive.state_watch',
          `reactive.flag_set_triggers.${name(random)}`,
        ]),
        1,
      ],
    ],
    [],
  ],
}

export const KINDS = Object.keys(MAKERS)

/** A state of so many rows or groups of rows, of all kinds. */
export function randomRows(random: Random, count: number): Rows {
  const python = new Map<string, unknown>()
  const ours = new Map<string, unknown>()
  for (let n = 0; n < count; n += 1) {
    const [theirs, here] = (MAKERS[random.pick(KINDS)] as Maker)(random)
    if (theirs.some(([key]) => python.has(key)) || here.some(([key]) => ours.has(key))) continue
    for (const [key, given] of theirs) python.set(key, given)
    for (const [key, given] of here) ours.set(key, given)
  }
  // A row may come before the one that it belongs to.
  const rows = [...python].map((row) => [random.next(), row] as const).sort(([a], [b]) => a - b)
  return { python: Object.fromEntries(rows.map(([, row]) => row)), ours: Object.fromEntries(ours) }
}
