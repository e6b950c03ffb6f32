// The power fails while a hook commits. What its calls had synced is on the disk, of the rest anything: the state is
// that of before or that of after.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { UnitState } from '../../src/unit/unit-state.ts'
import { effort, figure, isFull, random, sampled } from '../effort.ts'
import { PowerlessDisk } from './crash-safety/power-loss.ts'
import { expectWhole, type Start, startOn, UNIT_NAMES } from './crash-safety/survival.ts'
import { MEMORY, makeDir, type Rows, readCopy } from './crash-safety/unit.ts'

const TIMEOUT = isFull ? 3_600_000 : 600_000

interface Failure {
  /** The number of calls before it. */
  at: number
  dir: string
}

/** The state as the toolkit itself reads it. */
async function readOurselves(dir: string): Promise<Rows> {
  const state = await UnitState.open({ path: path.join(dir, 'state.db'), unit: 'app/0', busyTimeout: 1000 })
  const rows = [...state.entries('')]
    .filter(([key]) => !key.startsWith('meta:'))
    .map(([key, value]) => [`reactive:${key}`, JSON.stringify({ value })])
  await state.close()
  return Object.fromEntries(rows)
}

/** So many failures behind each call of the hook from one of them on, each in a directory of its own. */
function failuresOf({ unit, calls }: Start, perCall: number, from = 1): Failure[] {
  const choice = random(calls.length)
  const disk = new PowerlessDisk(unit.stateDir)
  const base = makeDir(MEMORY)
  return calls.flatMap((call, index) => {
    disk.call(call)
    if (index + 1 < from) return []
    return Array.from({ length: perCall }, (_, turn) => {
      const dir = path.join(base, `${index}-${turn}`)
      fs.mkdirSync(dir)
      disk.fail(dir, choice)
      return { at: index + 1, dir }
    })
  })
}

function label({ calls }: Start, { at }: Failure): string {
  return `power fails behind call ${at} of ${calls.length}, ${calls[at - 1]?.name} ${calls[at - 1]?.path}`
}

describe('a hook whose machine loses its power leaves the state of before or of after', () => {
  it.each(sampled(UNIT_NAMES, 1))('on %s', { timeout: TIMEOUT }, async (name) => {
    const start = await startOn(name)
    const failures = failuresOf(start, effort({ sample: 1, full: 50 }))
    const counts = { before: 0, after: 0 }
    for (const failure of failures) {
      const copy = `${failure.dir}-copy`
      fs.cpSync(failure.dir, copy, { recursive: true })
      const { check, rows } = await readCopy(copy)
      expect(check, label(start, failure)).toBe('ok')
      const which = expectWhole(rows, start, label(start, failure))
      counts[which] += 1
      expect(await readOurselves(failure.dir), label(start, failure)).toEqual(rows)
    }
    figure(`losses of power in a hook on ${name}`, failures.length)
    figure(`losses of power in a hook on ${name}, the state was that of before`, counts.before)
  })

  it.each(sampled(UNIT_NAMES, 1))(
    'on %s: of after, once the hook has succeeded',
    { timeout: TIMEOUT },
    async (name) => {
      const start = await startOn(name)
      for (const failure of failuresOf(start, effort({ sample: 5, full: 200 }), start.calls.length)) {
        expect((await readCopy(failure.dir)).rows).toEqual(start.after)
      }
    },
  )
})
