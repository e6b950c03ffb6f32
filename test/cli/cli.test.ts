import { describe, expect, it } from 'vitest'
import { answerLine } from '../../src/cli/cli.ts'
import { parse } from '../../src/cli/parse.ts'
import { HandlerError, HookToolError, ReactiveError, refusal, UsageError } from '../../src/errors.ts'
import { getFlags } from '../../src/unit/flags.ts'
import { makeCharm, runCli, startSession } from '../test-unit.ts'

/** The parts of a line that say what was understood. */
function understood(line: readonly string[]) {
  const { name, words, options, shellVariables, format } = parse(line)
  return {
    name,
    words,
    ...(Object.keys(options).length > 0 && { options }),
    ...(shellVariables.length > 0 && { shellVariables }),
    ...(format && { format }),
  }
}

const TRIGGER = { name: 'register_trigger', words: [] }

describe('a command line', () => {
  it.each<[string[], object]>([
    // spellings of options
    [
      ['register_trigger', '--when', 'a', '--set_flag', 'b'],
      { ...TRIGGER, options: { when: ['a'], set_flag: ['b'] } },
    ],
    [
      ['register_trigger', '--when=a', '--set-flag=b'],
      { ...TRIGGER, options: { when: ['a'], set_flag: ['b'] } },
    ],
    [
      ['register_trigger', '--when-not', 'a', '--clear-flag', 'b'],
      { ...TRIGGER, options: { when_not: ['a'], clear_flag: ['b'] } },
    ],
    [
      ['register_trigger', '--when', 'a', '--set_flag', 'b', '--set-flag=c'],
      { ...TRIGGER, options: { when: ['a'], set_flag: expect.arrayContaining(['b', 'c']) } },
    ],
    [
      ['--when', 'a', 'register_trigger', '--set_flag', 'b'],
      { ...TRIGGER, options: { when: ['a'], set_flag: ['b'] } },
    ],
    [
      ['register_trigger', '--when=-x', '--set_flag=--y'],
      { ...TRIGGER, options: { when: ['-x'], set_flag: ['--y'] } },
    ],
    [
      ['register_trigger', '--when=a=b', '--set_flag', 'c=d'],
      { ...TRIGGER, options: { when: ['a=b'], set_flag: ['c=d'] } },
    ],
    [
      ['data_changed', 'a', 'b', '--hash_type', 'sha1'],
      { name: 'data_changed', words: ['a', 'b'], options: { hash_type: ['sha1'] } },
    ],
    [
      ['data_changed', '--hash-type=sha1', 'a', '-'],
      { name: 'data_changed', words: ['a', '-'], options: { hash_type: ['sha1'] } },
    ],
    [
      ['any_file_changed', '--peek', 'f'],
      { name: 'any_file_changed', words: ['f'], options: { peek: true } },
    ],
    [
      ['any_file_changed', 'f', '--peek'],
      { name: 'any_file_changed', words: ['f'], options: { peek: true } },
    ],
    [
      ['any_file_changed', '--peek', 'true'],
      { name: 'any_file_changed', words: ['true'], options: { peek: true } },
    ],
    [
      ['any_file_changed', '--peek', 'false', 'g'],
      { name: 'any_file_changed', words: ['false', 'g'], options: { peek: true } },
    ],
    // the end of options
    [['set_flag', '--', '-x'], { name: 'set_flag', words: ['-x'] }],
    [['--', 'set_flag', '--format'], { name: 'set_flag', words: ['--format'] }],
    [
      ['-j', 'get_unset_flags', 'a', '--', '--', '-j'],
      { name: 'get_unset_flags', words: ['a', '--', '-j'], format: 'json' },
    ],
    [['set_flag', 'a', '--'], { name: 'set_flag', words: ['a'] }],
    [['kv', 'set', 'a', '--', '--shell-variables'], { name: 'kv', words: ['set', 'a', '--shell-variables'] }],
    // words stay words
    [['set_flag', '1.10', '007'], { name: 'set_flag', words: ['1.10', '007'] }],
    [
      ['get_unset_flags', '1.10', '007', '1e3', '0x10', '.5', 'true', 'null', '', ' ', '-j'],
      {
        name: 'get_unset_flags',
        words: ['1.10', '007', '1e3', '0x10', '.5', 'true', 'null', '', ' '],
        format: 'json',
      },
    ],
    [['-j', 'toggle_flag', '1.10', 'true'], { name: 'toggle_flag', words: ['1.10', 'true'], format: 'json' }],
    [['toggle_flag', 'x', '-j', 'true'], { name: 'toggle_flag', words: ['x', 'true'], format: 'json' }],
    [['get_unset_flags', '--json', 'false'], { name: 'get_unset_flags', words: ['false'], format: 'json' }],
    [['data_changed', 'id', '-5'], { name: 'data_changed', words: ['id', '-5'] }],
    [
      ['register_trigger', '--when', '1.10', '--set_flag', '007'],
      { ...TRIGGER, options: { when: ['1.10'], set_flag: ['007'] } },
    ],
    [
      ['register_trigger', '--when=1e3', '--set_flag', 'a.b'],
      { ...TRIGGER, options: { when: ['1e3'], set_flag: ['a.b'] } },
    ],
    [['set_flag', '__proto__', 'constructor'], { name: 'set_flag', words: ['__proto__', 'constructor'] }],
    [
      ['-j', 'set_flag', '__proto__', "a'b"],
      { name: 'set_flag', words: ['__proto__', "a'b"], format: 'json' },
    ],
    [['-j', 'set_flag', '"quoted"', "'x'"], { name: 'set_flag', words: ['"quoted"', "'x'"], format: 'json' }],
    [
      ['register_trigger', '--when', '"a"', "--set_flag='b'"],
      { ...TRIGGER, options: { when: ['"a"'], set_flag: ["'b'"] } },
    ],
    // formats
    [['get_flags', '--format', 'json'], { name: 'get_flags', words: [], format: 'json' }],
    [['--format=yaml', 'get_flags'], { name: 'get_flags', words: [], format: 'yaml' }],
    [['--format', 'csv', 'get_flags'], { name: 'get_flags', words: [], format: 'csv' }],
    [['-r', 'get_flags'], { name: 'get_flags', words: [], format: 'raw' }],
    [['get_flags', '-j'], { name: 'get_flags', words: [], format: 'json' }],
    [['get_flags', '-y'], { name: 'get_flags', words: [], format: 'yaml' }],
    [['-c', 'get_flags'], { name: 'get_flags', words: [], format: 'csv' }],
    [['-t', 'get_flags'], { name: 'get_flags', words: [], format: 'tab' }],
    [['get_flags', '--tab'], { name: 'get_flags', words: [], format: 'tab' }],
    // as many words behind --shell-variables as it says are data
    [
      [
        'render_template',
        '--shell-variables',
        '5',
        'text',
        '--owner',
        '-x',
        '--',
        '--shell-variables',
        '--mode',
        '0600',
        'a',
        'b',
      ],
      {
        name: 'render_template',
        words: ['a', 'b'],
        options: { mode: ['0600'] },
        shellVariables: ['text', '--owner', '-x', '--', '--shell-variables'],
      },
    ],
  ])('%j', (line, expected) => {
    expect(understood(line)).toEqual(expected)
  })

  it.each<[string[], string]>([
    [['-j'], 'charms.reactive: no command: see charms.reactive --help'],
    [[''], 'charms.reactive: : unknown command:'],
    [['nonsense'], 'charms.reactive: nonsense: unknown command: nonsense'],
    [['set_falg', 'a'], 'charms.reactive: set_falg: unknown command: set_falg: did you mean set_flag?'],
    [['simulte', '.'], 'charms.reactive: simulte: unknown command: simulte: did you mean simulate?'],
    [['leader_set', '--frmat', 'json'], 'charms.reactive: leader_set: unknown option: --frmat'],
    [['__proto__'], 'charms.reactive: __proto__: unknown command: __proto__'],
    [['constructor', 'x'], 'charms.reactive: constructor: unknown command: constructor'],
    [['toString'], 'charms.reactive: toString: unknown command: toString'],
    [['a\nb'], 'charms.reactive: a\\nb: unknown command: a\\nb'],
    [['set_flag'], 'charms.reactive: set_flag: too few words, set_flag takes: FLAG [VALUE]'],
    [['set_flag', 'a', 'b', 'c'], 'charms.reactive: set_flag: too many words: c'],
    [['get_flags', 'a'], 'charms.reactive: get_flags: too many words: a'],
    [['set_flag', '-x'], 'charms.reactive: set_flag: unknown option: -x'],
    [['set_flag', 'a', '--nonsense'], 'charms.reactive: set_flag: unknown option: --nonsense'],
    [['set_flag', 'a', '--nonsense=1'], 'charms.reactive: set_flag: unknown option: --nonsense'],
    [['set_flag', 'a', '--when', 'b'], 'charms.reactive: set_flag: unknown option: --when'],
    [['set_flag', 'a', '--no-format'], 'charms.reactive: set_flag: unknown option: --no-format'],
    [['set_flag', 'a', '--__proto__'], 'charms.reactive: set_flag: unknown option: --___proto___'],
    [['set_flag', 'a', '--__proto__=1'], 'charms.reactive: set_flag: unknown option: --___proto___'],
    [['set_flag', 'a', '--constructor'], 'charms.reactive: set_flag: unknown option: --constructor'],
    [
      ['set_flag', 'a', '--constructor.prototype.x=1'],
      'charms.reactive: set_flag: unknown option: --constructor.prototype.x',
    ],
    [
      ['set_flag', 'a', '--shell-variables', 'b'],
      'charms.reactive: set_flag: unknown option: --shell-variables',
    ],
    [['get_flags', '--format'], 'charms.reactive: get_flags: the option needs a value: --format'],
    [['get_flags', '--format', 'xml'], 'charms.reactive: get_flags: unknown format: xml'],
    [['get_flags', '--format='], 'charms.reactive: get_flags: unknown format:'],
    [['get_flags', '--json=true'], 'charms.reactive: get_flags: the option takes no value: --json'],
    [
      ['any_file_changed', 'f', '--peek=x'],
      'charms.reactive: any_file_changed: the option takes no value: --peek',
    ],
    [
      ['register_trigger', '--when', '--set_flag', 'a'],
      'charms.reactive: register_trigger: the option needs a value: --when',
    ],
    [['get_flags', '--format', '__proto__'], 'charms.reactive: get_flags: unknown format: __proto__'],
    [['register_trigger', '--when'], 'charms.reactive: register_trigger: the option needs a value: --when'],
    [
      ['register_trigger', '--when', 'a', '--set_flag='],
      'charms.reactive: register_trigger: the option needs a value: --set_flag',
    ],
    [
      ['register_trigger', '--when', 'a', '--when', 'b', '--set_flag', 'c'],
      'charms.reactive: register_trigger: the option is given twice: --when',
    ],
    [
      ['register_trigger', '--when', 'a'],
      'charms.reactive: register_trigger: a trigger needs --set_flag or --clear_flag',
    ],
    [
      ['register_trigger', '--set_flag', 'a'],
      'charms.reactive: register_trigger: a trigger needs exactly one of --when and --when_not',
    ],
    [['toggle_flag', 'a', 'yes'], 'charms.reactive: toggle_flag: neither true nor false: yes'],
    [['set_flag', ''], 'charms.reactive: set_flag: a flag needs a name: ""'],
    [['is_flag_set', 'a\nb'], 'charms.reactive: is_flag_set: a flag name has no control characters: "a\\nb"'],
    [['kv', 'get'], 'charms.reactive: kv: too few words, kv takes: get|range|set|delete KEY [VALUE]'],
    [['kv', 'set', 'a'], 'charms.reactive: kv: no value: a'],
    [['kv', 'get', 'a', 'b'], 'charms.reactive: kv: too many words: b'],
    [['kv', 'put', 'a'], 'charms.reactive: kv: neither get, range, set nor delete: put'],
    [['kv', 'put', 'a', 'b'], 'charms.reactive: kv: neither get, range, set nor delete: put'],
    [
      ['data_changed', 'a', 'b', '--hash_type', 'md55'],
      'charms.reactive: data_changed: unknown hash type: md55',
    ],
    [['trace', '--last', '0'], 'charms.reactive: trace: --last takes a number from 1: 0'],
    [['trace', '--last', '1.5'], 'charms.reactive: trace: --last takes a number from 1: 1.5'],
  ])('%j is refused with one line, status 2, and nothing changes', async (line, message) => {
    const session = await startSession()
    expect(await answerLine(session, line)).toEqual({ status: 2, stderr: `${message}\n` })
    expect(getFlags(session)).toEqual([])
    expect(session.changeCount).toBe(0)
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  it('is refused by the executable in the same words', async () => {
    const charm = makeCharm()
    for (const words of [
      ['constructor'],
      ['set_flag', '--__proto__=1'],
      ['set_flag', 'a\nb'],
      ['get_flags', 'x'],
    ]) {
      const session = await startSession({ charmDir: charm })
      expect(await runCli(charm, words)).toEqual({ stdout: '', ...(await answerLine(session, words)) })
    }
  })
})

describe('an answer', () => {
  it('takes what comes from standard input for data, whatever it begins with', async () => {
    const charm = makeCharm()
    const answers = ['--no-option', '--no-option', '--another'].map((input) => ({ input }))
    const statuses: number[] = []
    for (const options of answers)
      statuses.push((await runCli(charm, ['data_changed', 'id', '-'], options)).status)
    expect(statuses).toEqual([0, 1, 0])
  })

  it('is ready at once where nothing has to be waited for', async () => {
    const session = await startSession()
    expect(answerLine(session, ['set_flag', 'a'])).toEqual({ status: 0 })
    expect(answerLine(session, ['is_flag_set', 'b'])).toEqual({ status: 1 })
    expect(answerLine(session, ['get_flags'])).toEqual({ status: 0, stdout: 'a\n' })
  })

  it('to an expected error is one line, with the status of the error', () => {
    expect(refusal(['x'], new ReactiveError('a\nb'))).toEqual({
      status: 3,
      stderr: 'charms.reactive: x: a\\nb\n',
    })
    expect(refusal(['x'], new UsageError('no'))).toEqual({ status: 2, stderr: 'charms.reactive: x: no\n' })
    const failure = { handler: 'h', file: 'f', status: 7 }
    expect(refusal(['x'], new HandlerError(failure)).status).toBe(7)
    expect(refusal(['x'], new HookToolError('t', [], 1, '')).status).toBe(3)
    expect(refusal(['-j', 'x'], new UsageError('no'))).toEqual({ status: 2, stderr: 'charms.reactive: no\n' })
  })

  it('to a bug has status 70 and the stack', async () => {
    const session = await startSession()
    const broken = Object.assign(session, { state: undefined })
    const { status, stderr } = await answerLine(broken, ['get_flags'])
    expect(status).toBe(70)
    expect(stderr).toMatch(/^charms\.reactive: a bug in the toolkit: TypeError: .*\n {4}at /)
    expect(refusal([], 'thrown text')).toEqual({
      status: 70,
      stderr: 'charms.reactive: a bug in the toolkit: thrown text\n',
    })
  })

  it('to a line with control characters stays one line', () => {
    const { stderr } = refusal(['a\u001b[31m\nb'.repeat(100)], new UsageError('no'))
    expect(stderr).toMatch(/^[\u0020-\u007e]+\n$/)
  })
})
