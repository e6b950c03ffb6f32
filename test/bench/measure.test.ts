import { describe, expect, it } from 'vitest'
import { measureRow, spread } from '../../bench/measure.ts'
import { regressions, table } from '../../bench/report.ts'
import { type Comparison, type Row, work } from '../../bench/row.ts'

/** A work that gives these numbers, one after the other; behind another one for the round that warms up. */
function numbers(name: string, values: number[], { order = [] as string[], isWarmedUp = true } = {}) {
  return work(name, () => {
    const rest = isWarmedUp ? [1000, ...values] : [...values]
    return () => {
      order.push(name)
      return rest.shift() ?? Number.NaN
    }
  })
}

function rowOf(values: number[], against: Comparison[], more: Partial<Row> = {}): Row {
  const rounds = { full: values.length, short: 2 }
  return {
    name: 'a row',
    unit: 'ms',
    work: numbers('it', values, { isWarmedUp: values.length > 1 }),
    against,
    rounds,
    ...more,
  }
}

describe('a row', () => {
  it('takes the ratio of each pair, not of the medians', async () => {
    const base = numbers('base', [1, 2, 10])
    const { value, compared } = await measureRow(rowOf([10, 4, 10], [{ base, ratio: 'times' }]), false)
    expect(value).toMatchObject({ median: 10, samples: [10, 4, 10] })
    expect(compared[0]?.ratios).toMatchObject({ median: 2, samples: [10, 2, 1] })
  })

  it('measures in turn, and the first round does not count', async () => {
    const order: string[] = []
    const row = rowOf([], [{ base: numbers('base', [1, 1], { order }), ratio: 'times' }])
    const result = await measureRow({ ...row, work: numbers('it', [3, 3], { order }) }, true)
    expect(order).toEqual(['it', 'base', 'it', 'base', 'it', 'base'])
    expect(result.value.samples).toEqual([3, 3])
  })

  it('asks a slow base for fewer rounds', async () => {
    const base = numbers('base', [20])
    const comparison: Comparison = { base, ratio: 'times faster', rounds: 1 }
    const { compared } = await measureRow(rowOf([2, 2, 2], [comparison]), false)
    expect(compared[0]?.ratios.samples).toEqual([10])
  })
})

describe('the spread', () => {
  it('is the median and the quartiles', () => {
    expect(spread([4, 1, 3, 2, 5])).toMatchObject({ median: 3, low: 2, high: 4 })
    expect(spread([1, 2])).toMatchObject({ median: 1.5, low: 1.25, high: 1.75 })
  })
})

describe('the check', () => {
  const linesOf = async (value: number, comparison: Omit<Comparison, 'base'>) => {
    const base = numbers('base', [10], { isWarmedUp: false })
    return regressions([await measureRow(rowOf([value], [{ base, ...comparison }]), false)])
  }

  it('allows twice the goal, or twice what was recorded where that is worse', async () => {
    expect(await linesOf(39, { ratio: 'times', goal: 2 })).toEqual([])
    expect(await linesOf(41, { ratio: 'times', goal: 2 })).toEqual([
      'bench: a row: 4.10 times base, not at most 4',
    ])
    expect(await linesOf(59, { ratio: 'times', goal: 2, recorded: 3 })).toEqual([])
    expect(await linesOf(61, { ratio: 'times', goal: 2, recorded: 3 })).toHaveLength(1)
    expect(await linesOf(1000, { ratio: 'times' })).toEqual([])
  })

  it('allows half of how much faster it shall be', async () => {
    expect(await linesOf(4, { ratio: 'times faster', goal: 4 })).toEqual([])
    expect(await linesOf(6, { ratio: 'times faster', goal: 4 })).toEqual([
      'bench: a row: 1.67 times faster than base, not at least 2',
    ])
  })

  it('allows no more than the limit of what is counted', async () => {
    const forks = (count: number) => measureRow(rowOf([count], [], { unit: 'forks', limit: 0 }), false)
    expect(regressions([await forks(0)])).toEqual([])
    expect(regressions([await forks(2)])).toEqual(['bench: a row: 2 forks, not at most 0'])
  })
})

describe('the table', () => {
  it('says of each goal whether it is reached', async () => {
    const base = numbers('base', [10], { isWarmedUp: false })
    const row = rowOf(
      [30],
      [
        { base, ratio: 'times', goal: 2 },
        { base: numbers('slow', [3000], { isWarmedUp: false }), ratio: 'times faster', goal: 50 },
      ],
    )
    const cells = table([await measureRow(row, false)])
      .split('\n')
      .slice(2)
      .map((line) => line.split('|').map((cell) => cell.trim()))
    expect(cells.map((line) => line.slice(1, -1))).toEqual([
      ['a row', '30.0 ms', '', 'base', '10.0 ms', '3.00 times', '', '≤ 2', '**no**'],
      ['', '', '', 'slow', '3.00 s', '100 times faster', '', '≥ 50', 'yes'],
    ])
  })
})
