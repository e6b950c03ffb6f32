// The same random charm and the same hooks under the original (from PyPI) and under the engine: after each hook
// handlers in their order, flags, key/value data, published data and status are compared, also where a hook fails.
// `npm run conformance` takes hundreds of charms; EFFORT_SEED=7 another sample, COUNT=40 so many, ONLY=12 a single one.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { type SimulatedUnit, simulateUnit } from '../../src/simulator/unit.ts'
import { figure, isFull, seed } from '../effort.ts'
import { ask, errors, startUnit, temporaryDir, writeFiles } from '../end-to-end/charm.ts'
import { Random } from '../random.ts'
import { originalVenv } from './original-venv.ts'
import { type RandomCharm, randomCharm, type Step } from './random-charm.ts'

const venv = originalVenv()
const first = Number(process.env.ONLY ?? seed)
const count = process.env.ONLY ? 1 : Number(process.env.COUNT ?? (isFull ? 300 : 1))

/** What is compared after a hook. */
interface Seen {
  status: number
  /** What handlers have written down, in their order. */
  ran: string[]
  flags: string[]
  kv: Record<string, unknown>
  published: Record<string, string>
  workload: unknown
}

/** How much was compared. */
const counts = { charms: 0, hooks: 0, failing: 0, moved: 0, loops: 0 }

/** What other layers set under the original, and of the old style what only the new one had. */
const isOursAlone = ({ isEndpoint }: RandomCharm, flag: string) =>
  /^(leadership|config|charm)\./.test(flag) || (!isEndpoint && flag.startsWith('endpoint.'))

/** Who runs the hooks of a unit, and what it knows afterwards. */
interface Toolkit {
  take(unit: SimulatedUnit, charm: RandomCharm): Promise<void>
  read(unit: SimulatedUnit): Promise<Pick<Seen, 'flags' | 'kv'>>
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

const ORIGINAL: Toolkit = {
  async take({ charmDir }, { hooks }) {
    // Entries of the toolkit are made with the unit.
    fs.rmSync(path.join(charmDir, 'dispatch'), { force: true })
    fs.rmSync(path.join(charmDir, 'hooks'), { recursive: true, force: true })
    writeFiles(charmDir, Object.fromEntries(hooks.map((name) => [`hooks/${name}`, SCRIPT])))
  },
  async read({ charmDir }) {
    const db = new DatabaseSync(path.join(charmDir, '.unit-state.db'), { readOnly: true })
    const rows = db.prepare('select key, data from kv').all() as { key: string; data: string }[]
    db.close()
    const flag = 'reactive.states.'
    const own = rows.filter(({ key }) => !key.startsWith('reactive.'))
    return {
      flags: rows.flatMap(({ key }) => (key.startsWith(flag) ? [key.slice(flag.length)] : [])),
      kv: Object.fromEntries(own.map(({ key, data }) => [key, JSON.parse(data)])),
    }
  },
}

const OURS: Toolkit = {
  async take(unit) {
    // Scripts that call the original's `main()` stay, and run under our dispatch.
    await ask(unit, 'hooks', 'install')
  },
  async read(unit) {
    const { flags, kv, memory } = unit.state
    if (Object.keys(memory).length > 0) return { flags, kv }
    // No hook has succeeded that would have kept the state of the original: commands see it all the same.
    const names = (await ask(unit, 'get_flags')).split('\n').filter((name) => name !== '')
    return { flags: names, kv: JSON.parse(await ask(unit, 'kv', 'range', '', '--format', 'json')) }
  },
}

/** Both run in the environment with charmhelpers, without setuptools' own distutils, which takes half as long as a hook. */
async function environment(unit: SimulatedUnit): Promise<Record<string, string>> {
  const { stdout } = await unit.command(['printenv', 'PATH'])
  return { PATH: `${venv}/bin:${stdout.trim()}`, SETUPTOOLS_USE_DISTUTILS: 'stdlib' }
}

/** A unit under one of the toolkits, and what was seen of it. */
class Life {
  readonly seen: Seen[]
  /** Whether handlers of the last step went on without end, which the engine alone notices. */
  isLoop = false
  readonly #charm: RandomCharm
  readonly #unit: SimulatedUnit
  readonly #toolkit: Toolkit
  readonly #env: Promise<Record<string, string>>

  private constructor(charm: RandomCharm, unit: SimulatedUnit, toolkit: Toolkit, seen: readonly Seen[]) {
    this.#charm = charm
    this.#unit = unit
    this.#toolkit = toolkit
    this.seen = [...seen]
    this.#env = environment(unit)
  }

  static async begin(charm: RandomCharm, toolkit: Toolkit): Promise<Life> {
    const unit = await startUnit(charm.files)
    await toolkit.take(unit, charm)
    unit.joinRelation('db', { id: 'db:0', remoteApp: 'mysql' })
    return new Life(charm, unit, toolkit, [])
  }

  /** Play the hooks before a step. */
  async play(end: number): Promise<void> {
    for (const step of this.#charm.steps.slice(this.seen.length, end)) {
      this.seen.push(await this.#step(step))
      if (this.isLoop) return
    }
  }

  /** The unit as it is now, under our toolkit. */
  async moved(): Promise<Life> {
    const dir = path.join(temporaryDir(), 'charm')
    fs.cpSync(this.#unit.charmDir, dir, { recursive: true, verbatimSymlinks: true })
    const unit = await simulateUnit(dir, { state: structuredClone(this.#unit.state) })
    await OURS.take(unit, this.#charm)
    return new Life(this.#charm, unit, OURS, this.seen)
  }

  close(): Promise<void> {
    return this.#unit.close()
  }

  async #step({ name, remoteUnit, data }: Step): Promise<Seen> {
    const unit = this.#unit
    const [relation] = unit.state.relations
    if (relation !== undefined && remoteUnit !== undefined)
      relation.remoteUnits[remoteUnit] = { ...relation.remoteUnits[remoteUnit], ...data }
    if (relation !== undefined && name === 'db-relation-broken') relation.remoteUnits = {}
    const file = path.join(unit.charmDir, 'ran')
    fs.rmSync(file, { force: true })
    const result = await unit.run({
      name,
      env: await this.#env,
      ...(remoteUnit !== undefined && { remoteUnit }),
    })
    this.isLoop = errors(result).some((text) => text.includes('handlers run in a loop'))
    const { flags, kv } = await this.#toolkit.read(unit)
    const published = Object.entries(relation?.localUnit ?? {})
    return {
      status: result.exitStatus,
      ran: fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [],
      flags: flags.filter((flag) => !isOursAlone(this.#charm, flag)).sort(),
      kv,
      published: Object.fromEntries(published.filter(([key]) => !/address$|subnets$/.test(key))),
      workload: unit.state.status.unit,
    }
  }
}

/** Live through a charm's hooks under both, and once more with a move in the middle. */
async function compare(seed: number): Promise<void> {
  const charm = randomCharm(new Random(seed))
  const ours = await Life.begin(charm, OURS)
  await ours.play(charm.steps.length)
  const original = await Life.begin(charm, ORIGINAL)
  const middle = Math.ceil(charm.steps.length / 2)
  await original.play(Math.min(middle, ours.seen.length))
  const moved = ours.isLoop ? undefined : await original.moved()
  await original.play(ours.seen.length)
  expectSame(seed, charm, ours, original)
  if (moved !== undefined) {
    await moved.play(charm.steps.length)
    expectSame(seed, charm, moved, original)
    counts.moved += 1
  }
  for (const life of [ours, original, moved]) await life?.close()
  counts.charms += 1
  counts.hooks += ours.seen.length
  counts.failing += ours.seen.filter(({ status }) => status !== 0).length
  counts.loops += ours.isLoop ? 1 : 0
}

function expectSame(seed: number, { steps }: RandomCharm, ours: Life, original: Life): void {
  const end = ours.isLoop ? ours.seen.length - 1 : ours.seen.length
  const told = ({ seen }: Life) =>
    seen
      .slice(0, end)
      .map(({ ran, ...rest }, index) => ({ ...steps[index], ...rest, ran: [...new Set(ran)] }))
  expect(told(ours), `seed ${seed}`).toEqual(told(original))
  for (const [index, { ran }] of ours.seen.slice(0, end).entries()) {
    // The original runs a handler again for what changed before it ran in the same round: ours never runs more.
    expect(isWithin(ran, original.seen[index]?.ran ?? []), `seed ${seed}, step ${index}`).toBe(true)
  }
  // The original ends a loop silently, after a hundred rounds.
  if (ours.isLoop) expect(original.seen[end]?.ran.length, `seed ${seed}`).toBeGreaterThanOrEqual(100)
}

/** Whether all of the items are among the others, in their order. */
function isWithin(items: readonly string[], others: readonly string[]): boolean {
  let found = 0
  for (const other of others) if (found < items.length && other === items[found]) found++
  return found === items.length
}

describe.skipIf(venv === undefined)('Random charms in Python', () => {
  const seeds = Array.from({ length: count }, (_, index) => first + index)
  const atATime = os.availableParallelism()
  const groups = seeds.flatMap((_, index) =>
    index % atATime === 0 ? [{ group: seeds.slice(index, index + atATime) }] : [],
  )

  it.each(groups)(
    'do the same under the original, and after the move from it: seeds $group',
    async ({ group }) => {
      await Promise.all(group.map(compare))
    },
    600_000,
  )

  it('were compared in all their hooks but those that never settle', () => {
    for (const [what, number] of Object.entries(counts)) figure(`random charms: ${what}`, number)
    expect(counts.charms).toBe(count)
    expect(counts.moved + counts.loops).toBe(count)
    if (!isFull || count === 1) return
    expect(counts.failing).toBeGreaterThan(count / 10)
    expect(counts.loops).toBeLessThan(count / 10)
  })
})
