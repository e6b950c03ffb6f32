// A file with 40 functions of 2 decorators each: from the line behind `source` to the end of the process that
// registers them.

import { bash, Charm, type Toolkit } from '../charm.ts'
import { type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'
import { bareBash } from './floors.ts'

const FUNCTIONS = Array.from(
  { length: 40 },
  (_, number) => `
@when 'never.${number}' 'other.${number}'
@when_not 'never'
function handler_${number}() {
  :
}
`,
).join('')

/** With the handing over to the engine, at whose end the file's own trap comes. */
const WHOLE = `trap 'stopwatch_end; [[ -e mark.end ]]' EXIT`

export function registrationRows(bench: Bench): Row[] {
  const { engine, original, workspace } = bench
  const file = bash(`stopwatch_begin\n[[ -e mark.begin ]]\n${FUNCTIONS}\n${WHOLE}`)
  const name = 'registering 40 functions with 2 decorators'
  return [
    {
      name,
      unit: 'ms',
      work: registration(bench, engine, 'engine', file),
      against: [
        { base: bareBash(bench), ratio: 'times', goal: 6 },
        ...(original ? [ofOriginal(bench, original)] : []),
      ],
      rounds: { full: 15, short: 3 },
    },
    {
      name: `forks of ${name}`,
      unit: 'forks',
      work: work('forks', () => {
        const charm = new Charm(workspace, engine, { 'reactive/app.sh': file })
        return () => charm.forks()
      }),
      against: [],
      rounds: { full: 1, short: 1 },
      limit: 0,
    },
  ]
}

/** In favour of the original, without its command that tests the conditions. */
function ofOriginal(bench: Bench, original: Toolkit): Row['against'][number] {
  const file = bash(`stopwatch_begin\n${FUNCTIONS}\nstopwatch_end`)
  const base = registration(bench, original, 'the original, its decorators alone', file)
  return { base, ratio: 'times faster', rounds: 5, original: true }
}

function registration({ workspace }: Bench, toolkit: Toolkit, name: string, file: string): Work {
  return work(name, () => {
    const charm = new Charm(workspace, toolkit, { 'reactive/app.sh': file })
    return () => charm.measured()[0] ?? Number.NaN
  })
}
