// Whether the graph of a charm explains what a dispatch did: each handler that ran by what it waits for, each change of a
// flag by who may make it.

import type { DispatchRecord, FlagChange } from '../../src/dispatch/trace.ts'
import type { CharmModel } from '../../src/insight/charm-model.ts'
import { type Graph, graphOf } from '../../src/insight/graph.ts'
import { matchesPattern } from '../../src/insight/sources/source.ts'

/** A line for each thing in the record that no node or edge stands for. */
export function unexplained(model: CharmModel, record: DispatchRecord): string[] {
  const graph = graphOf(model)
  const outside = [...record.changes, ...record.changesAtEnd]
  return [
    ...record.iterations.flatMap(({ tested, ran }) =>
      ran.flatMap(({ handler, changes }) => [
        ...waits(graph, handler, tested.find((test) => test.handler === handler)?.answers ?? []),
        ...changes
          .filter((change) => !isExplained(graph, handler, change))
          .map((change) => tell(handler, change)),
      ]),
    ),
    ...outside
      .filter((change) => !isAutomatic(model, change) && !isExplained(graph, undefined, change))
      .map((change) => tell('outside of handlers', change)),
  ]
}

function waits({ nodes, edges }: Graph, id: string, answers: readonly { condition: string }[]): string[] {
  const node = nodes.find((one) => one.id === id)
  if (node?.kind !== 'handler') return [`${id} ran and is no node`]
  return answers.flatMap(({ condition }) => {
    if (node.events.includes(condition)) return []
    const [name = '', ...flags] = condition.split(' ')
    const kind = /_not|_none/.test(name) ? 'waits-not' : 'waits'
    const missing = flags.filter(
      (flag) => !edges.some((edge) => edge.from === `flag:${flag}` && edge.to === id && edge.kind === kind),
    )
    return missing.map((flag) => `${id} ran by ${condition}, and no edge leads there from ${flag}`)
  })
}

function isExplained(
  { edges }: Graph,
  handler: string | undefined,
  { flag, set, trigger }: FlagChange,
): boolean {
  return edges.some((edge) => {
    if (edge.kind !== (set ? 'sets' : 'clears') || !matchesPattern(edge.to, `flag:${flag}`)) return false
    if (trigger === undefined) return edge.from === handler
    const cause = edge.trigger === (trigger.startsWith('+') ? 'set' : 'cleared')
    return cause && matchesPattern(edge.from, `flag:${trigger.slice(1)}`)
  })
}

/** The engine's own flags, and those of the top level of handler files. */
function isAutomatic({ automatic, registration }: CharmModel, { flag, set }: FlagChange): boolean {
  return (
    automatic.some((own) => matchesPattern(own.flag, flag)) ||
    registration.changes.some((change) => change.flag === flag && change.set === set)
  )
}

const tell = (who: string, { flag, set, trigger }: FlagChange) =>
  `${who} has ${set ? 'set' : 'cleared'} ${flag}${trigger === undefined ? '' : ` by a trigger on ${trigger}`}, which no edge says`
