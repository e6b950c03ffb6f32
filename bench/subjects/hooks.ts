// A hook with nothing to do, as update-status mostly is: its time, its peak memory, and what a handler file adds.

import { bash, Charm, type CharmFiles, type Toolkit } from '../charm.ts'
import { type Comparison, type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'
import { bareBash, bareNode } from './floors.ts'

const FILES = 10
/** The original takes most of a second for each. */
const FILES_OF_ORIGINAL = 3

export function hookRows(bench: Bench): Row[] {
  const { engine, original } = bench
  const against = (base: Work | undefined): Comparison[] =>
    base === undefined ? [] : [{ base, ratio: 'times faster', rounds: 5, original: true }]
  return [
    {
      name: 'a hook with nothing to do, the hook tools aside',
      unit: 'ms',
      work: idleWork(bench, engine, 'engine'),
      against: [
        { base: bareNode(bench), ratio: 'times', goal: 2 },
        ...against(original && idleWork(bench, original, 'the original')),
      ],
      rounds: { full: 30, short: 5 },
    },
    {
      name: 'a hook, each further bash file',
      unit: 'ms',
      work: fileWork(bench, engine, 'engine', FILES),
      against: [
        { base: bareBash(bench), ratio: 'times', goal: 4, recorded: 4.8 },
        ...against(original && fileWork(bench, original, 'the original', FILES_OF_ORIGINAL)),
      ],
      rounds: { full: 15, short: 3 },
    },
    {
      name: 'peak memory of a hook with nothing to do',
      unit: 'MiB',
      work: memoryWork(bench, engine, {}),
      against: [{ base: nodeMemory(bench), ratio: 'times', goal: 1.6 }],
      rounds: { full: 10, short: 3 },
    },
  ]
}

/** A charm that has been through its first hooks. */
function settledCharm({ workspace }: Bench, toolkit: Toolkit, files: CharmFiles): Charm {
  const charm = new Charm(workspace, toolkit, files)
  charm.hook('install')
  charm.hook()
  return charm
}

function idleWork(bench: Bench, toolkit: Toolkit, name: string): Work {
  return work(name, () => {
    const charm = settledCharm(bench, toolkit, {})
    const calls = charm.calls()
    return () => charm.hook().milliseconds - charm.timeOfTools(calls)
  })
}

/** The slope between a charm without files and one with some, each with a handler that waits for a flag. */
function fileWork(bench: Bench, toolkit: Toolkit, name: string, count: number): Work {
  const text = bash("@when 'never'\nfunction wait() {\n  :\n}")
  const files = Array.from({ length: count }, (_, index) => [`reactive/file-${index}.sh`, text])
  return work(name, () => {
    const without = settledCharm(bench, toolkit, {})
    const withFiles = settledCharm(bench, toolkit, Object.fromEntries(files))
    return () => (withFiles.hook().milliseconds - without.hook().milliseconds) / count
  })
}

export function memoryWork(bench: Bench, toolkit: Toolkit, files: CharmFiles): Work {
  return work('peak memory', () => {
    const charm = settledCharm(bench, toolkit, files)
    return () => charm.hook().peakMebibytes
  })
}

function nodeMemory({ workspace }: Bench): Work {
  return work(
    'bare Node: `node -e 0`',
    () => () => workspace.time([process.execPath, '-e', '0']).peakMebibytes,
  )
}
