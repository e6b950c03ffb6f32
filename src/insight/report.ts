// `charms.reactive report`: a unit on one page that needs nothing else. The page is dist/report.html, which the build
// makes of `report/page/`; here its data is put in. The data is text to the browser until the page's own script reads
// it, so that nothing of the charm or of other units is ever markup. The picture alone is markup, made by Graphviz.

import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DispatchRecord } from '../dispatch/trace.ts'
import { ReactiveError } from '../errors.ts'
import type { OutsideRecord } from '../unit/outside-changes.ts'
import { TOOLKIT_DIR, VERSION } from '../version.ts'
import type { CharmModel, ModelHandler } from './charm-model.ts'
import { drawing } from './graph/svg.ts'
import { flagId, focusOn, type Graph, type GraphNode, graphOf } from './graph.ts'
import type { ReportData, ReportFlag, ReportHandler } from './report/data.ts'
import { encodeChanges, encodeDispatch, shortened, Texts } from './report/encode.ts'

/** What a page takes at most, of the megabyte that a mail or a bug tracker lets through. */
const MOST_BYTES = 950_000

/** A picture of more than so many nodes shows only what happened. */
const MOST_NODES = 1500

/** `port.2` stands before `port.10`. */
const byNumbers = new Intl.Collator('en', { numeric: true })

export interface Subject {
  unit: string
  model: CharmModel
  dispatches: readonly DispatchRecord[]
  outside: readonly OutsideRecord[]
  /** The flags that are set. */
  flags: readonly string[]
  /** Whether the condition holds now; undefined where only a hook could tell. */
  holds?: (handler: ModelHandler, condition: ModelHandler['conditions'][number]) => boolean | undefined
  /** Where a handler's place leads, with `{file}`, `{path}` and `{line}`; to the file itself by default. */
  link?: string | undefined
  made?: Date
}

/** The page. */
export async function reportPage(subject: Subject): Promise<string> {
  const graph = drawable(graphOf(subject.model), subject)
  const svg = graph.nodes.length === 0 ? '' : await drawing(graph, {})
  const template = readTemplate()
  const room = MOST_BYTES - Buffer.byteLength(template) - Buffer.byteLength(svg)
  const data = fitting(dataOf(subject, graph), room)
  return fill(template, svg, data)
}

/** Data and picture in their places. */
function fill(template: string, svg: string, data: string): string {
  const parts: Record<string, string> = { graph: svg, data }
  return template.replace(/<!--(graph|data)-->/g, (_, name: string) => parts[name] ?? '')
}

function readTemplate(): string {
  const file = path.join(TOOLKIT_DIR, 'dist/report.html')
  if (!fs.existsSync(file)) throw new ReactiveError(`the toolkit is not built: ${file}`)
  return fs.readFileSync(file, 'utf8')
}

/** The data as a script's text, which ends at no tag; the tests of the oldest dispatches go first where it is too long. */
function fitting(data: ReportData, room: number): string {
  for (let index = 0; ; index++) {
    const text = JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028')
    const oldest = data.dispatches[index]
    if (Buffer.byteLength(text) <= room || oldest === undefined) return text
    data.dispatches[index] = shortened(oldest)
  }
}

/** A graph that can be drawn and looked at: of a huge one what ran, and what it waits for and changes. */
function drawable(graph: Graph, { dispatches }: Subject): Graph {
  if (graph.nodes.length <= MOST_NODES) return graph
  const ran = dispatches.flatMap(({ iterations }) =>
    iterations.flatMap(({ ran }) => ran.map(({ handler }) => handler)),
  )
  const [first] = ran
  return first === undefined
    ? { ...graph, nodes: [], edges: [] }
    : focusOn(graph, { around: first, depth: 2 })
}

function dataOf(subject: Subject, graph: Graph): ReportData {
  const texts = new Texts()
  const places = new Map(graph.nodes.map(({ id }, index) => [id, index]))
  const { unit, model, dispatches, outside, made = new Date() } = subject
  return {
    texts: texts.all,
    unit,
    charm: model.name,
    version: VERSION,
    made: made.toISOString(),
    handlers: model.handlers.map((handler) => encodeHandler(texts, handler, subject)),
    flags: encodeFlags(texts, subject),
    dispatches: dispatches.map((record) => encodeDispatch(texts, record)),
    outside: outside.map(({ at, command, changes }) => ({
      at,
      command: texts.of(command),
      changes: encodeChanges(texts, changes),
    })),
    nodes: graph.nodes.map((node) => ({ kind: node.kind, name: texts.of(nameOf(node)) })),
    edges: graph.edges.map(({ from, to }) => [places.get(from) ?? 0, places.get(to) ?? 0]),
    notices: noticesOf(subject, graph),
  }
}

const nameOf = (node: GraphNode) => (node.kind === 'flag' ? node.label : node.id)

function noticesOf({ model }: Subject, graph: Graph): string[] {
  const faults = model.registration.faults.map(({ file, message }) => `${file} does not register: ${message}`)
  const isWhole = graph.nodes.length > 0 || model.handlers.length === 0
  return [
    ...faults,
    ...(isWhole ? [] : ['The graph is too large to be drawn: charms.reactive graph --around shows parts.']),
  ]
}

function encodeHandler(texts: Texts, handler: ModelHandler, subject: Subject): ReportHandler {
  const { id, file, line, layer, conditions, changes, endpoint } = handler
  const flagsOf = (kind: 'set' | 'clear') =>
    [...new Set(changes.filter((change) => change.kind === kind).map(({ flag }) => flag))].map((flag) =>
      texts.of(flag),
    )
  return {
    id: texts.of(id),
    label: texts.of(endpoint === undefined ? handler.function : `${handler.function}:${endpoint}`),
    layer: texts.of(layer ?? subject.model.name),
    place: texts.of(line === undefined ? file : `${file}:${line}`),
    link: linkTo(handler, subject),
    conditions: conditions.map((condition) => {
      const holds = subject.holds?.(handler, condition)
      const text = texts.of([`@${condition.name}`, ...condition.args].join(' '))
      return holds === undefined ? { text } : { text, holds }
    }),
    sets: flagsOf('set'),
    clears: flagsOf('clear'),
  }
}

function linkTo({ file, line }: ModelHandler, { model, link }: Subject): string {
  const full = path.resolve(model.charmDir, file)
  if (link === undefined) return `${pathToFileURL(full).href}${line === undefined ? '' : `#L${line}`}`
  const parts: Record<string, string> = {
    file: encodeURI(file),
    path: encodeURI(full),
    line: String(line ?? 1),
  }
  return link.replace(/\{(file|path|line)\}/g, (_, name: string) => parts[name] ?? '')
}

/** Flags that are set, that the code names, and that the records tell of. */
function encodeFlags(texts: Texts, { model, flags, dispatches, outside }: Subject): ReportFlag[] {
  const graph = graphOf(model)
  const changes = [
    ...dispatches.flatMap(({ changes, iterations, changesAtEnd }) => [
      ...changes,
      ...iterations.flatMap(({ ran }) => ran.flatMap((run) => run.changes)),
      ...changesAtEnd,
    ]),
    ...outside.flatMap((record) => record.changes),
  ]
  const known = graph.nodes.flatMap((node) => (node.kind === 'flag' ? [node] : []))
  const automatic = new Map(known.map((node) => [node.label, node.automatic]))
  const set = new Set(flags)
  const waiting = new Map<string, { waits: number[]; waitsNot: number[] }>()
  for (const { from, to, kind } of graph.edges) {
    if (kind !== 'waits' && kind !== 'waits-not') continue
    const of = waiting.get(from) ?? { waits: [], waitsNot: [] }
    of[kind === 'waits' ? 'waits' : 'waitsNot'].push(texts.of(to))
    waiting.set(from, of)
  }
  const names = new Set([...flags, ...known.map(({ label }) => label), ...changes.map(({ flag }) => flag)])
  return [...names].sort(byNumbers.compare).map((name) => {
    const when = automatic.get(name)
    return {
      name: texts.of(name),
      set: set.has(name),
      ...(when !== undefined && { automatic: texts.of(when) }),
      ...(waiting.get(flagId(name)) ?? { waits: [], waitsNot: [] }),
    }
  })
}
