import { describe, expect, it } from 'vitest'
import { readOptions } from '../../bench/options.ts'

describe('the options of the suite', () => {
  it('are none of them needed', () => {
    expect(readOptions([])).toEqual({ only: '', peers: false, short: false, check: false, help: false })
  })

  it('name files, rows and peers', () => {
    const words = ['--json', 'a.json', '--chart=b.svg', '--only', '12', '--short', '--check', '--peers']
    expect(readOptions(words)).toEqual({
      json: 'a.json',
      chart: 'b.svg',
      only: '12',
      peers: true,
      short: true,
      check: true,
      help: false,
    })
  })

  it.each([
    [['--fast'], 'unknown option: fast'],
    [['word'], 'unknown option: word'],
    [['--json'], 'an option without its value: --json'],
  ])('are refused: %j', (words, message) => {
    expect(() => readOptions(words)).toThrow(message)
  })
})
