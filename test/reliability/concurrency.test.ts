// Many processes at one unit state: commands while a hook runs, two hooks at once, a state that is made by a
// hundred processes, and processes that are killed while they write.

import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { effort, figure, sampled } from '../effort.ts'
import { bash, LiveUnit, median, until } from './live-unit.ts'

const COMMANDS = effort({ sample: 3, full: 100 })
const SECONDS = 1000
const LIMIT = { timeout: 180_000 }

const LOCKED = /lock|busy/i

/** Handlers in three languages that each change things, and then wait until the test says go on. */
const THREE_LANGUAGES = {
  'reactive/one.sh': bash(`
    @when_not bash.done
    in_bash() {
      for number in {0..19}; do set_flag "bash.$number"; done
      charms.reactive kv set bash '{"in": "bash"}'
      charms.reactive kv set both.2 hook
      set_flag both.flag
      clear_flag both.cleared-by-hook
      set_flag bash.done
      touch begun
      while [[ ! -e go-on ]]; do sleep 0.05; done
    }`),
  'reactive/two': `#!/usr/bin/env python3
import subprocess, sys
def call(*words): return subprocess.run(["charms.reactive", *words]).returncode
if sys.argv[1] == "--test": sys.exit(call("when_not", "python.done"))
for number in range(10): call("set_flag", "python.%d" % number)
call("kv", "set", "python", '{"in": "python"}')
call("set_flag", "python.done")
`,
  'reactive/three.mjs': `
import { clearFlag, kv, setFlag, whenNot } from 'charms.reactive'
whenNot('js.done')(function inJavaScript() {
  for (let number = 0; number < 20; number += 1) setFlag('js.' + number)
  kv.set('js', { in: 'javascript' })
  kv.set('both.1', 'hook')
  clearFlag('given.for-js')
  setFlag('js.done')
})
`,
}

/** Kinds of changes by commands: the words, and what is there afterwards. */
const CHANGES: { words: (number: number) => string[]; flag?: string; gone?: string; data?: string }[] = [
  { words: (number) => ['set_flag', `command.${number}`], flag: 'command' },
  { words: (number) => ['clear_flag', `given.${number}`], gone: 'given' },
  { words: (number) => ['kv', 'set', `command.${number}`, `{"number": ${number}}`], data: 'command' },
  {
    words: (number) => ['register_trigger', '--when', 'fire', '--set_flag', `fired.${number}`],
  },
  { words: (number) => ['mark_invoked', `mark.${number}`] },
]

const READS = [['get_flags'], ['kv', 'get', 'bash'], ['is_flag_set', 'given.0'], ['state', 'show']]

/** A unit where flags `given.N` are set. */
async function unitWithFlags(files: Record<string, string>, count: number): Promise<LiveUnit> {
  const unit = new LiveUnit({
    ...files,
    'reactive/given.sh': bash(`
      @hook install
      given() {
        for number in {0..${count}}; do set_flag "given.$number"; done
        set_flag given.for-js
        set_flag both.cleared-by-hook
      }
      @hook start
      fires() { set_flag fire; }`),
  })
  fs.writeFileSync(unit.file('go-on'), '')
  await unit.ask('set_flag', 'bash.done')
  await unit.ask('set_flag', 'js.done')
  await unit.ask('set_flag', 'python.done')
  await unit.run('install')
  for (const name of ['bash.done', 'js.done', 'python.done']) await unit.ask('clear_flag', name)
  fs.rmSync(unit.file('go-on'))
  return unit
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)

describe('commands while a hook runs', () => {
  it('all land, together with what the hook changed, and none finds the state locked', LIMIT, async () => {
    const unit = await unitWithFlags(THREE_LANGUAGES, COMMANDS)
    const hook = unit.hook('config-changed')
    await until(() => fs.existsSync(unit.file('begun')), 'the hook')
    const changing = numbers(COMMANDS).map((number) =>
      unit.command(...(CHANGES[number % 5]?.words(number) ?? [])),
    )
    const same = ['both.1', 'both.2'].map((key) => unit.command('kv', 'set', key, 'command'))
    const flag = [unit.command('set_flag', 'both.flag'), unit.command('set_flag', 'both.cleared-by-hook')]
    const reading = numbers(COMMANDS / 5).map((number) => unit.command(...(READS[number % 4] ?? [])))
    const ended = await Promise.all([...changing, ...same, ...flag])
    const read = await Promise.all(reading)
    // The hook is still under way: nobody has waited for it.
    expect(hook.child.exitCode).toBeNull()
    fs.writeFileSync(unit.file('go-on'), '')
    const { status, stderr, milliseconds } = await hook.ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(ended.filter(({ status, stderr }) => status !== 0 || stderr !== '')).toEqual([])
    expect(read.filter(({ status, stderr }) => status > 1 || LOCKED.test(stderr))).toEqual([])
    figure('commands at once during a hook', ended.length + read.length)
    figure('the hook took, s', (milliseconds / SECONDS).toFixed(1))
    figure(
      'slowest of these commands, s',
      (Math.max(...ended.map((e) => e.milliseconds)) / SECONDS).toFixed(1),
    )

    const { flags, data } = await unit.state()
    const of = (kind: number, name: string) =>
      numbers(COMMANDS)
        .filter((number) => number % 5 === kind)
        .map((number) => `${name}.${number}`)
    const cleared = new Set(of(1, 'given'))
    const expected = [
      ...['bash', 'js'].flatMap((name) => numbers(20).map((number) => `${name}.${number}`)),
      ...numbers(10).map((number) => `python.${number}`),
      ...['bash.done', 'js.done', 'python.done', 'both.flag'],
      ...of(0, 'command'),
      ...numbers(COMMANDS + 1)
        .map((number) => `given.${number}`)
        .filter((name) => !cleared.has(name)),
    ]
    expect(flags.sort()).toEqual(expected.sort())
    expect(data).toEqual({
      bash: { in: 'bash' },
      python: { in: 'python' },
      js: { in: 'javascript' },
      // Both wrote them: the hook committed last.
      'both.1': 'hook',
      'both.2': 'hook',
      ...Object.fromEntries(of(2, 'command').map((key) => [key, { number: Number(key.split('.')[1]) }])),
    })
    for (const id of of(4, 'mark')) expect((await unit.command('was_invoked', id)).status).toBe(0)
    // The triggers that were registered meanwhile are kept for the next hook.
    await unit.run('start')
    expect((await unit.state()).flags).toEqual(expect.arrayContaining(of(3, 'fired')))
  })

  it('read without waiting for it', LIMIT, async () => {
    const unit = await unitWithFlags(THREE_LANGUAGES, 10)
    const other = await unitWithFlags(THREE_LANGUAGES, 10)
    const hook = unit.hook('config-changed')
    await until(() => fs.existsSync(unit.file('begun')), 'the hook')
    const times: Record<'during' | 'quiet', number[]> = { during: [], quiet: [] }
    // In turn, so that whatever else the machine does slows both.
    for (const number of numbers(effort({ sample: 2, full: 60 }))) {
      for (const [when, asked] of [
        ['during', unit],
        ['quiet', other],
      ] as const) {
        const { status, milliseconds } = await asked.command(...(READS[number % 4] ?? []))
        expect(status).toBeLessThan(2)
        times[when].push(milliseconds)
      }
    }
    expect(hook.child.exitCode).toBeNull()
    fs.writeFileSync(unit.file('go-on'), '')
    await hook.ended
    const ratio = median(times.during) / median(times.quiet)
    figure('a read without a hook, ms (median)', median(times.quiet).toFixed(1))
    figure('a read while a hook runs, ms (median)', median(times.during).toFixed(1))
    figure('slowest read while a hook runs, ms', Math.max(...times.during).toFixed(1))
    figure('ratio of the medians', ratio.toFixed(2))
    expect(ratio).toBeLessThan(2)
  })
})

/** The same key, by a hook and by a command between its reading and its commit. */
const SAME_KEY: { hook: string; command: string[]; flags?: string[]; value?: unknown; why: string }[] = [
  { why: 'set by both is set', hook: 'set_flag new', command: ['set_flag', 'new'], flags: ['new', 'old'] },
  { why: 'cleared by both is cleared', hook: 'clear_flag old', command: ['clear_flag', 'old'], flags: [] },
  { why: 'cleared by the hook is cleared', hook: 'clear_flag old', command: ['set_flag', 'old'], flags: [] },
  {
    why: 'that the hook did not change stays as the command left it',
    hook: 'set_flag old',
    command: ['clear_flag', 'old'],
    flags: [],
  },
  {
    why: 'that the hook set and cleared again stays as the command left it',
    hook: 'set_flag new; clear_flag new',
    command: ['set_flag', 'new'],
    flags: ['new', 'old'],
  },
  {
    why: 'written by both has the value of the hook',
    hook: 'kv set key 2',
    command: ['kv', 'set', 'key', '3'],
    value: 2,
  },
  {
    why: 'that the hook wrote as it was has the value of the command',
    hook: 'kv set key 1',
    command: ['kv', 'set', 'key', '3'],
    value: 3,
  },
  {
    why: 'that the hook only read has the value of the command',
    hook: 'kv get key',
    command: ['kv', 'set', 'key', '3'],
    value: 3,
  },
  {
    why: 'deleted by the hook is gone',
    hook: 'kv delete key',
    command: ['kv', 'set', 'key', '3'],
    value: undefined,
  },
  {
    why: 'that the hook committed before has the value of the command',
    hook: 'kv set key 2; charms.reactive checkpoint',
    command: ['kv', 'set', 'key', '3'],
    value: 3,
  },
  {
    why: 'written by a hook that fails has the value of the command',
    hook: 'kv set key 2; fails=1',
    command: ['kv', 'set', 'key', '3'],
    value: 3,
  },
]

describe('a key that a command changes while a hook is between reading and commit', () => {
  it.each(sampled(SAME_KEY, 2))(
    '$why',
    LIMIT,
    async ({ hook: text, command, flags = ['old'], value = 1, why }) => {
      const unit = new LiveUnit({
        'reactive/app.sh': bash(`
        kv() { charms.reactive kv "$@"; }
        @hook start
        changes() {
          ${text}
          touch begun
          while [[ ! -e go-on ]]; do sleep 0.02; done
          exit "\${fails-0}"
        }`),
      })
      await unit.ask('set_flag', 'old')
      await unit.ask('kv', 'set', 'key', '1')
      const hook = unit.hook('start')
      await until(() => fs.existsSync(unit.file('begun')), 'the hook')
      await unit.ask(...command)
      fs.writeFileSync(unit.file('go-on'), '')
      expect((await hook.ended).status).toBe(text.includes('fails') ? 1 : 0)
      const { flags: found, data } = await unit.state()
      expect(found).toEqual(flags)
      expect(data).toEqual(why.includes('gone') ? {} : { key: value })
    },
  )
})
