// The suite's command line.

import parse from 'yargs-parser'

export const USAGE = `npm run bench -- [OPTION...]
  --python-charms-reactive DIR  with --charm-helpers DIR: checkouts of the Python original, to compare with
  --charm-helpers DIR
  --json FILE    write every sample
  --chart FILE   write a chart (SVG)
  --short        few rounds, without the rows that take long
  --only TEXT    rows whose name has the text in it
  --check        fail where a ratio is above its margin
  --help
`

const STRINGS = ['python-charms-reactive', 'charm-helpers', 'json', 'chart', 'only']
const BOOLEANS = ['short', 'check', 'help']

export interface Options {
  originals?: { charmsReactive: string; charmHelpers: string }
  json?: string
  chart?: string
  only: string
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
  const [charmsReactive, charmHelpers] = [text('python-charms-reactive'), text('charm-helpers')]
  if ((charmsReactive === undefined) !== (charmHelpers === undefined)) {
    throw new Error('the original needs both: --python-charms-reactive and --charm-helpers')
  }
  const [json, chart] = [text('json'), text('chart')]
  return {
    ...(charmsReactive && charmHelpers && { originals: { charmsReactive, charmHelpers } }),
    ...(json && { json }),
    ...(chart && { chart }),
    only: text('only') ?? '',
    short: given.short === true,
    check: given.check === true,
    help: given.help === true,
  }
}
