// Handlers and flags as a graph: which flags a handler waits for, which it sets and clears, and which triggers tie flags
// to each other. Made from the model of a charm; the formats are in `graph/`. It is no state diagram, since many flags
// hold at once.

import { UsageError } from '../errors.ts'
import type { Condition } from '../handlers/conditions.ts'
import { suggestion } from '../system/nearest.ts'
import type { CharmModel, ModelHandler } from './charm-model.ts'
import { matchesPattern } from './sources/source.ts'

export interface HandlerNode {
  kind: 'handler'
  id: string
  /** The name of its function; in an interface layer with its endpoint. */
  label: string
  file: string
  line?: number
  layer: string
  /** What it waits for besides flags: hooks, actions, files. */
  events: string[]
}

export interface FlagNode {
  kind: 'flag'
  /** `flag:NAME`; with `*` for each part that only running the code could tell. */
  id: string
  label: string
  /** When the engine sets it by itself. */
  automatic?: string
}

export type GraphNode = HandlerNode | FlagNode

export type EdgeKind = 'waits' | 'waits-not' | 'sets' | 'clears'

export interface GraphEdge {
  from: string
  to: string
  /** `waits` leads from a flag to a handler, a change from a handler to a flag, or by a trigger from flag to flag. */
  kind: EdgeKind
  /** Whether a trigger makes the change: when the flag is set, or when it is cleared. */
  trigger?: 'set' | 'cleared'
  /** Of several flags one is enough (`@when_any`, `@when_not_all`). */
  alternative?: boolean
  /** The name in the code is a pattern that fits the flag. */
  maybe?: boolean
}

export interface Graph {
  charm: string
  nodes: GraphNode[]
  edges: GraphEdge[]
}

/** How each condition on flags waits. */
const WAITS: Readonly<Record<string, { kind: EdgeKind; alternative?: boolean }>> = {
  when: { kind: 'waits' },
  when_all: { kind: 'waits' },
  when_any: { kind: 'waits', alternative: true },
  when_not: { kind: 'waits-not' },
  when_none: { kind: 'waits-not' },
  when_not_all: { kind: 'waits-not', alternative: true },
}

export const flagId = (flag: string) => `flag:${flag}`

/** The graph of a whole charm. */
export function graphOf(model: CharmModel): Graph {
  const edges = new Map<string, GraphEdge>()
  const add = (edge: GraphEdge) =>
    edges.set(`${edge.from}\n${edge.to}\n${edge.kind}\n${edge.trigger ?? ''}`, edge)
  for (const handler of model.handlers) waitsOf(handler).forEach(add)
  for (const edge of [...model.handlers.flatMap(changesOf), ...model.triggers.flatMap(triggerEdges)])
    add(edge)
  const all = [...edges.values()]
  const flags = new Set(all.flatMap(({ from, to }) => [from, to]).filter((id) => id.startsWith('flag:')))
  return {
    charm: model.name,
    nodes: [
      ...model.handlers.map((handler) => handlerNode(handler, model)),
      ...[...flags].map((id) => flagNode(id, model)),
    ],
    edges: [...all, ...guesses(all, flags)],
  }
}

function handlerNode(
  { id, file, line, layer, conditions, endpoint, function: name }: ModelHandler,
  { name: charm }: CharmModel,
): HandlerNode {
  return {
    kind: 'handler',
    id,
    label: endpoint === undefined ? name : `${name}:${endpoint}`,
    file,
    ...(line !== undefined && { line }),
    layer: layer ?? charm,
    events: conditions.filter(({ name: kind }) => !Object.hasOwn(WAITS, kind)).map(describe),
  }
}

const describe = ({ name, args }: Condition) => [`@${name}`, ...args].join(' ')

function flagNode(id: string, { automatic }: CharmModel): FlagNode {
  const label = id.slice('flag:'.length)
  const own = automatic.find(({ flag }) => matchesPattern(flag, label))
  return { kind: 'flag', id, label, ...(own && { automatic: own.when }) }
}

function waitsOf({ id, conditions }: ModelHandler): GraphEdge[] {
  return conditions.flatMap(({ name, args }) => {
    const wait = Object.hasOwn(WAITS, name) ? WAITS[name] : undefined
    return wait === undefined ? [] : args.map((flag) => ({ from: flagId(flag), to: id, ...wait }))
  })
}

function changesOf({ id, changes }: ModelHandler): GraphEdge[] {
  return changes.map(({ kind, flag }) => ({
    from: id,
    to: flagId(flag),
    kind: kind === 'set' ? 'sets' : 'clears',
  }))
}

function triggerEdges({ when, whenNot, setFlags, clearFlags }: CharmModel['triggers'][number]): GraphEdge[] {
  const from = flagId(when ?? whenNot ?? '')
  const trigger = when === undefined ? 'cleared' : 'set'
  return [
    ...setFlags.map((flag): GraphEdge => ({ from, to: flagId(flag), kind: 'sets', trigger })),
    ...clearFlags.map((flag): GraphEdge => ({ from, to: flagId(flag), kind: 'clears', trigger })),
  ]
}

/** Changes of a pattern lead to each flag that it fits as well, unless it fits everything. */
function guesses(edges: readonly GraphEdge[], flags: ReadonlySet<string>): GraphEdge[] {
  const literal = [...flags].filter((id) => !id.includes('*'))
  return edges
    .filter(
      ({ to, kind }) =>
        (kind === 'sets' || kind === 'clears') && to.includes('*') && /[^*.]/.test(to.slice(5)),
    )
    .flatMap((edge) =>
      literal.filter((id) => matchesPattern(edge.to, id)).map((to) => ({ ...edge, to, maybe: true })),
    )
}

export interface Focus {
  /** A flag, or a handler by its id or the name of its function. */
  around?: string | undefined
  /** How many edges away from it. */
  depth?: number
  layer?: string | undefined
}

/** The part of a graph that is asked for. */
export function focusOn(graph: Graph, { around, depth = 2, layer }: Focus): Graph {
  const ofLayer = layer === undefined ? graph : within(graph, handlersOf(graph, layer), 1)
  return around === undefined ? ofLayer : within(ofLayer, findNodes(ofLayer, around), depth)
}

function handlersOf({ nodes }: Graph, layer: string): string[] {
  const layers = nodes.flatMap((node) => (node.kind === 'handler' ? [node.layer] : []))
  const isMeant = (name: string) => name === layer || name === `layer:${layer}`
  if (!layers.some(isMeant))
    throw new UsageError(`no handler belongs to such a layer: ${layer}${suggestion(layer, layers)}`)
  return nodes.flatMap((node) => (node.kind === 'handler' && isMeant(node.layer) ? [node.id] : []))
}

function findNodes({ nodes }: Graph, name: string): string[] {
  const isMeant = ({ id, label }: GraphNode) => id === name || label === name || id.endsWith(`:${name}`)
  const found = nodes.filter(isMeant).map(({ id }) => id)
  const names = nodes.map(({ label }) => label)
  if (found.length === 0) throw new UsageError(`no such handler or flag: ${name}${suggestion(name, names)}`)
  return found
}

/** What is at most so many edges away from one of the nodes, in whatever direction. */
function within({ charm, nodes, edges }: Graph, centre: readonly string[], depth: number): Graph {
  const near = new Set(centre)
  for (let step = 0; step < depth; step++) {
    const next = edges.flatMap(({ from, to }) => (near.has(from) ? [to] : near.has(to) ? [from] : []))
    for (const id of next) near.add(id)
  }
  return {
    charm,
    nodes: nodes.filter(({ id }) => near.has(id)),
    edges: edges.filter(({ from, to }) => near.has(from) && near.has(to)),
  }
}

/** What a unit adds to the graph of its charm. */
export interface Marks {
  /** Flags that are set. */
  set?: ReadonlySet<string>
  /** Handlers that ran in the last hook. */
  ran?: ReadonlySet<string>
}

/** Whether the flag is set, or the handler ran. */
export function isMarked(node: GraphNode, { set, ran }: Marks): boolean {
  return node.kind === 'flag' ? set?.has(node.label) === true : ran?.has(node.id) === true
}

/** The layers that handlers are of, each with its handlers, in the order of the graph. */
export function byLayer(nodes: readonly GraphNode[]): Map<string, HandlerNode[]> {
  const layers = new Map<string, HandlerNode[]>()
  for (const node of nodes) {
    if (node.kind === 'handler') layers.set(node.layer, [...(layers.get(node.layer) ?? []), node])
  }
  return layers
}
