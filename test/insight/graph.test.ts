import { describe, expect, it } from 'vitest'
import { toDot } from '../../src/insight/graph/dot.ts'
import { toMermaid } from '../../src/insight/graph/mermaid.ts'
import { drawing, toSvg } from '../../src/insight/graph/svg.ts'
import { toText } from '../../src/insight/graph/text.ts'
import { focusOn, graphOf } from '../../src/insight/graph.ts'
import { madeModel } from './made-model.ts'

const TRIGGER = {
  when: 'app.ready',
  setFlags: ['app.told'],
  clearFlags: ['db.ready'],
  file: '',
  line: 0,
  column: 0,
  function: undefined,
}

const MODEL = madeModel(
  [
    { id: 'reactive/app.sh:configure', on: ['when db.ready', 'when_not app.ready'], does: ['set app.ready'] },
    {
      id: 'reactive/app.sh:stop',
      on: ['hook stop', 'when_any x y'],
      does: ['clear app.*'],
      layer: 'layer:base',
    },
    {
      id: 'reactive/db.sh:connect',
      on: ['when endpoint.db.changed'],
      does: ['set db.ready'],
      endpoint: 'db',
    },
  ],
  {
    triggers: [TRIGGER],
    automatic: [
      { flag: 'endpoint.db.changed', when: 'data has changed', untilEndOfHook: false, stays: true },
    ],
  },
)
const graph = graphOf(MODEL)

describe('the graph of a charm', () => {
  it('has an edge for each condition, change and trigger, and guesses what patterns mean', () => {
    const edges = graph.edges.map(({ from, to, kind, trigger, alternative, maybe }) =>
      [from, kind, to, trigger, alternative && 'any', maybe && 'maybe'].filter(Boolean).join(' '),
    )
    expect(edges).toEqual([
      'flag:db.ready waits reactive/app.sh:configure',
      'flag:app.ready waits-not reactive/app.sh:configure',
      'flag:x waits reactive/app.sh:stop any',
      'flag:y waits reactive/app.sh:stop any',
      'flag:endpoint.db.changed waits reactive/db.sh:connect',
      'reactive/app.sh:configure sets flag:app.ready',
      'reactive/app.sh:stop clears flag:app.*',
      'reactive/db.sh:connect sets flag:db.ready',
      'flag:app.ready sets flag:app.told set',
      'flag:app.ready clears flag:db.ready set',
      'reactive/app.sh:stop clears flag:app.ready maybe',
      'reactive/app.sh:stop clears flag:app.told maybe',
    ])
    expect(graph.nodes.find(({ id }) => id === 'flag:endpoint.db.changed')).toMatchObject({
      automatic: 'data has changed',
    })
    expect(graph.nodes.find(({ label }) => label === 'connect:db')).toMatchObject({
      file: 'reactive/db.sh',
      line: 3,
    })
  })

  it('is cut down to what is near a flag or handler, or of a layer', () => {
    const labels = (focus: object) => focusOn(graph, focus).nodes.map(({ label }) => label)
    expect(labels({ around: 'configure', depth: 1 })).toEqual(['configure', 'db.ready', 'app.ready'])
    expect(labels({ around: 'endpoint.db.changed', depth: 2 })).toEqual([
      'connect:db',
      'db.ready',
      'endpoint.db.changed',
    ])
    expect(labels({ layer: 'base' })).toContain('stop')
    expect(labels({ layer: 'base' })).not.toContain('configure')
    expect(() => focusOn(graph, { around: 'configur' })).toThrow(
      'no such handler or flag: configur: did you mean configure?',
    )
    expect(() => focusOn(graph, { layer: 'bose' })).toThrow('no handler belongs to such a layer: bose')
  })
})

describe('a graph is printed', () => {
  const marks = { set: new Set(['db.ready']), ran: new Set(['reactive/app.sh:configure']) }

  it('as text', () => {
    expect(toText(graph, marks)).toMatchInlineSnapshot(`
      "app
        configure*  reactive/app.sh:3
          waits for db.ready*
          waits for the absence of app.ready
          sets app.ready
        connect:db  reactive/db.sh:3
          waits for endpoint.db.changed
          sets db.ready*
      layer:base
        stop  reactive/app.sh:3
          @hook stop
          waits for any of x, y
          clears app.*
      triggers
        when app.ready is set: sets app.told
        when app.ready is set: clears db.ready*
      "
    `)
  })

  it('as a flowchart of Mermaid', () => {
    expect(toMermaid(focusOn(graph, { around: 'configure', depth: 1 }), marks)).toMatchInlineSnapshot(`
      "flowchart LR
        subgraph l0["app"]
          n0["configure"]
        end
        n1(["db.ready"])
        n2(["app.ready"])
        n1 --> n0
        n2 -.-> n0
        n0 ==>|sets| n2
        n2 -->|when set, clears| n1
        classDef marked fill:#cde9d3,stroke:#1a7f37
        class n0,n1 marked
      "
    `)
  })

  it('as dot and as a picture, which any name leaves whole', async () => {
    const evil = `"];<img src=x onerror=alert(1)>\\N&amp;'-->`
    const odd = graphOf(
      madeModel([{ id: `reactive/a.sh:${evil}`, on: [`when ${evil.replaceAll(' ', '')}`] }]),
    )
    expect(toDot(odd, {})).toContain(`label="\\"];<img src=x onerror=alert(1)>\\\\N&amp;amp;'-->"`)
    const svg = await toSvg(odd, {})
    expect(svg).toContain('&lt;img src=x onerror=alert(1)&gt;\\N&amp;amp;')
    expect(svg).not.toContain('<img')
    expect(svg.match(/class="node/g)).toHaveLength(2)
    expect(toMermaid(odd, {})).not.toMatch(/[<>&\\]img|";/)
  })

  it('with ids that a page can find again', async () => {
    const svg = await drawing(graph, {})
    for (const index of graph.nodes.keys()) expect(svg).toContain(`id="n${index}"`)
    for (const index of graph.edges.keys()) expect(svg).toContain(`id="e${index}"`)
  })
})
