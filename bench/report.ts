// What a person reads of the results: the table, and the lines of `--check`.

import { markdownTable } from 'markdown-table'
import { type Compared, holds, type Result, type Spread } from './measure.ts'
import type { Unit } from './row.ts'

const HEAD = ['', 'median', 'quartiles', 'against', 'its median', 'ratio', 'quartiles', 'goal', 'reached']

/** A row for each comparison; the work is named in the first. */
export function table(results: readonly Result[]): string {
  const rows = results.flatMap((result) => {
    const { name, value, unit } = result
    const own = [name, amount(value.median, unit), range(value, (number) => amount(number, unit))]
    if (result.compared.length === 0) return [[...own, '', '', '', '', ...limitCells(result)]]
    return result.compared.map((compared, index) => [
      ...(index === 0 ? own : ['', '', '']),
      ...comparisonCells(compared, unit),
    ])
  })
  return markdownTable([HEAD, ...rows], { align: ['l', 'r', 'r', 'l', 'r', 'r', 'r', 'r', 'l'] })
}

function comparisonCells(compared: Compared, unit: Unit): string[] {
  const { base, value, ratios, ratio, goal } = compared
  const times = (number: number) => significant(number)
  return [
    base,
    amount(value.median, unit),
    `${times(ratios.median)} ${ratio}`,
    range(ratios, times),
    goal === undefined ? '' : `${ratio === 'times' ? '≤' : '≥'} ${goal}`,
    goal === undefined ? '' : yesOrNo(holds(compared, goal)),
  ]
}

function limitCells({ limit, value }: Result): string[] {
  return limit === undefined ? ['', ''] : [`≤ ${limit}`, yesOrNo(value.median <= limit)]
}

function yesOrNo(is: boolean): string {
  return is ? 'yes' : '**no**'
}

/** One line for each ratio that is on the wrong side of its margin. */
export function regressions(results: readonly Result[]): string[] {
  return results.flatMap((result) => {
    const { name, value, limit, unit } = result
    const broken = result.compared.filter(
      (compared) => compared.margin !== undefined && !holds(compared, compared.margin),
    )
    const lines = broken.map(({ ratios, ratio, base, margin }) => {
      const bound = ratio === 'times' ? 'at most' : 'at least'
      return `bench: ${name}: ${significant(ratios.median)} ${ratio} ${ratio === 'times' ? '' : 'than '}${base}, not ${bound} ${margin}`
    })
    if (limit === undefined || value.median <= limit) return lines
    return [...lines, `bench: ${name}: ${amount(value.median, unit)}, not at most ${limit}`]
  })
}

/** A number with its unit, in three digits. */
export function amount(number: number, unit: Unit): string {
  if (unit === 'forks' || unit === 'rounds') return `${number} ${unit}`
  if (unit !== 'ms') return `${significant(number)} ${unit}`
  if (Math.abs(number) < 1) return `${significant(number * 1000)} µs`
  return Math.abs(number) >= 1000 ? `${significant(number / 1000)} s` : `${significant(number)} ms`
}

function range({ low, high }: Spread, write: (number: number) => string): string {
  return low === high ? '' : `${write(low)} – ${write(high)}`
}

export function significant(number: number): string {
  const minimumSignificantDigits = Math.abs(number) < 1000 ? 3 : 1
  return number.toLocaleString('en', { minimumSignificantDigits, maximumSignificantDigits: 3 })
}
