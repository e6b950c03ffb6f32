// An account of a hook: what has happened in it and what holds after it, by subject. The model gives one, a
// real unit gives one, and the two are to be the same.

import type { EventResult, HookToolCall } from '../../../src/simulator/events.ts'
import type { JujuState } from '../../../src/simulator/juju-state.ts'
import { ran, remarks } from '../../end-to-end/charm.ts'
import type { Outcome } from './hook-model.ts'
import type { Hook } from './operations.ts'
import { canonical, toObject } from './values.ts'
import type { World } from './world.ts'

export type Account = Record<string, unknown>

const KILLED = 137

/** What the model says of a hook; `calls` is what it says of hook tools that every hook calls. */
export function expectedAccount(outcome: Outcome, world: World, calls: Record<string, number>): Account {
  const { exitStatus, said, reads, writes, flags } = outcome
  return {
    'exit status': exitStatus,
    // What is logged in the moment in which the engine is killed may be lost.
    'handlers that ran': exitStatus === KILLED ? [] : outcome.ran,
    'what handlers saw': said.toSorted(),
    'databags that were read': reads,
    'databags that were written': writes,
    'calls of hook tools': calls,
    warnings: [],
    'output on stderr': '',
    flags,
    'published data': world.relations.map(({ id, own }) => [
      id,
      toObject(own.unit),
      toObject(own.application),
    ]),
  }
}

/** What a real hook has done, and the unit's flags and published data after it. */
export function actualAccount(
  result: EventResult,
  flags: readonly string[],
  { relations }: JujuState,
): Account {
  const { exitStatus, stdout, stderr, hookToolCalls } = result
  return {
    'exit status': exitStatus,
    'handlers that ran': exitStatus === KILLED ? [] : ran(result),
    'what handlers saw': stdout.split('\n').filter(Boolean).map(inCanonicalJson).sort(),
    'databags that were read': databagsOf(hookToolCalls, 'relation-get'),
    'databags that were written': databagsOf(hookToolCalls, 'relation-set'),
    'calls of hook tools': countCalls(hookToolCalls),
    warnings: exitStatus === 0 ? remarks(result).filter((line) => /^(WARNING|ERROR)/.test(line)) : [],
    'output on stderr': exitStatus !== 0 || stdout.includes(' refused\n') ? '' : stderr,
    flags,
    'published data': relations.map(({ id, localUnit, localApp }) => [id, localUnit, localApp]),
  }
}

/** Hook tools that every hook calls: once, or once for each endpoint or relation that is not about to end. */
export function expectedCalls(world: World, hook: Hook): Record<string, number> {
  if (hook.name === 'collect-metrics') return {}
  const relations = world.relations.filter(
    ({ id }) => !(hook.name.endsWith('-broken') && hook.relation === id),
  )
  const calls = { 'config-get': 1, 'is-leader': 1, 'leader-get': 1 }
  const lists = relations.length > 0 ? { 'relation-list': relations.length } : {}
  return { ...calls, 'relation-ids': world.endpoints.size, ...lists }
}

/** Where the two differ, a paragraph for each subject. */
export function differences(expected: Account, actual: Account): string[] {
  return Object.keys(expected)
    .filter((subject) => canonical(expected[subject]) !== canonical(actual[subject]))
    .map((subject) => `${subject}:${contrast(expected[subject], actual[subject])}`)
}

function contrast(expected: unknown, actual: unknown): string {
  if (!Array.isArray(expected) || !Array.isArray(actual)) {
    return `\n  model ${canonical(expected)}\n  unit  ${canonical(actual)}`
  }
  const [ours, theirs] = [expected.map(canonical), actual.map(canonical)]
  const missing = ours.filter((item) => !theirs.includes(item)).map((item) => `\n  only the model: ${item}`)
  const extra = theirs.filter((item) => !ours.includes(item)).map((item) => `\n  only the unit:  ${item}`)
  const lines = [...missing, ...extra]
  return lines.length > 0 ? lines.join('') : `\n  model ${ours.join(' ')}\n  unit  ${theirs.join(' ')}`
}

/** `db:1 mysql/0` of `relation-get -r db:1 --format=json - mysql/0`; relation-set names nobody. */
function databagsOf(calls: readonly HookToolCall[], tool: string): string[] {
  return calls
    .filter((call) => call.tool === tool)
    .map(({ args }) => {
      const relation = args[args.indexOf('-r') + 1]
      if (tool === 'relation-get') return `${relation} ${args.at(-1)}`
      return `${relation} ${args.includes('--app') ? 'app' : 'app/0'}`
    })
    .sort()
}

const COUNTED = ['config-get', 'is-leader', 'leader-get', 'relation-ids', 'relation-list']

function countCalls(calls: readonly HookToolCall[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { tool, args } of calls) {
    // The application of a relation without units is asked for apart.
    if (COUNTED.includes(tool) && !args.includes('--app')) counts[tool] = (counts[tool] ?? 0) + 1
  }
  return counts
}

function inCanonicalJson(line: string): string {
  const at = line.search(/[[{]/)
  if (at === -1) return line
  try {
    return line.slice(0, at) + canonical(JSON.parse(line.slice(at)))
  } catch {
    return line
  }
}
