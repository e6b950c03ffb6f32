// `charms.reactive trace --follow`: records of dispatches as they land. The file of the unit state is looked at, and
// read only where it has changed, so that no hook ever waits for who looks on.

import fs from 'node:fs'
import type { UnitState } from '../unit/unit-state.ts'
import type { DispatchRecord } from './trace.ts'
import { narrowTo } from './trace-text.ts'

const LOOK_MS = 250

export interface Followed {
  /** How many of those that there are already. */
  last: number
  handler?: string | undefined
  failed: boolean
}

/** The records from the last ones on, without an end. */
export async function* follow(state: UnitState, wanted: Followed): AsyncGenerator<DispatchRecord> {
  let next = 0
  let seen = ''
  for (let isFirst = true; ; isFirst = false) {
    const found = fingerprint(state.path)
    if (found === seen) {
      await sleep(LOOK_MS)
      continue
    }
    seen = found
    const rows = await state.records('trace')
    const fresh = rows.filter(([number]) => number >= next)
    next = (rows.at(-1)?.[0] ?? 0) + 1
    const shown = fresh.flatMap(([, row]) => narrow(row as unknown as DispatchRecord, wanted))
    yield* isFirst ? shown.slice(-wanted.last) : shown
  }
}

function narrow(record: DispatchRecord, { handler, failed }: Followed): DispatchRecord[] {
  if (failed && record.status === 0) return []
  if (handler === undefined) return [record]
  const own = narrowTo(record, handler)
  return own.iterations.length === 0 ? [] : [own]
}

/** Tells one version of the file from the next; a commit goes through its journal. */
function fingerprint(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false, bigint: true })
  return stat === undefined ? '' : `${stat.size} ${stat.mtimeNs}`
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
