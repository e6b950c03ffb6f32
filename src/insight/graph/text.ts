// A graph as text for people: for each handler what it waits for and what it changes, then the triggers.

import { byLayer, flagId, type Graph, type GraphEdge, isMarked, type Marks } from '../graph.ts'

/** The text, line ends included. */
export function toText({ nodes, edges }: Graph, marks: Marks): string {
  const labels = new Map(nodes.map((node) => [node.id, node.label + (isMarked(node, marks) ? '*' : '')]))
  const label = (id: string) => labels.get(id) ?? id
  const list = (title: string, found: readonly GraphEdge[], end: 'from' | 'to') =>
    found.length === 0 ? [] : [`    ${title} ${found.map((edge) => label(edge[end])).join(', ')}`]
  const handlerLines = [...byLayer(nodes)].flatMap(([layer, handlers]) => [
    layer,
    ...handlers.flatMap(({ id, file, line, events }) => {
      const into = (kind: GraphEdge['kind'], alternative: boolean) =>
        edges.filter(
          (edge) => edge.to === id && edge.kind === kind && (edge.alternative ?? false) === alternative,
        )
      const out = (kind: GraphEdge['kind']) =>
        edges.filter((edge) => edge.from === id && edge.kind === kind && !edge.maybe)
      return [
        `  ${label(id)}  ${file}${line === undefined ? '' : `:${line}`}`,
        ...events.map((event) => `    ${event}`),
        ...list('waits for', into('waits', false), 'from'),
        ...list('waits for any of', into('waits', true), 'from'),
        ...list('waits for the absence of', into('waits-not', false), 'from'),
        ...list('waits for the absence of any of', into('waits-not', true), 'from'),
        ...list('sets', out('sets'), 'to'),
        ...list('clears', out('clears'), 'to'),
      ]
    }),
  ])
  const triggers = edges
    .filter(({ from, maybe }) => from.startsWith(flagId('')) && !maybe)
    .flatMap(({ from, to, kind, trigger }) =>
      trigger === undefined ? [] : [`  when ${label(from)} is ${trigger}: ${kind} ${label(to)}`],
    )
  const lines = [...handlerLines, ...(triggers.length === 0 ? [] : ['triggers', ...triggers])]
  return lines.map((line) => `${line}\n`).join('')
}
