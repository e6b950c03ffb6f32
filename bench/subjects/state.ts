// The commit of ten changed keys, in a state with many others that did not change.

import path from 'node:path'
import { UnitState } from '../../src/unit/unit-state.ts'
import { type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'

const CHANGED = 10

export function stateRows(bench: Bench): Row[] {
  return [10_000, 100_000].map((keys) => ({
    name: `commit of 10 changed keys beside ${keys.toLocaleString('en')}`,
    unit: 'ms',
    work: commitWork(bench, keys),
    against: [{ base: commitWork(bench, 100), ratio: 'times', goal: 1.25 }],
    rounds: { full: 60, short: 20 },
    long: keys > 10_000,
  }))
}

function commitWork({ workspace }: Bench, keys: number): Work {
  return work(`beside ${keys}`, async () => {
    const file = path.join(workspace.makeDir('state'), 'state.db')
    const state = await UnitState.open({ path: file, unit: 'bench/0', busyTimeout: 1000 })
    for (let key = 0; key < keys; key++) state.set(`kv:unchanged.${key}`, { text: 'value', number: key })
    await state.commit()
    let round = 0
    return async () => {
      round += 1
      for (let key = 0; key < CHANGED; key++) state.set(`kv:changed.${key}`, { round })
      const begin = performance.now()
      await state.commit()
      return performance.now() - begin
    }
  })
}
