// The same random charm and the same hooks under the original (from PyPI) and under the engine: after each hook
// flags, handlers, key/value data, published data and status are compared. CONFORMANCE=full (npm run conformance)
// takes hundreds of charms; CONFORMANCE_SEED=7 another sample, CONFORMANCE_ONLY=12 a single one.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { ask, startUnit, writeFiles } from '../end-to-end/charm.ts'
import { Random } from '../random.ts'
import { isFull } from './full.ts'
import { originalVenv, sitePackages } from './original-venv.ts'
import { type RandomCharm, randomCharm, type Step } from './random-charm.ts'

const venv = originalVenv()
const first = Number(process.env.CONFORMANCE_ONLY ?? process.env.CONFORMANCE_SEED ?? 1)
const count = process.env.CONFORMANCE_ONLY ? 1 : isFull ? 300 : 2

/** What is compared after a hook. */
interface Seen {
  status: number
  ran: string[]
  flags: string[]
  kv: Record<string, unknown>
  published: Record<string, string>
  workload: unknown
}

/** What other layers set under the original, and of the old style what only the new one had. */
const isOursAlone = ({ isEndpoint }: RandomCharm, flag: string) =>
  /^(leadership|config|charm)\./.test(flag) || (!isEndpoint && flag.startsWith('endpoint.'))

async function step(
  unit: SimulatedUnit,
  { name, remoteUnit, data }: Step,
  read: () => Promise<Pick<Seen, 'flags' | 'kv'>>,
): Promise<Seen> {
  const [relation] = unit.state.relations
  if (relation !== undefined && remoteUnit !== undefined) relation.remoteUnits[remoteUnit] ??= {}
  if (relation !== undefined && remoteUnit !== undefined && data !== undefined)
    Object.assign(relation.remoteUnits[remoteUnit] ?? {}, data)
  fs.rmSync(path.join(unit.charmDir, 'ran'), { force: true })
  const result = await unit.run({ name, ...(remoteUnit !== undefined && { remoteUnit }) })
  const file = path.join(unit.charmDir, 'ran')
  const ran = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : []
  const published = Object.entries(relation?.localUnit ?? {}).filter(
    ([key]) => !/address$|subnets$/.test(key),
  )
  return {
    status: result.exitStatus === 0 ? 0 : 1,
    ran: [...new Set(ran)].sort(),
    ...(await read()),
    published: Object.fromEntries(published),
    workload: unit.state.status.unit,
    ...(result.exitStatus !== 0 && { stderr: result.stderr.slice(-300) }),
  }
}

/** Who runs the hooks of a unit, and what it knows afterwards. */
interface Toolkit {
  take(unit: SimulatedUnit, charm: RandomCharm): Promise<void>
  read(unit: SimulatedUnit, charm: RandomCharm): Promise<Pick<Seen, 'flags' | 'kv'>>
}

/** The original as layer-basic starts it, from an environment that has it. charmhelpers knows only Ubuntu and CentOS. */
const SCRIPT = `#!${venv}/bin/python3
import sys
sys.path.insert(0, 'lib')
from charmhelpers import osplatform
osplatform.get_platform = lambda: 'ubuntu'
from charms.reactive import main
main()
`

const READ = `import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute('select key, data from kv').fetchall()
print(json.dumps({key: json.loads(data) for key, data in rows}))`

const ORIGINAL: Toolkit = {
  async take({ charmDir }, { hooks }) {
    // Entries of the toolkit are made with the unit.
    fs.rmSync(path.join(charmDir, 'dispatch'), { force: true })
    fs.rmSync(path.join(charmDir, 'hooks'), { recursive: true, force: true })
    writeFiles(charmDir, Object.fromEntries(hooks.map((name) => [`hooks/${name}`, SCRIPT])))
  },
  async read({ charmDir }, charm) {
    const words = ['-c', READ, path.join(charmDir, '.unit-state.db')]
    const rows = JSON.parse(execFileSync(`${venv}/bin/python3`, words, { encoding: 'utf8' }))
    const flag = 'reactive.states.'
    const set = Object.keys(rows).filter((key) => key.startsWith(flag))
    return {
      flags: toCompare(
        charm,
        set.map((key) => key.slice(flag.length)),
      ),
      kv: Object.fromEntries(Object.entries(rows).filter(([key]) => !key.startsWith('reactive.'))),
    }
  },
}

const OURS: Toolkit = {
  async take(unit) {
    // Scripts that call the original's `main()` stay, and run under our dispatch.
    await ask(unit, 'hooks', 'install')
  },
  async read(unit, charm) {
    return {
      flags: toCompare(charm, (await ask(unit, 'get_flags')).split('\n')),
      kv: JSON.parse(await ask(unit, 'kv', 'range', '', '--format', 'json')),
    }
  },
}

function toCompare(charm: RandomCharm, names: readonly string[]): string[] {
  return names.filter((name) => name !== '' && !isOursAlone(charm, name)).sort()
}

/** Run all steps; from `moves` on another toolkit has the unit. */
async function run(
  charm: RandomCharm,
  toolkit: Toolkit,
  moves?: { at: number; to: Toolkit },
): Promise<Seen[]> {
  const unit = await startUnit(charm.files)
  await toolkit.take(unit, charm)
  const packages = sitePackages(venv ?? '')
  const lib = path.join(unit.charmDir, 'lib')
  fs.mkdirSync(lib, { recursive: true })
  for (const name of ['charmhelpers', 'yaml']) fs.symlinkSync(path.join(packages, name), path.join(lib, name))
  unit.joinRelation('db', { id: 'db:0', remoteApp: 'mysql' })
  const seen: Seen[] = []
  let current = toolkit
  for (const [index, one] of charm.steps.entries()) {
    if (index === moves?.at) {
      current = moves.to
      await current.take(unit, charm)
    }
    seen.push(await step(unit, one, () => current.read(unit, charm)))
  }
  return seen
}

describe.skipIf(venv === undefined)('A random charm in Python', () => {
  it.each(Array.from({ length: count }, (_, index) => first + index))(
    'does the same under the original, and after the move from it: seed %i',
    async (seed) => {
      const charm = randomCharm(new Random(seed))
      const ours = await run(charm, OURS)
      // A loop fails a hook here; the original ends it silently after 100 rounds.
      if (ours.some(({ status }) => status !== 0)) return
      const original = await run(charm, ORIGINAL)
      const told = (seen: readonly Seen[]) => charm.steps.map((one, index) => ({ ...one, ...seen[index] }))
      expect(told(ours)).toEqual(told(original))
      const moved = await run(charm, ORIGINAL, { at: Math.ceil(charm.steps.length / 2), to: OURS })
      expect(told(moved)).toEqual(told(original))
    },
    600_000,
  )
})
