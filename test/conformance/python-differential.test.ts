// The same random charm and the same hooks under the original (from PyPI) and under the engine: after each hook
// flags, handlers, key/value data, published data and status are compared. CONFORMANCE=full (npm run conformance)
// takes hundreds of charms; CONFORMANCE_SEED=7 another sample, CONFORMANCE_ONLY=12 a single one.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { ask, type CharmFiles, startUnit, writeFiles } from '../end-to-end/charm.ts'
import { Random } from '../random.ts'
import { originalVenv, sitePackages } from './original-venv.ts'
import { type RandomCharm, randomCharm, type Step } from './random-charm.ts'

const venv = originalVenv()
const isFull = process.env.CONFORMANCE === 'full'
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

async function run(
  charm: RandomCharm,
  more: CharmFiles,
  read: (unit: SimulatedUnit) => Promise<Pick<Seen, 'flags' | 'kv'>>,
): Promise<Seen[]> {
  const unit = await startUnit(charm.files)
  // Entries of the toolkit are made with the unit.
  if (Object.keys(more).length > 0) {
    fs.rmSync(path.join(unit.charmDir, 'dispatch'), { force: true })
    fs.rmSync(path.join(unit.charmDir, 'hooks'), { recursive: true, force: true })
    writeFiles(unit.charmDir, more)
  }
  const packages = sitePackages(venv ?? '')
  const lib = path.join(unit.charmDir, 'lib')
  fs.mkdirSync(lib, { recursive: true })
  for (const name of ['charmhelpers', 'yaml']) fs.symlinkSync(path.join(packages, name), path.join(lib, name))
  unit.joinRelation('db', { id: 'db:0', remoteApp: 'mysql' })
  const seen: Seen[] = []
  for (const one of charm.steps) seen.push(await step(unit, one, () => read(unit)))
  return seen
}

function runOriginal(charm: RandomCharm): Promise<Seen[]> {
  const script = `#!${venv}/bin/python3\nimport sys\nsys.path.insert(0, 'lib')\nfrom charmhelpers import osplatform\n# It knows Ubuntu and CentOS alone.\nosplatform.get_platform = lambda: 'ubuntu'\nfrom charms.reactive import main\nmain()\n`
  return run(
    charm,
    Object.fromEntries(charm.hooks.map((name) => [`hooks/${name}`, script])),
    async ({ charmDir }) => {
      const program = `import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute('select key, data from kv').fetchall()
print(json.dumps({key: json.loads(data) for key, data in rows}))`
      const file = path.join(charmDir, '.unit-state.db')
      const rows = JSON.parse(
        execFileSync(`${venv}/bin/python3`, ['-c', program, file], { encoding: 'utf8' }),
      )
      const flag = 'reactive.states.'
      return {
        flags: Object.keys(rows)
          .filter((key) => key.startsWith(flag))
          .map((key) => key.slice(flag.length))
          .filter((name) => !isOursAlone(charm, name))
          .sort(),
        kv: Object.fromEntries(Object.entries(rows).filter(([key]) => !key.startsWith('reactive.'))),
      }
    },
  )
}

function runOurs(charm: RandomCharm): Promise<Seen[]> {
  return run(charm, {}, async (unit) => ({
    flags: (await ask(unit, 'get_flags'))
      .split('\n')
      .filter((name) => name !== '' && !isOursAlone(charm, name))
      .sort(),
    kv: JSON.parse(await ask(unit, 'kv', 'range', '', '--format', 'json')),
  }))
}

describe.skipIf(venv === undefined)('A random charm in Python', () => {
  it.each(Array.from({ length: count }, (_, index) => first + index))(
    'does the same under the original: seed %i',
    async (seed) => {
      const charm = randomCharm(new Random(seed))
      const ours = await runOurs(charm)
      // A loop fails a hook here; the original ends it silently after 100 rounds.
      if (ours.some(({ status }) => status !== 0)) return
      const original = await runOriginal(charm)
      const told = charm.steps.map((one, index) => ({ ...one, ...ours[index] }))
      expect(told).toEqual(charm.steps.map((one, index) => ({ ...one, ...original[index] })))
    },
    600_000,
  )
})
