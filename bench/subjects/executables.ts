// Flag calls from other programs in a hook: each starts an executable of the toolkit, which is a bash script.
// One of the callers is enough for a short run.

import { bash, Charm } from '../charm.ts'
import { type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

const CALLS = 30

/** Each runs a command as often as there are words on stdin. */
const CALLERS: Record<string, (command: string) => string> = {
  xargs: (command) => `xargs -n1 ${command}`,
  Perl: (command) => `perl -ne 'chomp; system qw(${command}), $_'`,
  Python: (command) => `python3 -c '
import subprocess, sys
for line in sys.stdin: subprocess.run([*"${command}".split(), line.strip()])'`,
  Ruby: (command) => `ruby -ne 'system(*%w(${command}), $_.chomp)'`,
}

export function executableRows(bench: Bench): Row[] {
  return Object.entries(CALLERS).map(([name, caller], index) => ({
    name: `\`set_flag\`, by ${name} in a hook`,
    unit: 'ms',
    work: callWork(bench, 'set_flag', caller('set_flag')),
    against: [
      {
        base: callWork(bench, '`bash -c :` in the same place', caller('bash -c :')),
        ratio: 'times',
        goal: 2.5,
      },
    ],
    rounds: { full: 15, short: 3 },
    long: index > 0,
  }))
}

function callWork({ workspace, engine }: Bench, name: string, command: string): Work {
  const text = bash(`
@hook 'update-status'
function measure() {
  stopwatch_begin
  printf 'bench.%d\\n' {1..${CALLS}} | ${command}
  stopwatch_end
}`)
  return work(name, () => {
    const charm = new Charm(workspace, engine, { 'reactive/calls.sh': text })
    return () => {
      charm.reset()
      const [milliseconds = Number.NaN] = charm.measured()
      return milliseconds / CALLS
    }
  })
}
