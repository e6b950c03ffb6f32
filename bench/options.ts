// The suite's command line.

import parse from 'yargs-parser'

export const USAGE = `npm run bench -- [OPTION...]
  --peers        compare with the Python original and with ops, both from PyPI
  --json FILE    write every sample
  --chart FILE   write a chart (SVG)
  --short        few rounds, without the rows that take long
  --only TEXT    rows whose name has the text in it
  --check        fail where a ratio is above its margin
  --help
`

const STRINGS = ['json', 'chart', 'only']
const BOOLEANS = ['peers', 'short', 'check', 'help']

export interface Options {
  json?: string
  chart?: string
  only: string
  peers: boolean
  short: boolean
  check: boolean
  help: boolean
}

/** Read the words of the command line; what is wrong is an error. */
export function readOptions(words: string[]): Options {
  const configuration = { 'camel-case-expansion': false, 'duplicate-arguments-array': false }
  const { _: rest, ...given } = parse(words, { string: STRINGS, boolean: BOOLEANS, configuration })
  const known = [...STRINGS, ...BOOLEANS]
  const wrong = [...rest.map(String), ...Object.keys(given).filter((name) => !known.includes(name))]
  if (wrong.length > 0) throw new Error(`unknown option: ${wrong[0]}`)
  const text = (name: string) => {
    if (given[name] === '') throw new Error(`an option without its value: --${name}`)
    return given[name] as string | undefined
  }
  const [json, chart] = [text('json'), text('chart')]
  return {
    ...(json && { json }),
    ...(chart && { chart }),
    only: text('only') ?? '',
    peers: given.peers === true,
    short: given.short === true,
    check: given.check === true,
    help: given.help === true,
  }
}
