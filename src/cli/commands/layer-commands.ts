// The layers of a charm: where its parts come from, and the cache of layers from git.

import { UsageError } from '../../errors.ts'
import { AsText } from '../output.ts'
import { type Command, type Options, type Outcome, one, type Place } from './command.ts'

type Verb = (
  place: Place,
  dir: string,
  words: readonly string[],
  options: Options,
) => Outcome | Promise<Outcome>

const VERBS: Readonly<Record<string, Verb>> = {
  why: async (place, dir, words) => {
    if (words.length === 0) throw new UsageError('why takes FILE, config.KEY, or option LAYER.NAME')
    const { why, whyText } = await import('../../building/layers/why.ts')
    const parts = why(await composed(place, dir), words)
    return { value: new AsText(parts, whyText(parts)) }
  },
  fetch: (place, dir, words, options) => {
    if (words.length > 0) throw new UsageError(`too many words: ${words[0]}`)
    return fetch(place, dir, undefined, options)
  },
  update: (place, dir, words, options) => fetch(place, dir, words, options),
  outdated: async ({ cwd, env }, dir, words) => {
    if (words.length > 0) throw new UsageError(`too many words: ${words[0]}`)
    const { outdatedLayers } = await import('../../building/layers/fetch.ts')
    const layers = outdatedLayers(dir, { cwd, env })
    const lines = layers.map(({ item, commit, newest }) => `${item}  ${short(commit)} -> ${short(newest)}\n`)
    return { value: new AsText(layers, lines.join('')) }
  },
}

export const LAYER_COMMANDS: Record<string, Command> = {
  layers: {
    example: 'layers why config.port',
    summary: 'Print which layer a file or setting comes from; fetch and update layers.',
    words: '[why|fetch|update|outdated] [WORD...]',
    kind: 'value',
    namesCharm: true,
    options: {
      layer: { summary: 'the top layer; the working directory by default', value: 'DIR' },
      'layer-index': { summary: 'another index of layers', value: 'FILE|URL' },
    },
    async runOnFiles(place, [verb, ...words], options) {
      const { layerDir } = await import('../../building/build.ts')
      const dir = layerDir(one(options, 'layer') ?? '.', place.cwd)
      if (verb === undefined) {
        const { originsOf, originsText } = await import('../../building/layers/why.ts')
        const origins = originsOf(await composed(place, dir))
        return { value: new AsText(origins, originsText(origins)) }
      }
      const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
      if (run === undefined) throw new UsageError(`the verbs are ${Object.keys(VERBS).join(', ')}: ${verb}`)
      return run(place, dir, words, options)
    },
  },
}

async function composed({ cwd, env }: Place, dir: string) {
  const { readCharm } = await import('../../building/build.ts')
  return readCharm(dir, { cwd, env }, {}, () => {}).composition
}

async function fetch(
  { cwd, env }: Place,
  dir: string,
  update: readonly string[] | undefined,
  options: Options,
) {
  const { fetchLayers } = await import('../../building/layers/fetch.ts')
  const { DEFAULT_INDEX } = await import('../../building/layers/layer-index.ts')
  const index = one(options, 'layer-index') ?? DEFAULT_INDEX
  const fetched = await fetchLayers(dir, { cwd, env }, { index, ...(update !== undefined && { update }) })
  const lines = fetched.map(({ item, commit, before }) => {
    const from = before === null || before === commit ? '' : `${short(before)} -> `
    return `${item}  ${from}${short(commit)}\n`
  })
  return { value: new AsText(fetched, lines.join('')) }
}

const short = (commit: string) => commit.slice(0, 12)
