// A shorter sequence that still disagrees: parts are left out, large ones first, as long as there is time.

import type { Operation, Sequence } from './operations.ts'
import { type Replayed, replay } from './replay.ts'

/** Shorten the sequence for so many milliseconds. What remains ends with the disagreement. */
export async function shrink(sequence: Sequence, found: Replayed, milliseconds: number): Promise<Replayed> {
  const end = Date.now() + milliseconds
  let best = found
  for (let size = Math.ceil(best.played.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < best.played.length - 1; start += size) {
      if (Date.now() > end) return best
      const shorter = await replay({ ...sequence, operations: without(best.played, start, size) })
      if (!isSameFault(found, shorter)) continue
      best = shorter
      start -= size
    }
  }
  return best
}

/** The last operation is the one that disagrees. */
function without(operations: readonly Operation[], start: number, size: number): Operation[] {
  const end = Math.min(start + size, operations.length - 1)
  return operations.toSpliced(start, end - start)
}

/** Whether one of the subjects is the same: another fault may be hidden in the shorter sequence. */
function isSameFault(
  { disagreement: before = [] }: Replayed,
  { disagreement: after = [] }: Replayed,
): boolean {
  const subjects = after.map(subjectOf)
  return before.some((paragraph) => subjects.includes(subjectOf(paragraph)))
}

function subjectOf(paragraph: string): string {
  return paragraph.slice(0, paragraph.indexOf(':'))
}
