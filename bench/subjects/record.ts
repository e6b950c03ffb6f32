// What the record of a dispatch costs: a hook of 200 handlers, of which ten run, with its record and without.

import { bash, Charm, type CharmFiles } from '../charm.ts'
import { type Row, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

const FILES = 10
const HANDLERS_OF_FILE = 20

export function recordRows(bench: Bench): Row[] {
  const hook = (name: string, kept: number) =>
    work(name, () => {
      const charm = new Charm(bench.workspace, bench.engine, charmFiles(kept))
      charm.hook()
      return () => charm.hook().milliseconds
    })
  return [
    {
      name: 'a hook of 200 handlers, ten of which run, with its record',
      unit: 'ms',
      work: hook('with its record', 20),
      against: [{ base: hook('without', 0), ratio: 'times', goal: 1.05 }],
      rounds: { full: 40, short: 4 },
    },
  ]
}

function charmFiles(kept: number): CharmFiles {
  const files: CharmFiles = { 'layer.yaml': `options: {reactive: {kept_traces: ${kept}}}\n` }
  for (let file = 0; file < FILES; file++) {
    const handlers = Array.from({ length: HANDLERS_OF_FILE }, (_, n) => {
      const flag = n === 0 ? 'never.blocked' : `service.${file}.${n}.available`
      return `@when_not ${n === 0 ? flag : 'maintenance'}\n@when${n === 0 ? '_not' : ''} ${flag}\nfunction configure_${n}() { :; }`
    })
    files[`reactive/part-${file}.sh`] = bash(handlers.join('\n'))
  }
  return files
}
