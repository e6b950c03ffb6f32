// A hook with nothing to do, as update-status mostly is: its time, its peak memory, and what a handler file adds;
// and one that sets a status.

import { bash, Charm, type CharmFiles, type Toolkit } from '../charm.ts'
import { type Comparison, type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'
import { bareBash, bareNode } from './floors.ts'

const OPS = `#!/usr/bin/env python3
import ops


class Bench(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        framework.observe(self.on.config_changed, self._set_status)

    def _set_status(self, event):
        self.unit.status = ops.ActiveStatus('ready')


ops.main(Bench)
`

const STATUS_IN_BASH = bash("@hook 'config-changed'\nfunction ready() {\n  status_set active ready\n}")

const STATUS_IN_PYTHON = `from charms.reactive import hook
from charmhelpers.core.hookenv import status_set


@hook('config-changed')
def ready():
    status_set('active', 'ready')
`

const FILES = 10
/** The original takes most of a second for each. */
const FILES_OF_ORIGINAL = 3

export function hookRows(bench: Bench): Row[] {
  const { engine, original, ops } = bench
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
        ...against(ops && idleWork(bench, ops, 'ops')),
      ],
      rounds: { full: 30, short: 5 },
    },
    {
      name: 'a hook that sets its status in bash, the hook tools aside',
      unit: 'ms',
      work: statusWork(bench, engine, 'engine'),
      against: [
        { base: bareNode(bench), ratio: 'times' },
        ...against(original && statusWork(bench, original, 'the original, in Python')),
        ...against(ops && statusWork(bench, ops, 'ops')),
      ],
      rounds: { full: 15, short: 3 },
      long: true,
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
  return hookWork(
    bench,
    toolkit,
    name,
    'update-status',
    toolkit.name === 'ops' ? { 'src/charm.py': OPS } : {},
  )
}

function statusWork(bench: Bench, toolkit: Toolkit, name: string): Work {
  const files: Record<string, CharmFiles> = {
    engine: { 'reactive/app.sh': STATUS_IN_BASH },
    original: { 'reactive/app.py': STATUS_IN_PYTHON },
    ops: { 'src/charm.py': OPS },
  }
  return hookWork(bench, toolkit, name, 'config-changed', files[toolkit.name] ?? {})
}

/** A hook less the same calls of its hook tools one after another. */
function hookWork(bench: Bench, toolkit: Toolkit, name: string, hook: string, files: CharmFiles): Work {
  return work(name, () => {
    const charm = settledCharm(bench, toolkit, files)
    const calls = charm.calls(hook)
    return () => charm.hook(hook).milliseconds - charm.timeOfTools(calls)
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
