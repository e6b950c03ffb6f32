// Handlers in Python: what a file of them adds to a hook, and calls of the toolkit within one.

import { Charm, type CharmFiles, type Toolkit } from '../charm.ts'
import { type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

const CALLS = 1000

/** Twenty handlers that wait for flags. */
const TWENTY = `from charms.reactive import when
${Array.from({ length: 20 }, (_, index) => `\n@when('never.${index}')\ndef wait_${index}():\n    pass\n`).join('')}`

/** As much of charmhelpers as the engine takes the place of. */
const CHARMHELPERS = {
  'lib/charmhelpers/__init__.py': '',
  'lib/charmhelpers/core/__init__.py': '',
  'lib/charmhelpers/core/unitdata.py':
    '_KV = None\n\nclass Storage:\n    pass\n\ndef kv():\n    return _KV\n',
}

export function pythonRows(bench: Bench): Row[] {
  const { engine, original } = bench
  return [
    {
      name: 'a hook with a Python file of 20 handlers, nothing matching, the hook tools aside',
      unit: 'ms',
      work: hookWork(bench, engine, 'engine', { 'reactive/app.py': TWENTY }),
      against: [
        { base: bareBoth(bench), ratio: 'times', goal: 1.5 },
        ...(original
          ? [
              {
                base: hookWork(bench, original, 'the original', { 'reactive/app.py': TWENTY }),
                ratio: 'times faster',
                goal: 3,
                rounds: 5,
                original: true,
              } as const,
            ]
          : []),
      ],
      rounds: { full: 15, short: 3 },
    },
    callRow(bench, '`set_flag`', "set_flag('bench.%d' % number)"),
    callRow(bench, '`is_flag_set`', "is_flag_set('bench.%d' % number)"),
    callRow(bench, '`unitdata.kv().get`', "unitdata.kv().get('bench.%d' % number)"),
  ]
}

function callRow(bench: Bench, name: string, call: string): Row {
  return {
    name: `${name}, in a Python handler`,
    unit: 'ms',
    work: callWork(bench, name, call),
    against: [{ base: barePython(bench), ratio: 'times faster' }],
    rounds: { full: 15, short: 3 },
  }
}

function barePython({ workspace }: Bench): Work {
  return work(
    "`python3 -c 'import json'`",
    () => () => workspace.time(['python3', '-c', 'import json']).milliseconds,
  )
}

/** Both runtimes one after the other: less than that no toolkit in both can take on one processor. */
function bareBoth({ workspace }: Bench): Work {
  return work('bare Python and bare Node', () => () => {
    const python = workspace.time(['python3', '-c', 'import json']).milliseconds
    return python + workspace.time([process.execPath, '-e', '0']).milliseconds
  })
}

function hookWork({ workspace }: Bench, toolkit: Toolkit, name: string, files: CharmFiles): Work {
  return work(name, () => {
    const charm = new Charm(workspace, toolkit, files)
    charm.hook('install')
    charm.hook()
    const calls = charm.calls()
    return () => charm.hook().milliseconds - charm.timeOfTools(calls)
  })
}

/** The milliseconds of one call, as the handler measures them. */
function callWork({ workspace, engine }: Bench, name: string, call: string): Work {
  const text = `import os, time
from charmhelpers.core import unitdata
from charms.reactive import hook, is_flag_set, set_flag

@hook('update-status')
def measure():
    begin = time.perf_counter()
    for number in range(${CALLS}):
        ${call}
    taken = time.perf_counter() - begin
    with open(os.environ['BENCH_MEASURED'], 'a') as file:
        print(round(taken * 1e6), file=file)
`
  return work(name, () => {
    const charm = new Charm(workspace, engine, { ...CHARMHELPERS, 'reactive/calls.py': text })
    return () => {
      charm.reset()
      return (charm.measured()[0] ?? Number.NaN) / CALLS
    }
  })
}
