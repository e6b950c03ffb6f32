import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { readPair, splitPair } from '../../src/system/key-values.ts'

describe('a word KEY=VALUE', () => {
  it.each([
    ['a=b', ['a', 'b']],
    ['a=b=c', ['a', 'b=c']],
    ['a=', ['a', '']],
    ['a=x\ny', ['a', 'x\ny']],
    ['a', undefined],
    ['=b', undefined],
    ['', undefined],
  ])('%j divides at the first sign', (word, pair) => {
    expect(splitPair(word)).toEqual(pair)
  })

  it('is refused with the rule of whoever reads it', () => {
    expect(readPair('a=b')).toEqual(['a', 'b'])
    expect(() => readPair('x')).toThrow(new UsageError('expected KEY=VALUE: x'))
    expect(() => readPair('=x', 'not NAME=TEXT')).toThrow(new UsageError('not NAME=TEXT: =x'))
  })
})
