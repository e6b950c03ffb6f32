// Commands outside of a hook, as an operator or a cron job calls them: a process and a transaction each.

import { Charm, type Toolkit } from '../charm.ts'
import { type Comparison, type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'
import { bareNode } from './floors.ts'

export function commandRows(bench: Bench): Row[] {
  const { engine, original, workspace } = bench
  const direct = [process.execPath, `${workspace.root}/dist/main.cjs`]
  const row = (command: string, by: string, program: string[]): Row => ({
    name: `\`${command}\` outside of a hook, ${by}`,
    unit: 'ms',
    work: commandWork(bench, engine, command, [...program, command, 'bench.flag']),
    against: [
      { base: bareNode(bench), ratio: 'times', goal: 1.3, recorded: 1.6 },
      ...(original && by === LAUNCHER ? [ofOriginal(bench, original, command)] : []),
    ],
    rounds: { full: 30, short: 5 },
  })
  return ['set_flag', 'is_flag_set'].flatMap((command) => [
    row(command, LAUNCHER, ['charms.reactive']),
    { ...row(command, 'without the launcher', direct), long: true },
  ])
}

const LAUNCHER = 'by the launcher'

function ofOriginal(bench: Bench, original: Toolkit, command: string): Comparison {
  const base = commandWork(bench, original, 'the original', ['charms.reactive', command, 'bench.flag'])
  return { base, ratio: 'times faster', rounds: 7, original: true }
}

/** Each time the flag has to be set anew, in a state that is there. */
function commandWork({ workspace }: Bench, toolkit: Toolkit, name: string, words: string[]): Work {
  return work(name, () => {
    const charm = new Charm(workspace, toolkit, {})
    const options = { env: charm.environment(), cwd: charm.dir }
    workspace.time(['charms.reactive', 'set_flag', 'another.flag'], options)
    if (words.includes('is_flag_set')) workspace.time(['charms.reactive', 'set_flag', 'bench.flag'], options)
    charm.keepState()
    return () => {
      charm.reset()
      return workspace.time(words, options).milliseconds
    }
  })
}
