// Large charms: 1,000 bash handlers in 100 files with 10,000 flags set, and 10,000 flags set by one handler.

import { bash, Charm, type CharmFiles } from '../charm.ts'
import { type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'
import { loopFile, loopWork } from './flag-calls.ts'
import { bareNode } from './floors.ts'

const HANDLERS_OF_FILE = 10
const FLAGS = 10_000

export function scaleRows(bench: Bench): Row[] {
  const states = new States(bench)
  return [...handlerRows(bench, states), ...flagRows(bench, states), ...loopRows(bench)]
}

function handlerRows(bench: Bench, states: States): Row[] {
  const all = largeCharm(bench, states, { files: 100, matching: 20 })
  const half = largeCharm(bench, states, { files: 50, matching: 10 })
  return [
    {
      name: '1,000 bash handlers in 100 files, 10,000 flags set, 20 matching',
      unit: 'ms',
      work: all,
      against: [
        { base: bareNode(bench), ratio: 'times', goal: 40, recorded: 46 },
        // Linear in files.
        { base: half, ratio: 'times', goal: 2.1 },
      ],
      rounds: { full: 10, short: 1 },
    },
  ]
}

/** A hook of a charm that runs one handler in each of some files. */
function largeCharm(
  bench: Bench,
  states: States,
  { files, matching }: { files: number; matching: number },
): Work {
  const step = files / matching
  const handlers = (file: number) =>
    Array.from({ length: HANDLERS_OF_FILE }, (_, index) => {
      const flag = index === 0 && file % step === 0 ? 'bench.0' : `never.${file}.${index}`
      return `@when '${flag}'\n@when_not 'blocked.${file}'\nfunction handler_${index}() {\n  :\n}\n`
    }).join('\n')
  return work(`${files} files`, () => {
    const texts: CharmFiles = {}
    for (let file = 0; file < files; file++) texts[`reactive/part-${file}.sh`] = bash(handlers(file))
    const charm = new Charm(bench.workspace, bench.engine, texts)
    charm.takeState(states.with(FLAGS))
    return () => charm.hook().milliseconds
  })
}

/** Charm dirs with the state of a unit that has set so many flags, `bench.0` and on; made when first needed. */
class States {
  #bench: Bench
  #dirs = new Map<number, string>()

  constructor(bench: Bench) {
    this.#bench = bench
  }

  with(flags: number): string {
    const dir = this.#dirs.get(flags) ?? this.#make(flags)
    this.#dirs.set(flags, dir)
    return dir
  }

  #make(flags: number): string {
    const file = loopFile({ body: 'set_flag "bench.$i"', after: ':', calls: flags })
    const charm = new Charm(this.#bench.workspace, this.#bench.engine, { 'reactive/flags.sh': file })
    charm.hook()
    return charm.dir
  }
}

function flagRows(bench: Bench, states: States): Row[] {
  const calls = 1000
  const loops = {
    '`set_flag` and `clear_flag`': {
      body: 'set_flag other; clear_flag other',
      after: 'is_flag_set other',
      calls,
    },
    '`is_flag_set`': { body: 'is_flag_set "bench.5"', after: ':', calls },
  }
  return Object.entries(loops).map(([name, loop]) => {
    const among = (flags: number) =>
      loopWork(bench, bench.engine, `among ${flags}`, loop, (charm) => {
        charm.takeState(states.with(flags))
        charm.keepState()
      })
    return {
      name: `${name} among 10,000 flags`,
      unit: 'ms',
      work: among(FLAGS),
      against: [{ base: among(10), ratio: 'times', goal: 1.25 }],
      rounds: { full: 15, short: 2 },
    }
  })
}

function loopRows(bench: Bench): Row[] {
  const setting = (calls: number) => ({ body: 'set_flag "bench.$i"', after: 'is_flag_set bench.0', calls })
  const time = (calls: number) => loopWork(bench, bench.engine, `${calls} in one handler`, setting(calls))
  const memory = (calls: number) =>
    work(`${calls} in one handler`, () => {
      const charm = new Charm(bench.workspace, bench.engine, {
        'reactive/calls.sh': loopFile(setting(calls)),
      })
      return () => {
        charm.reset()
        return charm.hook().peakMebibytes
      }
    })
  return [
    {
      name: '10,000 `set_flag` in one handler, each',
      unit: 'ms',
      work: time(FLAGS),
      against: [{ base: time(1000), ratio: 'times', goal: 1.25 }],
      rounds: { full: 10, short: 1 },
    },
    {
      name: 'peak memory of a hook with 10,000 `set_flag`',
      unit: 'MiB',
      work: memory(FLAGS),
      against: [{ base: memory(1000), ratio: 'times', goal: 2 }],
      rounds: { full: 5, short: 1 },
    },
  ]
}
