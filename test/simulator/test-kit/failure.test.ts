import { describe, expect, it } from 'vitest'
import { formatFailure, formatPairs, listed } from '../../../src/simulator/test-kit/failure.ts'

describe('formatPairs', () => {
  it('aligns values of one line, as bats-support does', () => {
    expect(formatPairs({ expected: 'a', was: '' })).toBe('expected : a\nwas      : \n')
  })

  it('indents all values when one has several lines', () => {
    expect(formatPairs({ one: 'a', two: 'b\n\nc', none: '' })).toBe(
      'one (1 lines):\n  a\ntwo (3 lines):\n  b\n  \n  c\nnone (0 lines):\n  \n',
    )
  })
})

describe('formatFailure', () => {
  it('is a block with blank lines around, and what explains it below', () => {
    expect(formatFailure(['it differs', { a: 'b' }])).toBe('\n-- it differs --\na : b\n--\n\n')
    expect(formatFailure(['x', {}, () => 'because\n'])).toBe('\n-- x --\n--\n\nbecause\n\n')
  })
})

describe('listed', () => {
  it('is one line while that is short', () => {
    expect(listed([])).toBe('(none)')
    expect(listed(['a', 'b'])).toBe('a, b')
    expect(listed(['a'.repeat(60), 'b'.repeat(60)])).toBe(`${'a'.repeat(60)}\n${'b'.repeat(60)}`)
  })
})
