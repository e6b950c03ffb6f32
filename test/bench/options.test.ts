import { describe, expect, it } from 'vitest'
import { readOptions } from '../../bench/options.ts'

describe('the options of the suite', () => {
  it('are none of them needed', () => {
    expect(readOptions([])).toEqual({ only: '', short: false, check: false, help: false })
  })

  it('name files, rows and both checkouts of the original', () => {
    const words = ['--json', 'a.json', '--chart=b.svg', '--only', '12', '--short', '--check']
    const checkouts = ['--python-charms-reactive', 'here', '--charm-helpers', 'there']
    expect(readOptions([...words, ...checkouts])).toEqual({
      json: 'a.json',
      chart: 'b.svg',
      only: '12',
      short: true,
      check: true,
      help: false,
      originals: { charmsReactive: 'here', charmHelpers: 'there' },
    })
  })

  it.each([
    [['--fast'], 'unknown option: fast'],
    [['word'], 'unknown option: word'],
    [['--json'], 'an option without its value: --json'],
    [['--charm-helpers', '/'], 'the original needs both: --python-charms-reactive and --charm-helpers'],
  ])('are refused: %j', (words, message) => {
    expect(() => readOptions(words)).toThrow(message)
  })
})
