// A graph in the language of Graphviz, which is what draws the svg as well: a box for each layer, from left to right.

import { byLayer, type Graph, type GraphEdge, type GraphNode, isMarked, type Marks } from '../graph.ts'

const HEAD = `  graph [rankdir=LR, nodesep=0.08, ranksep=0.7, fontname="Helvetica", fontsize=10, bgcolor="transparent"]
  node [fontname="Courier", fontsize=9.5, height=0.25, margin="0.1,0.03", color="#5f6b7a", fillcolor="#ffffff"]
  edge [color="#7a8594", arrowsize=0.6, fontname="Courier", fontsize=8]`

const EDGES: Record<GraphEdge['kind'], string> = {
  waits: '',
  'waits-not': 'style=dashed, arrowhead=empty',
  sets: 'color="#1a7f37"',
  clears: 'color="#c4432b", arrowhead=tee',
}

/** The text, line ends included. */
export function toDot({ charm, nodes, edges }: Graph, marks: Marks): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
  const draw = (node: GraphNode) => `${names.get(node.id)} [${attributes(node, marks)}]`
  const lines = [
    HEAD,
    ...[...byLayer(nodes)].flatMap(([layer, handlers], index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quote(layer)}; style="rounded"; color="#c9d0d9"`,
      ...handlers.map((node) => `    ${draw(node)}`),
      '  }',
    ]),
    ...nodes.filter(({ kind }) => kind === 'flag').map((node) => `  ${draw(node)}`),
    ...edges.map(
      (edge, index) => `  ${names.get(edge.from)} -> ${names.get(edge.to)} [${edgeAttributes(edge, index)}]`,
    ),
  ]
  return `digraph ${quote(charm)} {\n${lines.join('\n')}\n}\n`
}

function attributes(node: GraphNode, marks: Marks): string {
  const isFlag = node.kind === 'flag'
  const label = isFlag ? [node.label] : [node.label, ...node.events]
  const styles = [...(isFlag ? ['rounded'] : []), 'filled', ...(isFlag && node.automatic ? ['dashed'] : [])]
  const mark = isMarked(node, marks)
  return [
    'shape=box',
    `style="${styles.join(',')}"`,
    `label=${quote(label.join('\n'))}`,
    ...(mark ? ['fillcolor="#cde9d3"', 'color="#1a7f37"'] : []),
  ].join(', ')
}

function edgeAttributes({ kind, trigger, maybe, alternative }: GraphEdge, index: number): string {
  const label = trigger === undefined ? (alternative ? 'any' : '') : `when ${trigger}`
  return [
    `id=e${index}`,
    EDGES[kind],
    ...(label === '' ? [] : [`label="${label}"`]),
    ...(maybe ? ['style=dotted'] : []),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** A quoted string of the language: a backslash would begin one of its own sequences, an entity be read as a character. */
function quote(text: string): string {
  const plain = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replaceAll('\n', '\\n')
  return `"${plain}"`
}
