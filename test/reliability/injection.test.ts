// Nothing that comes from outside is ever evaluated, split, globbed or taken for an option: through each door
// hostile values come back as they were, or they are refused with one line. Seeded: see effort.ts.

import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { byCodePoint } from '../../src/unit/records.ts'
import { effort, figure, isFull, random, seed } from '../effort.ts'
import { bareEnv, quote, run, runCli, SHELL, writeFiles } from '../test-unit.ts'
import { canaries, inCharm, runCalls, runHook } from './injection/bash-hook.ts'
import { callsOf, callsOfEveryCommand, callsWithoutUtf8, expectRefusal } from './injection/calls.ts'
import { HALVES, HOSTILE, hostile, isFileName, isLegalFlag, NO_UTF8 } from './injection/hostile.ts'

const MINUTES = 15 * 60_000
const times = (sample: number, full: number) => ({
  seed,
  numRuns: effort({ sample, full }),
  endOnFailure: !isFull,
})

/** What a bash handler may have done before: options, and variables with a meaning. */
const ODDITIES = [
  '',
  'local IFS=abc./_-$; set -u -o pipefail',
  'shopt -s nullglob failglob extglob dotglob globstar expand_aliases nocasematch; alias set_flag="touch CANARY"',
  `shopt -s localvar_inherit; local LC_ALL=C
declare -g -n ref='a[$(touch CANARY)]'
declare -g -n again=ref one=two two=one plain=HOME
declare -g -i number=1; declare -g -a list=('$(touch CANARY)' '*')
declare -g -A map=(['a[$(touch CANARY)]']='*' ['@']='*')`,
]

describe('through the channel, from a bash handler', () => {
  it(
    'each value comes back byte for byte, or is refused',
    async () => {
      let count = 0
      const property = fc.asyncProperty(
        fc.uniqueArray(hostile, { minLength: 4, maxLength: 8 }),
        fc.constantFrom(...ODDITIES),
        (values, before) =>
          inCharm(async (dir) => {
            const calls = callsOf(values)
            count += calls.length
            prepare(dir, values)
            const hook = await runCalls({ dir, values, calls, before })
            expect(hook).toMatchObject({ status: 0, stdout: '' })
            await expectKept(dir, values)
          }),
      )
      await fc.assert(property, {
        ...times(2, 100),
        examples: ODDITIES.map((oddity, index) => [
          HOSTILE.filter((_, at) => at % ODDITIES.length === index),
          oddity,
        ]),
      })
      figure('calls from bash with a known answer', count)
    },
    MINUTES,
  )

  it(
    'every command takes hostile words for words',
    async () => {
      let count = 0
      const property = fc.asyncProperty(
        fc.uniqueArray(hostile, { minLength: 6, maxLength: 8 }),
        fc.nat(),
        (values, stream) =>
          inCharm(async (dir) => {
            const calls = callsOfEveryCommand(values.length, random(stream))
            count += calls.length
            expect((await runCalls({ dir, values, calls })).status).toBe(0)
            expect(canaries(dir)).toEqual([])
          }),
      )
      await fc.assert(property, times(1, 50))
      figure('calls of every command', count)
    },
    MINUTES,
  )

  it('bytes that are no UTF-8 are refused', () =>
    inCharm(async (dir) => {
      const calls = callsWithoutUtf8(NO_UTF8.length)
      expect((await runCalls({ dir, values: NO_UTF8, calls })).status).toBe(0)
    }))

  it('a value of 1 MB comes back', () =>
    inCharm(async (dir) => {
      const long = 'A'.repeat(1_000_000)
      const calls = [
        {
          line: 'charms.reactive kv set long "${v[0]}"',
          check: (answer: object) => expect(answer).toMatchObject({ status: 0, stderr: '' }),
        },
        {
          line: 'charms.reactive kv get long',
          check: ({ stdout }: { stdout: string }) => expect(stdout === `${long}\n`).toBe(true),
        },
        {
          line: 'set_flag -- "${v[0]}"',
          check: (answer: { status: number; stdout: string; stderr: string }) => expectRefusal(answer, 2),
        },
      ]
      expect((await runCalls({ dir, values: [long], calls })).status).toBe(0)
    }))
})

/** What the charm has, and Juju says, around the values. */
function prepare(dir: string, values: readonly string[]): void {
  const named = (prefix: string) =>
    Object.fromEntries(values.map((value, index) => [`${prefix}${index}`, value]))
  writeFiles(dir, {
    'data/config.json': JSON.stringify({
      ...named('option'),
      ...Object.fromEntries(values.map((value) => [`name ${value}`, 1])),
    }),
    'data/remote.json': JSON.stringify({
      ...named('key'),
      ...Object.fromEntries(values.map((value) => [`name ${value}`, value])),
    }),
    'layer.yaml': JSON.stringify({ options: { app: named('option') } }).replace(
      /[\u007f-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    'templates/value.j2': '{{ value }}',
  })
  for (const value of values.filter(isFileName)) {
    fs.mkdirSync(path.join(dir, 'files'), { recursive: true })
    fs.writeFileSync(path.join(dir, 'files', value), 'content')
    fs.writeFileSync(path.join(dir, 'templates', value), '{{ value }}')
  }
}

/** What is there after the hook: flags, rendered files, published data, and nothing that was evaluated. */
async function expectKept(dir: string, values: readonly string[]): Promise<void> {
  expect(canaries(dir)).toEqual([])
  const legal = [...new Set(values.filter(isLegalFlag))].sort(byCodePoint)
  const flags: string[] = JSON.parse((await runCli(dir, ['get_flags', '-j'])).stdout)
  expect(flags.filter((flag) => legal.includes(flag))).toEqual(legal)
  for (const [index, value] of values.entries()) {
    for (const kind of ['pair', 'variable']) {
      expect(fs.readFileSync(path.join(dir, `out/${kind}.${index}`), 'utf8')).toBe(value)
    }
    if (isFileName(value)) expect(fs.readFileSync(path.join(dir, 'made', value), 'utf8')).toBe('x')
  }
  const published = JSON.parse(fs.readFileSync(path.join(dir, 'data/published.json'), 'utf8'))
  expect(published).toMatchObject(
    Object.fromEntries(values.map((value, index) => [`key${index}`, `v:${value}`])),
  )
}

describe('outside of a hook, from the arguments of a process', () => {
  it(
    'every command takes hostile words for words',
    async () => {
      const names = Object.keys(COMMANDS)
      const property = fc.asyncProperty(fc.constantFrom(...names), hostile, hostile, (name, one, two) =>
        inCharm(async (dir) => {
          const answer = await runCli(dir, [name, '--', one, two])
          expect([0, 1, 2, 3]).toContain(answer.status)
          if (answer.status < 2) expect(answer.stderr).toBe('')
          else expectRefusal(answer)
          expect(canaries(dir)).toEqual([])
        }),
      )
      await fc.assert(property, {
        ...times(8, 10 * names.length),
        examples: names
          .filter((_, index) => index % 3 === seed % 3)
          .map((name) => [name, '$(touch CANARY)', '-n']),
      })
    },
    MINUTES,
  )

  it(
    'what one process writes the next one reads',
    async () => {
      const property = fc.asyncProperty(hostile, (value) =>
        inCharm(async (dir) => {
          expect(await runCli(dir, ['kv', 'set', '--', value, `v:${value}`])).toEqual({
            status: 0,
            stdout: '',
            stderr: '',
          })
          expect(await runCli(dir, ['kv', 'get', '--', value])).toEqual({
            status: 0,
            stdout: `v:${value}\n`,
            stderr: '',
          })
        }),
      )
      await fc.assert(property, times(2, 50))
    },
    MINUTES,
  )

  it('bytes that are no UTF-8 are refused', () =>
    inCharm(async (dir) => {
      const bytes = NO_UTF8.map((text) => `$'${[...text].map((byte) => `\\x${byte.toString(16)}`).join('')}'`)
      for (const word of bytes) {
        const answer = await run(
          '/bin/bash',
          ['-c', `exec ${quote([path.join(SHELL, 'charms.reactive')])} set_flag -- ${word}`],
          { cwd: dir, env: bareEnv(dir) },
        )
        expectRefusal(answer, 2)
      }
      expect((await runCli(dir, ['get_flags'])).stdout).toBe('')
    }))
})

/** Runs each executable with the values, as a program in another language does. */
const PYTHON = `#!/usr/bin/env python3
import json, os, subprocess, sys
if sys.argv[1] == '--test':
    sys.exit(os.path.exists('answers.json'))
with open('values.json') as file:
    given = json.load(file)
answers = []
for name, words in given:
    done = subprocess.run([name, *words], capture_output=True, stdin=subprocess.DEVNULL)
    answers.append([done.returncode, done.stdout.decode(), done.stderr.decode()])
with open('answers.json', 'w') as file:
    json.dump(answers, file)
`

describe('by the executables, from another language', () => {
  it(
    'hostile words are words',
    async () => {
      const names = fs
        .readdirSync(SHELL)
        .filter((name) => Object.hasOwn(COMMANDS, name) || name === 'state_relation_call')
      const property = fc.asyncProperty(hostile, hostile, (one, two) =>
        inCharm(async (dir) => {
          const flag = isLegalFlag(one)
          const known: [string, string[], number | undefined][] = [
            ['set_flag', ['--', one], flag ? 0 : 2],
            ['is_flag_set', ['--', one], flag ? 0 : 2],
            ['clear_flag', ['--', one], flag ? 0 : 2],
            ['is_flag_set', ['--', one], flag ? 1 : 2],
          ]
          const calls = [
            ...known,
            ...names.map((name): [string, string[], undefined] => [name, ['--', one, two], undefined]),
          ]
          writeFiles(dir, {
            'reactive/calls': PYTHON,
            'values.json': JSON.stringify(calls.map(([name, words]) => [name, words])),
          })
          expect((await runHook(dir)).status).toBe(0)
          const answers: [number, string, string][] = JSON.parse(
            fs.readFileSync(path.join(dir, 'answers.json'), 'utf8'),
          )
          for (const [index, [status, stdout, stderr]] of answers.entries()) {
            const expected = calls[index]?.[2]
            if (expected !== undefined) expect([calls[index], status]).toEqual([calls[index], expected])
            expect([0, 1, 2, 3]).toContain(status)
            if (status > 1) expectRefusal({ status, stdout, stderr })
          }
          expect(answers).toHaveLength(calls.length)
          expect(canaries(dir)).toEqual([])
        }),
      )
      await fc.assert(property, times(1, 50))
    },
    MINUTES,
  )
})

/** A handler in JavaScript that makes the calls of a test, and says what each gave. */
const API = `
import fs from 'node:fs'
import * as reactive from 'charms.reactive'
const attempt = (work) => { try { return { value: work() } } catch (error) { return { error: error.name, message: error.message } } }
reactive.hook('install', function write() {
  const values = JSON.parse(fs.readFileSync('values.json', 'utf8'))
  fs.mkdirSync('out')
  const answers = values.map((value, index) => ({
    flag: attempt(() => { reactive.setFlag(value); return reactive.isFlagSet(value) }),
    key: attempt(() => { reactive.kv.set(value, index); return reactive.kv.get(value) }),
    value: attempt(() => { reactive.kv.set('value ' + index, value); return reactive.kv.get('value ' + index) }),
    mark: attempt(() => { reactive.markInvoked(value); return reactive.wasInvoked(value) }),
    data: attempt(() => [reactive.dataChanged('id ' + index, value), reactive.dataChanged('id ' + index, value)]),
    render: attempt(() => { reactive.renderTemplate('value.j2', 'out/' + index, { value }) }),
    config: attempt(() => reactive.config(value)),
    nothing: attempt(() => reactive.layer.options.get(value, value)),
  }))
  fs.writeFileSync('answers.json', JSON.stringify(answers))
})
reactive.hook('start', function read() {
  const values = JSON.parse(fs.readFileSync('values.json', 'utf8'))
  fs.writeFileSync('kept.json', JSON.stringify(values.map((value, index) => ({
    flag: reactive.isFlagSet(value), key: reactive.kv.get(value), value: reactive.kv.get('value ' + index), mark: reactive.wasInvoked(value),
  }))))
})
`

describe('by the JavaScript API', () => {
  it(
    'each value comes back in the next hook, or is refused',
    async () => {
      const value = fc.oneof(
        hostile,
        fc.constantFrom(...HALVES.slice(0, -1)),
        fc.string({
          unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)),
          minLength: 1,
          maxLength: 8,
        }),
      )
      const property = fc.asyncProperty(fc.uniqueArray(value, { minLength: 5, maxLength: 30 }), (values) =>
        inCharm(async (dir) => {
          writeFiles(dir, {
            'reactive/calls.mjs': API,
            'templates/value.j2': '{{ value }}',
            'values.json': JSON.stringify(values),
          })
          expect(await runHook(dir)).toMatchObject({ status: 0, stdout: '' })
          expect(await runHook(dir, { JUJU_HOOK_NAME: 'start' })).toMatchObject({ status: 0, stdout: '' })
          const read = (name: string) => JSON.parse(fs.readFileSync(path.join(dir, name), 'utf8'))
          const [answers, kept] = [read('answers.json'), read('kept.json')]
          for (const [index, value] of values.entries())
            expectApi(dir, value, index, answers[index], kept[index])
          expect(canaries(dir)).toEqual([])
        }),
      )
      await fc.assert(property, { ...times(1, 50), examples: [[[...HOSTILE, ...HALVES]]] })
    },
    MINUTES,
  )
})

interface Attempts {
  [name: string]: { value?: unknown; error?: string; message?: string }
}

function expectApi(
  dir: string,
  value: string,
  index: number,
  answer: Attempts,
  kept: Record<string, unknown>,
): void {
  const refused = { error: 'UsageError', message: expect.stringMatching(/^[^\n]+$/) }
  const isText = value.isWellFormed()
  const flag = isLegalFlag(value)
  expect(answer, JSON.stringify(value)).toEqual({
    flag: flag ? { value: true } : refused,
    key: isText ? { value: index } : refused,
    value: { value },
    mark: isText ? { value: true } : refused,
    data: { value: [true, false] },
    render: {},
    // The charm declares no option.
    config: refused,
    nothing: refused,
  })
  expect(kept, JSON.stringify(value)).toEqual({ flag, ...(isText && { key: index }), value, mark: isText })
  // A file holds no half characters: they are replaced, as everywhere.
  expect(fs.readFileSync(path.join(dir, `out/${index}`), 'utf8') === value.toWellFormed()).toBe(true)
}

describe('in the words of decorators', () => {
  it(
    'each flag and file is itself, in bash and in JavaScript',
    async () => {
      const word = hostile.filter((text) => isLegalFlag(text) && isFileName(text))
      const property = fc.asyncProperty(fc.uniqueArray(word, { minLength: 5, maxLength: 20 }), (words) =>
        inCharm(async (dir) => {
          const named = words.map((text, index) => ({
            text,
            index,
            bash: quote([text]),
            file: quote([`files/${text}`]),
          }))
          for (const text of words) {
            fs.mkdirSync(path.join(dir, 'files'), { recursive: true })
            fs.writeFileSync(path.join(dir, 'files', text), 'content')
          }
          writeFiles(dir, {
            'reactive/a.sh': `#!/bin/bash\nsource charms.reactive.sh
@hook ${named.map(({ bash }) => bash).join(' ')} install
sets() {\n${named.map(({ bash }) => `  set_flag -- ${bash}`).join('\n')}\n}
${named.map(({ index, bash }) => `@when ${bash}\n@not_unless ${bash}\nf${index}() { echo f${index} >>ran; }`).join('\n')}
${named.map(({ index, file }) => `@when_file_changed ${file}\ng${index}() { echo g${index} >>ran; }`).join('\n')}
reactive_handler_main\n`,
            'reactive/b.mjs': `import fs from 'node:fs'\nimport { when, whenNot } from 'charms.reactive'\n${named.map(({ text, index }) => `when(${JSON.stringify(text)}, function h${index}() { fs.appendFileSync('ran', 'h${index}\\n') })\nwhenNot(${JSON.stringify(text)}, function i${index}() { fs.appendFileSync('ran', 'i${index}\\n') })`).join('\n')}\n`,
          })
          const hook = await runHook(dir)
          expect(hook).toMatchObject({ status: 0, stdout: '' })
          // A comma at the end is a slip of the pen in most charms, so that is said.
          const isExpected = (line: string) => line.includes('ends with a comma')
          const warnings = hook.stderr.split('\n').filter((line) => line.includes('WARNING'))
          expect(warnings.filter((line) => !isExpected(line))).toEqual([])
          const ran = fs.readFileSync(path.join(dir, 'ran'), 'utf8').split('\n').slice(0, -1)
          expect(ran.sort()).toEqual(
            ['f', 'g', 'h'].flatMap((kind) => words.map((_, index) => `${kind}${index}`)).sort(),
          )
          expect(canaries(dir)).toEqual([])
        }),
      )
      await fc.assert(property, {
        ...times(1, 50),
        examples: [[HOSTILE.filter((text) => isLegalFlag(text) && isFileName(text))]],
      })
    },
    MINUTES,
  )

  it(
    'a name of a function runs as that function, or is refused',
    async () => {
      const name = fc.oneof(
        fc.constantFrom(
          'a[$(touch CANARY)]',
          'a`touch',
          '$(touch',
          '-n',
          '--',
          'a*',
          '[a]',
          '__proto__',
          'constructor',
          '{a,b}',
          '!',
          'a;touch',
          'a|b',
          '%s',
          "a'b",
          '~',
          'printf',
          'x=y',
        ),
        fc.string({
          unit: fc.constantFrom(...'aé_-.:@%+,*?[]{}^~!=$`;&|<>#"\'\\/'),
          minLength: 1,
          maxLength: 6,
        }),
      )
      const property = fc.asyncProperty(name, (text) =>
        inCharm(async (dir) => {
          writeFiles(dir, {
            'reactive/a.sh': `#!/bin/bash\nsource charms.reactive.sh\n@hook install\nfunction ${text} { echo ran >>ran; }\nreactive_handler_main\n`,
          })
          const hook = await runHook(dir)
          expect(canaries(dir)).toEqual([])
          expect([0, 3]).toContain(hook.status)
          const refusals = hook.stderr
            .split('\n')
            .filter((line) => line.startsWith('charms.reactive: main: '))
          expect(refusals).toHaveLength(hook.status === 0 ? 0 : 1)
          // bash takes a command with % in front for a job, whatever is defined.
          if (hook.status === 0 && !text.startsWith('%'))
            expect(fs.existsSync(path.join(dir, 'ran'))).toBe(true)
        }),
      )
      await fc.assert(property, { ...times(4, 150), examples: [['a*'], ['{a,b}'], ['$(touch']] })
    },
    MINUTES,
  )
})

describe('in the line that an executable prints for itself', () => {
  it(
    'it comes back byte for byte',
    async () => {
      const line = fc.oneof(fc.constantFrom(...HOSTILE), hostile).filter((text) => !text.includes('\n'))
      const property = fc.asyncProperty(fc.uniqueArray(line, { minLength: 3, maxLength: 10 }), (lines) =>
        inCharm(async (dir) => {
          for (const [index, text] of lines.entries()) {
            writeFiles(dir, {
              [`line.${index}`]: `${text}\n`,
              [`reactive/x${index}`]: `#!/bin/bash\ncase $1 in\n--test) [[ ! -e got.${index} ]] && cat line.${index} ;;\n*) printf '%s\\n' "$2" >got.${index}; [[ $# == 2 ]] ;;\nesac\n`,
            })
          }
          expect((await runHook(dir)).status).toBe(0)
          for (const [index, text] of lines.entries())
            expect(fs.readFileSync(path.join(dir, `got.${index}`), 'utf8')).toBe(`${text}\n`)
          expect(canaries(dir)).toEqual([])
        }),
      )
      const lines = HOSTILE.filter((text) => !text.includes('\n'))
      await fc.assert(property, { ...times(1, 50), examples: [[lines]] })
    },
    MINUTES,
  )

  it('bytes that are no UTF-8 are refused', () =>
    inCharm(async (dir) => {
      writeFiles(dir, { 'reactive/x': "#!/bin/bash\n[[ $1 != --test ]] || printf '\\xff\\n'\n" })
      expectRefusal(await runHook(dir), 3)
    }))
})
