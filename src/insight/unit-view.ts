// What a unit adds to the model of its charm, for `graph` and `report`: its charm is registered once more in the unit's
// own session, from which nothing is kept, and its records are read.

import type { DispatchRecord } from '../dispatch/trace.ts'
import { ReactiveError } from '../errors.ts'
import { conditionHolds, OF_HOOKS } from '../handlers/conditions.ts'
import { getFlags } from '../unit/flags.ts'
import type { OutsideRecord } from '../unit/outside-changes.ts'
import type { Session } from '../unit/session.ts'
import { modelOf } from './charm-model.ts'
import type { Graph, Marks } from './graph.ts'
import { registrationOf } from './registration.ts'
import type { Subject } from './report.ts'
import { findSources, readSources } from './source-files.ts'

/** A unit as a report shows it. */
export async function viewOfUnit(session: Session): Promise<Subject> {
  const { context, state } = session
  const flags = getFlags(session)
  const dispatches = (await state.traces()) as unknown as DispatchRecord[]
  const outside = (await state.records('outside')).map(([, row]) => row as unknown as OutsideRecord)
  const { answer } = session
  if (answer === undefined) throw new ReactiveError('only outside of a hook can a charm register once more')
  const registration = await registrationOf(session, (_, line) => answer(line))
  // What the top level of handler files has changed meanwhile is not so.
  state.discard()
  const sources = await readSources(context.charmDir, findSources(context.charmDir))
  return {
    unit: context.unitName || dispatches.at(-1)?.unit || 'unit',
    model: modelOf(context.charmDir, registration, sources),
    dispatches,
    outside,
    flags,
    holds: ({ id }, condition) =>
      OF_HOOKS.has(condition.name) ? undefined : conditionHolds(session, condition, id),
  }
}

/** What a picture marks: the flags that are set, and the handlers that ran last. */
export function marksOf({ flags, dispatches }: Subject): Required<Marks> {
  const last = dispatches.at(-1)?.iterations.flatMap(({ ran }) => ran.map(({ handler }) => handler))
  return { set: new Set(flags), ran: new Set(last) }
}

/** What a picture of a graph is made of, for those who draw their own. */
export function markedGraph(graph: Graph, { set, ran }: Marks): unknown {
  const nodes = graph.nodes.map((node) => {
    if (node.kind === 'flag') return set === undefined ? node : { ...node, set: set.has(node.label) }
    return ran === undefined ? node : { ...node, ran: ran.has(node.id) }
  })
  return { ...graph, nodes }
}
