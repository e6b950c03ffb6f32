// A charm as a graph, and a unit on a page.

import fs from 'node:fs'
import path from 'node:path'
import { ReactiveError, UsageError } from '../../errors.ts'
import type { Graph, Marks } from '../../insight/graph.ts'
import type { Session } from '../../unit/session.ts'
import { AsText } from '../output.ts'
import { type Command, type Options, one } from './command.ts'

/** How each format of a graph is made. */
const FORMATS: Record<string, (graph: Graph, marks: Marks) => Promise<string>> = {
  mermaid: async (graph, marks) => (await import('../../insight/graph/mermaid.ts')).toMermaid(graph, marks),
  dot: async (graph, marks) => (await import('../../insight/graph/dot.ts')).toDot(graph, marks),
  svg: async (graph, marks) => (await import('../../insight/graph/svg.ts')).toSvg(graph, marks),
  json: async (graph, marks) =>
    `${JSON.stringify((await import('../../insight/unit-view.ts')).markedGraph(graph, marks), null, 2)}\n`,
  text: async (graph, marks) => (await import('../../insight/graph/text.ts')).toText(graph, marks),
}

export const PICTURE_COMMANDS: Record<string, Command> = {
  graph: {
    example: 'graph --around app.ready --depth 2',
    summary: 'Print which handlers wait for, set and clear which flags, as a graph.',
    words: '[CHARM]',
    kind: 'value',
    namesCharm: true,
    options: {
      format: {
        summary: 'mermaid, the default, dot, svg, json or text',
        value: Object.keys(FORMATS).join('|'),
      },
      around: { summary: 'only what is near a flag or a handler', value: 'FLAG' },
      depth: { summary: 'how many arrows away from it, 2 by default', value: 'N' },
      layer: { summary: 'only the handlers of a layer, and their flags', value: 'LAYER' },
      unit: { summary: 'mark the flags that are set in a unit', value: 'APP/N' },
      trace: { summary: 'with --unit: mark the handlers that ran in its last hook' },
      output: { summary: 'write it to a file', value: 'FILE', short: 'o' },
    },
    async runOnFiles({ cwd, inUnit }, [charm], options) {
      const draw = FORMATS[one(options, 'format') ?? 'mermaid']
      if (draw === undefined) throw new UsageError(`unknown format: ${one(options, 'format')}`)
      const depth = depthOf(options)
      const { focusOn, graphOf } = await import('../../insight/graph.ts')
      const { model, marks } = await graphSubject(options, { charm: path.resolve(cwd, charm ?? '.'), inUnit })
      const graph = focusOn(graphOf(model), {
        around: one(options, 'around'),
        depth,
        layer: one(options, 'layer'),
      })
      const text = await draw(graph, marks)
      const file = one(options, 'output')
      return { value: file === undefined ? new AsText(graph, text) : written(path.resolve(cwd, file), text) }
    },
  },
  report: {
    example: 'report -o page.html',
    summary: 'Write a page with the last hooks of the unit, its handlers, flags and graph.',
    words: '',
    kind: 'value',
    writes: false,
    options: {
      output: {
        summary: 'the file, or - for standard output; APP-N.html by default',
        value: 'FILE',
        short: 'o',
      },
      link: { summary: 'the address that handlers link to, with {file}, {path} and {line}', value: 'URL' },
    },
    async run(session, _, options) {
      if (session.inDispatch) throw new UsageError('a hook cannot report on itself before it ends')
      const { reportPage } = await import('../../insight/report.ts')
      const subject = await viewOf(session)
      const page = await reportPage({ ...subject, link: linkOf(options) })
      const file = one(options, 'output') ?? `${subject.unit.replaceAll('/', '-')}.html`
      return { value: file === '-' ? new AsText(page, page) : written(path.resolve(file), page) }
    },
  },
}

async function viewOf(session: Session) {
  return (await import('../../insight/unit-view.ts')).viewOfUnit(session)
}

async function graphSubject(options: Options, { charm, inUnit }: { charm: string; inUnit: InUnit }) {
  const unit = one(options, 'unit')
  if (unit === undefined && options.trace) throw new UsageError('--trace goes with --unit')
  if (unit === undefined) {
    const { readCharmModel } = await import('../../insight/charm-model.ts')
    return { model: await readCharmModel(charm), marks: {} }
  }
  const { marksOf } = await import('../../insight/unit-view.ts')
  const subject = await inUnit({ unit }, viewOf)
  const { set, ran } = marksOf(subject)
  return { model: subject.model, marks: options.trace ? { set, ran } : { set } }
}

type InUnit = <T>(target: { unit: string }, work: (session: Session) => Promise<T>) => Promise<T>

function depthOf(options: Options): number {
  const depth = one(options, 'depth') ?? '2'
  if (!/^\d{1,3}$/.test(depth)) throw new UsageError(`--depth takes a number: ${depth}`)
  return Number(depth)
}

/** Only the web and files: what else a link could do is not for a page of diagnostics. */
function linkOf(options: Options): string | undefined {
  const link = one(options, 'link')
  if (link !== undefined && !/^(https?|file|vscode|idea|jetbrains):/.test(link))
    throw new UsageError(`--link takes an address with https:, http:, file:, vscode: or idea: ${link}`)
  return link
}

function written(file: string, text: string): AsText {
  try {
    fs.writeFileSync(file, text)
  } catch (error) {
    throw new ReactiveError(`the file cannot be written: ${file}`, { cause: error })
  }
  return new AsText(file, `wrote ${file}, ${Math.ceil(Buffer.byteLength(text) / 1000)} KB\n`)
}
