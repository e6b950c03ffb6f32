// A graph as a picture. Graphviz lays it out, compiled to WebAssembly (@hpcc-js/wasm-graphviz): with a box for each layer
// it takes seconds for hundreds of handlers, where the layout libraries in JavaScript take a minute or give up. What it
// found is drawn here, in few bytes, and coloured by a style sheet, so that a page can have one of its own.

import { type Graph, type GraphEdge, type GraphNode, isMarked, type Marks } from '../graph.ts'
import { toDot } from './dot.ts'

/** What of Graphviz's own answer is used; lengths in points, except the sizes of nodes, in inches. */
interface Layout {
  bb: string
  objects?: {
    name: string
    id?: string
    pos?: string
    width?: string
    height?: string
    bb?: string
    label?: string
  }[]
  edges?: { id: string; pos?: string; lp?: string }[]
}

/** Graphviz's JSON with places and without drawing operations, which the declarations of the package forget. */
const JSON_FORMAT = 'json0' as 'json'

const POINTS_PER_INCH = 72

const STYLE = `text{font:9.5px ui-monospace,"Ubuntu Mono","DejaVu Sans Mono",monospace;fill:#1f2328;text-anchor:middle}
.layer rect{fill:#fafaf8;stroke:#dcdcd6}.layer text{font:10px system-ui,sans-serif;fill:#5c646f}
.node rect{fill:#fff;stroke:#8a94a1}.automatic rect{stroke-dasharray:3 2}.node .event{fill:#5c646f}
.marked rect{fill:#dcefe0;stroke:#176b31}
.edge{fill:none;stroke:#7d8fa5}.waits-not{stroke-dasharray:4 3}.maybe{stroke-dasharray:1 3}
.sets{stroke:#176b31}.clears{stroke:#b0301c}.arrow{fill:#7d8fa5}.arrow-sets{fill:#176b31}.arrow-clears{fill:#b0301c}
.said{font-size:8px;fill:#5c646f}
@media(prefers-color-scheme:dark){svg{background:#16181b}text{fill:#dfe3e8}.layer rect{fill:#1d2024;stroke:#2e3339}
.node rect{fill:#202429;stroke:#5f6b7a}.marked rect{fill:#1d3a27;stroke:#6cc986}.sets{stroke:#6cc986}.clears{stroke:#ff8f7d}
.arrow-sets{fill:#6cc986}.arrow-clears{fill:#ff8f7d}.layer text,.node .event,.said{fill:#9aa4b0}}`

/** The picture as a file of its own. */
export async function toSvg(graph: Graph, marks: Marks): Promise<string> {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${await drawing(graph, marks, `<style>${STYLE}</style>`)}\n`
}

/** The picture for a page that has a style sheet for it. Nodes have the ids `n0`, `n1`, …, edges `e0`, `e1`, …. */
export async function drawing(graph: Graph, marks: Marks, style = ''): Promise<string> {
  const { bb, objects = [], edges = [] } = await layOut(graph, marks)
  const [, , width = 0, height = 0] = numbers(bb)
  const boxes = objects.flatMap((object) => (object.bb === undefined ? [] : [drawLayer(object, height)]))
  const nodes = objects.flatMap((object) => {
    const node = graph.nodes[Number(object.name.slice(1))]
    return object.pos === undefined || node === undefined ? [] : [drawNode(node, object, { height, marks })]
  })
  const lines = edges.map((edge) => drawEdge(edge, graph.edges[Number(edge.id.slice(1))], height))
  const title = `<title>${escapeText(`Handlers and flags of ${graph.charm}`)}</title>`
  const size = `viewBox="-4 -4 ${width + 8} ${height + 8}" width="${width + 8}" height="${height + 8}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${title}${style}${MARKERS}${[...boxes, ...lines, ...nodes].join('\n')}</svg>`
}

async function layOut(graph: Graph, marks: Marks): Promise<Layout> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz')
  const graphviz = await Graphviz.load()
  return JSON.parse(graphviz.dot(toDot(graph, marks), JSON_FORMAT)) as Layout
}

const marker = (name: string, shape: string) =>
  `<marker id="arrow-${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">${shape}</marker>`

const MARKERS = `<defs>${[
  marker('waits', '<path class="arrow" d="M0 1L8 4L0 7z"/>'),
  marker('waits-not', '<path class="edge" d="M1 1.5L7 4L1 6.5z"/>'),
  marker('sets', '<path class="arrow-sets" d="M0 1L8 4L0 7z"/>'),
  marker('clears', '<path class="arrow-clears" d="M6 0H8V8H6z"/>'),
].join('')}</defs>`

function drawLayer({ bb = '', label = '' }: { bb?: string; label?: string }, height: number): string {
  const [x = 0, low = 0, right = 0, high = 0] = numbers(bb)
  const box = `<rect x="${x}" y="${height - high}" width="${right - x}" height="${high - low}" rx="5"/>`
  const text = `<text x="${Math.round((x + right) / 2)}" y="${height - high + 13}">${escapeText(label)}</text>`
  return `<g class="layer">${box}${text}</g>`
}

function drawNode(
  node: GraphNode,
  {
    name,
    pos = '',
    width = '0',
    height: tall = '0',
  }: { name: string; pos?: string; width?: string; height?: string },
  { height, marks }: { height: number; marks: Marks },
): string {
  const [x = 0, up = 0] = numbers(pos)
  const [wide, high] = [width, tall].map((inches) => Math.round(Number(inches) * POINTS_PER_INCH)) as [
    number,
    number,
  ]
  const y = height - up
  const isFlag = node.kind === 'flag'
  const radius = isFlag ? Math.round(high / 2) : 2
  const box = `<rect x="${x - Math.round(wide / 2)}" y="${y - Math.round(high / 2)}" width="${wide}" height="${high}" rx="${radius}"/>`
  const lines = [node.label, ...(isFlag ? [] : node.events)]
  const texts = lines.map((line, index) => {
    const at = Math.round(y + 3 + (index - (lines.length - 1) / 2) * 12)
    return `<text${index === 0 ? '' : ' class="event"'} x="${x}" y="${at}">${escapeText(line)}</text>`
  })
  const classes = [
    'node',
    node.kind,
    isFlag && node.automatic ? 'automatic' : '',
    isMarked(node, marks) ? 'marked' : '',
  ]
  return `<g id="${name}" class="${classes.filter(Boolean).join(' ')}">${box}${texts.join(' ')}</g>`
}

/** A spline: the end of the arrow, then the first point and three for each curve. */
function drawEdge(
  { id, pos = '', lp }: { id: string; pos?: string; lp?: string },
  edge: GraphEdge | undefined,
  height: number,
): string {
  if (edge === undefined || pos === '') return ''
  const place = (text: string) => {
    const [x = 0, y = 0] = numbers(text)
    return `${x} ${height - y}`
  }
  const words = pos.split(/\s+/)
  const end = words.find((word) => word.startsWith('e,'))
  const [first = '', ...rest] = words.filter((word) => !/^[es],/.test(word)).map(place)
  const path = `M${first}C${rest.join(' ')}${end === undefined ? '' : `L${place(end.slice(2))}`}`
  const classes = [
    'edge',
    edge.kind,
    ...(edge.trigger ? ['trigger'] : []),
    ...(edge.maybe ? ['maybe'] : []),
  ].join(' ')
  const label = edge.trigger === undefined ? (edge.alternative ? 'any' : '') : `when ${edge.trigger}`
  const [x = 0, y = 0] = numbers(lp ?? '')
  const said =
    lp === undefined || label === ''
      ? ''
      : `<text class="said" x="${x}" y="${height - y + 3}">${label}</text>`
  return `<path id="${id}" class="${classes}" d="${path}" marker-end="url(#arrow-${edge.kind})"/>${said}`
}

/** Whole numbers suffice at this size. */
const numbers = (text: string) => text.split(',').map((number) => Math.round(Number(number)))

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A name as text of XML, which has no control characters. */
function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? '').replace(/[\u0000-\u001f\u007f]/g, '\ufffd')
}
