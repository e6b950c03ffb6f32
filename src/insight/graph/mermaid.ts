// A graph as a flowchart of Mermaid, which code hosts draw: flags round, handlers square.

import { byLayer, type Graph, type GraphEdge, type GraphNode, isMarked, type Marks } from '../graph.ts'

const ARROWS: Record<GraphEdge['kind'], string> = {
  waits: '-->',
  'waits-not': '-.->',
  sets: '==>|sets|',
  clears: '-->|clears|',
}

/** The text, line ends included. */
export function toMermaid({ nodes, edges }: Graph, marks: Marks): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
  const draw = (node: GraphNode) => `${names.get(node.id)}${shape(node)}`
  const marked = nodes.filter((node) => isMarked(node, marks)).map(({ id }) => names.get(id))
  const lines = [
    ...[...byLayer(nodes)].flatMap(([layer, handlers], index) => [
      `subgraph l${index}["${text(layer)}"]`,
      ...handlers.map((node) => `  ${draw(node)}`),
      'end',
    ]),
    ...nodes.filter(({ kind }) => kind === 'flag').map(draw),
    ...edges.map((edge) => `${names.get(edge.from)} ${arrow(edge)} ${names.get(edge.to)}`),
    ...(marked.length === 0
      ? []
      : ['classDef marked fill:#cde9d3,stroke:#1a7f37', `class ${marked.join(',')} marked`]),
  ]
  return `flowchart LR\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function shape(node: GraphNode): string {
  if (node.kind === 'flag') return `(["${text(node.label)}"])`
  return `["${[node.label, ...node.events].map(text).join('<br>')}"]`
}

function arrow({ kind, trigger, alternative }: GraphEdge): string {
  if (trigger !== undefined) return `-->|when ${trigger}, ${kind}|`
  return alternative ? `${ARROWS[kind]}|any|` : ARROWS[kind]
}

/** Characters that Mermaid or a browser would read as something else are entities. */
function text(label: string): string {
  return label.replace(/[^\w .,:/@*-]/gu, (char) => `#${char.codePointAt(0)};`)
}
