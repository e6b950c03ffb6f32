// A unit with so many handlers and twenty dispatches, made up: for pictures and pages of any size.

import type { DispatchRecord, TestedAnswer } from '../../src/dispatch/trace.ts'
import type { ModelHandler } from '../../src/insight/charm-model.ts'
import type { Subject } from '../../src/insight/report.ts'
import { Random } from '../random.ts'
import { madeModel } from './made-model.ts'

const LAYERS = ['layer:basic', 'layer:snap', 'layer:nginx', 'layer:tls-client', 'interface:pgsql', 'myapp']
const VERBS = ['install', 'configure', 'render', 'restart', 'publish', 'check', 'migrate', 'request']
const NOUNS = ['service', 'database', 'website', 'certificates', 'cluster', 'cache', 'backup']
const STATES = ['ready', 'available', 'configured', 'requested', 'published']
const EVENTS = ['install', 'start', 'config-changed', 'db-relation-changed', 'update-status']
const AUTOMATIC = ['config.changed', 'config.set.port', 'endpoint.db.joined', 'leadership.is_leader']

const flagName = (n: number) => {
  const round = Math.floor(n / (NOUNS.length * STATES.length))
  const name = `${NOUNS[n % NOUNS.length]}.${STATES[Math.floor(n / NOUNS.length) % STATES.length]}`
  return round === 0 ? name : `${name}.${round}`
}

/** The unit as a report shows it. */
export function madeUnit(count: number, more: Partial<Subject> = {}): Subject {
  const random = new Random(count)
  const model = madeModel(
    Array.from({ length: count }, (_, n) => {
      const layer = LAYERS[Math.floor((n * LAYERS.length) / count)] ?? 'myapp'
      const round = Math.floor(n / (VERBS.length * NOUNS.length))
      const name = `${VERBS[n % VERBS.length]}_${NOUNS[Math.floor(n / VERBS.length) % NOUNS.length]}${round || ''}`
      const near = () => flagName(Math.max(0, n - 1 - random.below(6)))
      const waits = n === 0 ? [] : [near(), ...(random.chance(0.3) ? [random.pick(AUTOMATIC)] : [])]
      return {
        id: `reactive/${layer.replace(/.*:/, '')}.sh:${name}`,
        layer,
        line: 8 + n * 11,
        on: [...(n % 17 === 0 ? ['hook install'] : [`when ${waits.join(' ')}`]), `when_not ${flagName(n)}`],
        does: [`set ${flagName(n)}`, ...(random.chance(0.2) ? [`clear ${near()}`] : [])],
      }
    }),
    {
      automatic: AUTOMATIC.map((flag) => ({
        flag,
        when: 'Juju says so',
        untilEndOfHook: false,
        stays: false,
      })),
    },
  )
  const flags = new Set(AUTOMATIC.slice(1))
  const dispatches = Array.from({ length: 20 }, (_, n) => madeDispatch(model.handlers, { flags, random, n }))
  const isSet = (words: readonly string[]) => words.every((flag) => flags.has(flag))
  return {
    unit: 'myapp/0',
    model: { ...model, name: 'myapp', charmDir: '/srv/myapp' },
    dispatches,
    outside: [
      { at: '2026-01-01T01:00:00.000Z', command: 'set_flag', changes: [{ flag: flagName(1), set: true }] },
    ],
    flags: [...flags],
    holds: (_, { name, args }) =>
      name === 'when' ? isSet(args) : name === 'when_not' ? !isSet(args) : undefined,
    ...more,
  }
}

function madeDispatch(
  handlers: readonly ModelHandler[],
  { flags, random, n }: { flags: Set<string>; random: Random; n: number },
): DispatchRecord {
  const record: DispatchRecord = {
    event: EVENTS[n] ?? EVENTS[n % EVENTS.length] ?? 'update-status',
    unit: 'myapp/0',
    started: new Date(Date.UTC(2026, 0, 1, 0, n * 5)).toISOString(),
    milliseconds: 20,
    status: 0,
    changes: n % 5 === 2 ? [{ flag: 'config.changed', set: true }] : [],
    iterations: [],
    changesAtEnd: n % 5 === 2 ? [{ flag: 'config.changed', set: false }] : [],
  }
  for (let iteration = 0; iteration < 3; iteration++) {
    const tested = handlers.map((handler) => {
      const answers = handler.conditions.map(({ name, args }): TestedAnswer => {
        const condition = [`@${name}`, ...args].join(' ')
        if (name === 'hook') return { condition, holds: record.event === 'install' }
        const wrong = args.filter((flag) => flags.has(flag) === (name === 'when_not'))
        return wrong.length === 0
          ? { condition, holds: true }
          : { condition, holds: false, [name === 'when_not' ? 'set' : 'unset']: wrong }
      })
      return { handler: handler.id, matches: answers.every(({ holds }) => holds), answers }
    })
    const matching = tested.filter(({ matches }) => matches).slice(0, 12)
    const ran = matching.map(({ handler: id }) => {
      const changes = (handlers.find((handler) => handler.id === id)?.changes ?? [])
        .map(({ kind, flag }) => ({ flag, set: kind === 'set' }))
        .filter(({ flag, set }) => flags.has(flag) !== set)
      for (const { flag, set } of changes) set ? flags.add(flag) : flags.delete(flag)
      const milliseconds = Math.round((3 + random.next() * random.next() * 400) * 10) / 10
      const run = { handler: id, at: Math.round(record.milliseconds), milliseconds, changes }
      record.milliseconds += milliseconds + 1
      return run
    })
    record.iterations.push({
      phase: iteration === 0 ? 'hooks' : 'other',
      iteration: Math.max(0, iteration - 1),
      tested: iteration === 0 ? tested : tested.filter(({ matches }) => matches),
      ran,
    })
  }
  record.milliseconds = Math.round(record.milliseconds)
  return n === 7 ? failed(record) : record
}

function failed(record: DispatchRecord): DispatchRecord {
  const error =
    'handler reactive/nginx.sh:restart failed with status 1 at reactive/nginx.sh:40: systemctl restart nginx'
  return { ...record, status: 1, error }
}
