import { describe, expect, it } from 'vitest'
import { compareText, howToMatch, isMatch } from '../../../src/simulator/test-kit/matching.ts'

describe('isMatch', () => {
  it.each([
    ['equal', 'a', 'a', true],
    ['equal', 'a', 'ab', false],
    ['partial', '.', 'a.b', true],
    ['partial', '.', 'ab', false],
    ['regexp', '^a.c$', 'a\nc', true],
    ['regexp', '^b', 'a\nb', false],
    ['regexp', '^[[:alpha:]_]+[[:space:]][^[:digit:]]$', 'a_b x', true],
    ['regexp', '^[[:punct:]]+$', '!/:@[`{~', true],
    ['glob', '*.conf', '/etc/a.conf', true],
    ['glob', '*.conf', '/etc/aXconf', false],
    ['glob', 'a?[0-9][!x]', 'ab1y', true],
    ['glob', 'a?[0-9][!x]', 'ab1x', false],
    ['glob', '\\*(+$', '*(+$', true],
  ] as const)('%s %j against %j: %s', (how, expected, actual, answer) => {
    expect(isMatch(how, expected, actual)).toBe(answer)
  })

  it('names an expression that is none', () => {
    expect(() => isMatch('regexp', '(', 'x')).toThrow('invalid regular expression: (')
  })
})

describe('howToMatch', () => {
  it('takes one way', () => {
    expect(howToMatch({})).toBe('equal')
    expect(howToMatch({ regexp: true })).toBe('regexp')
    expect(() => howToMatch({ partial: true, regexp: true })).toThrow(
      '--partial and --regexp are mutually exclusive',
    )
  })
})

describe('compareText', () => {
  const texts = { subject: 'file', expected: 'a', actual: 'b' }

  it('finds that a text is another one, and shows both', () => {
    expect(compareText({ ...texts, how: 'equal', pairs: { file: '/x' } })).toEqual({
      missing: ['file differs', { file: '/x', expected: 'a', actual: 'b' }],
    })
    expect(compareText({ ...texts, how: 'regexp' })).toEqual({
      missing: ['file does not match regular expression', { regexp: 'a', actual: 'b' }],
    })
  })

  it('finds that it is the same, or has what was looked for', () => {
    expect(compareText({ ...texts, how: 'equal', actual: 'a' })).toEqual({
      present: ['file is equal, but it was expected to differ', { value: 'a' }],
    })
    expect(compareText({ ...texts, how: 'partial', actual: 'b a' })).toEqual({
      present: ['file contains substring', { substring: 'a', actual: 'b a' }],
    })
  })
})
