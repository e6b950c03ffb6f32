import { describe, expect, it } from 'vitest'
import { pairsOf, parseWords, quoteWords } from '../../../src/simulator/test-kit/words.ts'

const KINDS = { partial: 'alone', regexp: 'alone', stdin: 'alone', times: 'word', env: 'words' } as const

describe('parseWords', () => {
  it('takes options from between the words, long, short and with a value behind `=`', () => {
    expect(parseWords(['a', '-p', 'b', '--times', '2', '--env=A=1', '--env', 'B=2', '-'], KINDS)).toEqual({
      words: ['a', 'b'],
      options: { partial: true, times: '2', env: ['A=1', 'B=2'], stdin: true },
    })
  })

  it('ends options at `--`, and takes what is no option as a word', () => {
    expect(parseWords(['-5', '--', '-p', '--'], KINDS)).toEqual({ words: ['-5', '-p', '--'], options: {} })
    expect(parseWords(['-'], { times: 'word' })).toEqual({ words: ['-'], options: {} })
  })

  it('takes options of an argument vector only in front of it', () => {
    const parsed = parseWords(['-p', 'apt-get', 'install', '-y', '--', 'x'], KINDS, { leading: true })
    expect(parsed).toEqual({ words: ['apt-get', 'install', '-y', '--', 'x'], options: { partial: true } })
    expect(parseWords(['--', '-x', '-p'], KINDS, { leading: true }).words).toEqual(['-x', '-p'])
  })

  it('refuses them behind the command, but for the one that may be last, and where -- says that they are words', () => {
    const parse = (...line: string[]) => parseWords(line, KINDS, { leading: true, trailing: 'times' })
    expect(() => parse('apt-get', 'install', '--env=A')).toThrow(
      '--env=A comes after the command: put it before apt-get; if it belongs to the call, put -- before apt-get',
    )
    expect(() => parse('apt-get', '--times', '2', 'x')).toThrow('--times comes after the command')
    expect(parse('apt-get', 'x', '--times', '2')).toEqual({
      words: ['apt-get', 'x'],
      options: { times: '2' },
    })
    expect(parse('--', 'apt-get', '--times', '2').words).toEqual(['apt-get', '--times', '2'])
    expect(parse('apt-get', '--yes', '-e').words).toEqual(['apt-get', '--yes', '-e'])
  })

  it.each([
    [['--colour'], 'unknown option: --colour'],
    [['--parital'], 'unknown option: --parital: did you mean --partial?'],
    [['-x'], 'unknown option: -x'],
    [['--times'], 'the option needs a value: --times'],
    [['--partial=yes'], 'the option takes no value: --partial'],
  ])('refuses %j', (line, message) => {
    expect(() => parseWords(line, KINDS)).toThrow(message)
  })
})

describe('pairsOf', () => {
  it('cuts at the first `=`', () => {
    expect(pairsOf(['a=b=c', 'd='])).toEqual({ a: 'b=c', d: '' })
    expect(() => pairsOf(['=x'])).toThrow('expected KEY=VALUE: =x')
  })
})

describe('quoteWords', () => {
  it('writes words as a shell would take them', () => {
    expect(quoteWords(['a/b=c', '', 'x y', "it's", 'new\nline\t\\', 'größe'])).toBe(
      `a/b=c '' 'x y' 'it'\\''s' $'new\\nline\\x09\\\\' 'größe'`,
    )
  })
})
