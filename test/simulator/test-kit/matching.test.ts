import { describe, expect, it } from 'vitest'
import { assertText, howToMatch, isMatch, refuteText } from '../../../src/simulator/test-kit/matching.ts'

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

describe('assertText and refuteText', () => {
  const texts = { subject: 'file', expected: 'a', actual: 'b' }

  it('print both texts, and what explains them', () => {
    expect(() => assertText({ ...texts, how: 'equal', explain: () => 'why' })).toThrow(
      '\n-- file differs --\nexpected : a\nactual   : b\n--\n\nwhy\n\n',
    )
    expect(() => refuteText({ ...texts, how: 'partial', actual: 'b\na' })).toThrow(
      '\n-- file contains substring --\nsubstring (1 lines):\n  a\nactual (2 lines):\n  b\n  a\n--\n\n',
    )
  })

  it('say nothing when it holds', () => {
    assertText({ ...texts, how: 'regexp', actual: 'xax' })
    refuteText({ ...texts, how: 'equal' })
  })
})
