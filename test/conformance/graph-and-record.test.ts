// The graph of random charms against the records of their dispatches: whatever ran is explained by its edges.
// `npm run conformance` tries more of them.

import { expect, it } from 'vitest'
import type { DispatchRecord } from '../../src/dispatch/trace.ts'
import { readCharmModel } from '../../src/insight/charm-model.ts'
import { isFull } from '../effort.ts'
import { bash, type CharmFiles, startUnit, temporaryDir, writeFiles } from '../end-to-end/charm.ts'
import { unexplained } from '../insight/explained.ts'
import { Random } from '../random.ts'

const FLAGS = ['a', 'b', 'c', 'd.ready', 'e.1', 'e.2']
const DECORATORS = ['when', 'when_not', 'when_any', 'when_none', 'when_not_all', 'when_all']
const EVENTS = ['install', 'config-changed', 'update-status', 'leader-elected']

function randomCharm(random: Random): CharmFiles {
  const flag = () => random.pick(FLAGS)
  const statement = (call: (change: string, flag: string) => string) =>
    random.chance(0.7) ? call('set', flag()) : call('clear', flag())
  const conditions = () =>
    random.chance(0.3)
      ? [['hook', random.pick(EVENTS)]]
      : Array.from({ length: 1 + random.below(2) }, () => [
          random.pick(DECORATORS),
          ...random.sample(FLAGS, 1 + random.below(2)),
        ])
  const inBash = (name: string) => `${conditions()
    .map(([decorator, ...words]) => `@${decorator} ${words.join(' ')}`)
    .join('\n')}
function ${name}() {
  ${statement((change, word) => `${change}_flag ${word}`)}
  ${random.chance(0.3) ? `for n in 1 2; do ${statement((change) => `${change}_flag`)} "e.$n"; done` : ':'}
  ${random.chance(0.3) ? 'helper' : ':'}
}`
  const inJavaScript = (name: string) => {
    const words = conditions().map(([decorator = '', ...rest]) => {
      const camel = decorator.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
      return `${camel}(${rest.map((word) => `'${word}'`).join(', ')}, `
    })
    const body = statement((change, word) => `${change}Flag('${word}')`)
    return `${words.join('')}function ${name}() { ${body} }${')'.repeat(words.length)}`
  }
  const trigger = () =>
    `register_trigger --when${random.chance(0.5) ? '' : '_not'} ${flag()} --${random.pick(['set', 'clear'])}_flag ${flag()}`
  return {
    'layer.yaml': 'options: {reactive: {on_loop: warn}}\n',
    'config.yaml': 'options: {port: {type: int, default: 80}}\n',
    'reactive/app.sh': bash(`${trigger()}
${trigger()}
helper() { ${statement((change, word) => `${change}_flag ${word}`)}; }
${['f', 'g', 'h'].map(inBash).join('\n')}`),
    'reactive/more.mjs': `import * as reactive from 'charms.reactive'
const { clearFlag, hook, setFlag, when, whenAll, whenAny, whenNone, whenNot, whenNotAll } = reactive
${['i', 'j', 'k'].map(inJavaScript).join('\n')}\n`,
  }
}

it.each(Array.from({ length: isFull ? 40 : 1 }, (_, index) => index + 1))(
  'in random charm %i every run and every change of a flag is explained by edges of the graph',
  { timeout: 60_000 },
  async (seed) => {
    const files = randomCharm(new Random(seed))
    const charm = temporaryDir()
    writeFiles(charm, { 'metadata.yaml': 'name: app\nsummary: x\n', ...files })
    const model = await readCharmModel(charm)
    expect(model.registration.faults).toEqual([])
    const unit = await startUnit(files)
    const records: DispatchRecord[] = []
    for (const name of EVENTS) {
      const { trace } = await unit.run({ name, check: false })
      if (trace !== undefined) records.push(trace)
    }
    expect(records.flatMap(({ iterations }) => iterations.flatMap(({ ran }) => ran)).length).toBeGreaterThan(
      0,
    )
    expect(records.flatMap((record) => unexplained(model, record))).toEqual([])
  },
)
