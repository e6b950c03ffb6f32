// The floors: what nothing on this machine can be quicker than. The other subjects compare with them.

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

export function floorRows(bench: Bench): Row[] {
  const floors = [bareNode(bench), bareBash(bench), roundTrip(bench), bareTool(bench)]
  return floors.map((floor) => ({
    name: floor.name,
    unit: 'ms',
    work: floor,
    against: [],
    rounds: { full: 30, short: 5 },
    floor: true,
  }))
}

export function bareNode({ workspace }: Bench): Work {
  return work(
    'bare Node: `node -e 0`',
    () => () => workspace.time([process.execPath, '-e', '0']).milliseconds,
  )
}

export function bareBash({ workspace }: Bench): Work {
  const count = 10
  return work('`bash -c :`', () => () => workspace.time(['bash', '-c', ':'], { count }).milliseconds / count)
}

export function bareTool({ workspace }: Bench): Work {
  const count = 10
  const words = [`${workspace.tools}/config-get`, '--format=json']
  return work('one fake hook tool', () => () => workspace.time(words, { count }).milliseconds / count)
}

const ROUND_TRIPS = 1000

/** Asks with a builtin and reads the answer with one, as a handler does with the engine. */
const ASKING = `
begin=\${EPOCHREALTIME/[.,]/}
for ((i = 0; i < ${ROUND_TRIPS}; i++)); do
  echo question
  read -r answer
done
echo "end $((\${EPOCHREALTIME/[.,]/} - begin))" >&2`

/** One request and reply over two pipes, between bash and Node. */
export function roundTrip({ workspace }: Bench): Work {
  return work('one round trip over pipes', () => async () => {
    const bash = spawn('bash', ['-c', ASKING], { env: workspace.environment(), stdio: 'pipe' })
    bash.stdout.on('data', () => bash.stdin.write('answer\n'))
    const said = await text(bash.stderr)
    const microseconds = /^end (\d+)$/m.exec(said)?.[1]
    if (microseconds === undefined) throw new Error(`the round trips failed: ${said}`)
    return Number(microseconds) / 1000 / ROUND_TRIPS
  })
}
