// Assertions on the files of the unit, and on whether an event changed anything at all.

import fs from 'node:fs'
import path from 'node:path'
import { UsageError } from '../../errors.ts'
import { hasFailed } from '../event-result.ts'
import { fileOf } from '../unit-root.ts'
import { modeOf } from './arrange-functions.ts'
import { fail, type Pairs } from './failure.ts'
import { labels, type TestKit } from './kit.ts'
import { check, type KitFunction } from './kit-function.ts'
import { assertText, howToMatch, refuteText, TEXT_OPTIONS } from './matching.ts'
import { differences, PARTS, type Part } from './snapshot.ts'
import { showCall } from './stubs.ts'
import { many, type OptionKind, type Options, one } from './words.ts'

const FILE_OPTIONS: Record<string, OptionKind> = { ...TEXT_OPTIONS, mode: 'word' }
const FILE_WORDS = 'FILE [--mode MODE] [--partial | --regexp] [TEXT | -]'

export const STATE_ASSERTIONS: Record<string, KitFunction> = {
  assert_file: {
    words: FILE_WORDS,
    count: [1, 2],
    options: FILE_OPTIONS,
    run: check((kit, words, options) => assertFile(kit, words, options)),
  },
  refute_file: {
    words: FILE_WORDS,
    count: [1, 2],
    options: FILE_OPTIONS,
    run: check((kit, words, options) => refuteFile(kit, words, options)),
  },
  assert_rendered: {
    words: FILE_WORDS,
    count: [1, 2],
    options: FILE_OPTIONS,
    run: check((kit, words, options) => {
      assertFile(kit, words, options)
      const [file = ''] = words
      if (!isWritten(kit, file)) {
        fail(
          'file was not written',
          [
            ['file', file],
            ['event', labels(kit.act.results)],
          ],
          kit.explain(),
        )
      }
    }),
  },
  refute_rendered: {
    words: 'FILE',
    count: [1, 1],
    run: check((kit, [file = '']) => {
      if (!isWritten(kit, file)) return
      fail(
        'file was written',
        [
          ['file', file],
          ['event', labels(kit.act.results)],
        ],
        kit.explain(),
      )
    }),
  },
  assert_state_unchanged: {
    words: `[${PARTS.join('] [')}]`,
    count: [0, PARTS.length],
    run: check((kit, words) => {
      const changes = differences(kit.act.before, kit.act.after, partsOf(words))
      if (changes.length > 0) fail('state changed', changesOf(kit, changes), kit.explain())
    }),
  },
  refute_state_unchanged: {
    words: `[${PARTS.join('] [')}]`,
    count: [0, PARTS.length],
    run: check((kit, words) => {
      const changes = differences(kit.act.before, kit.act.after, partsOf(words))
      if (changes.length === 0) fail('nothing changed', [['event', labels(kit.act.results)]], kit.explain())
    }),
  },
  assert_idempotent: {
    words: '[--ignore COMMAND]...',
    count: [0, 0],
    options: { ignore: 'words' },
    run: check(async (kit, _, options) => {
      const changes = await repeat(kit, options)
      if (changes.length > 0)
        fail('the same event again changes something', changesOf(kit, changes), kit.explain())
    }),
  },
  refute_idempotent: {
    words: '[--ignore COMMAND]...',
    count: [0, 0],
    options: { ignore: 'words' },
    run: check(async (kit, _, options) => {
      const changes = await repeat(kit, options)
      if (changes.length > 0) return
      fail('the same event again changes nothing', [['event', labels(kit.act.results)]], kit.explain())
    }),
  },
}

function assertFile(kit: TestKit, [file = '', expected]: readonly string[], options: Options): void {
  const target = fileOf(kit.unit, file)
  if (!fs.existsSync(target)) missing(kit, file)
  checkMode(file, target, one(options, 'mode'))
  if (expected === undefined) return
  const how = howToMatch(options)
  const whole = how === 'equal' ? withoutEnd(expected) : expected
  assertText({ subject: 'file', how, expected: whole, actual: textOf(target), pairs: [['file', file]] })
}

/** What is not isolated was maybe written to the machine itself. */
function missing(kit: TestKit, file: string): never {
  const { problem } = kit.unit.isolation
  const pairs: Pairs = problem === '' ? [] : [['isolation', problem]]
  fail('file does not exist', [['file', file], ...pairs], kit.hasActed ? kit.explain() : '')
}

function refuteFile(kit: TestKit, [file = '', expected]: readonly string[], options: Options): void {
  const target = fileOf(kit.unit, file)
  if (!fs.existsSync(target)) return
  const mode = one(options, 'mode')
  if (mode !== undefined && (fs.statSync(target).mode & 0o7777) !== modeOf(mode)) return
  if (expected === undefined) fail('file exists', [['file', file]], kit.hasActed ? kit.explain() : '')
  refuteText({
    subject: 'file',
    how: howToMatch(options),
    expected,
    actual: textOf(target),
    pairs: [['file', file]],
  })
}

function checkMode(file: string, target: string, expected: string | undefined): void {
  if (expected === undefined) return
  const actual = fs.statSync(target).mode & 0o7777
  if (actual === modeOf(expected)) return
  fail('mode differs', [
    ['file', file],
    ['expected', expected],
    ['actual', actual.toString(8)],
  ])
}

/** Without the line ends that a command substitution would take off. */
function textOf(target: string): string {
  return withoutEnd(fs.readFileSync(target, 'utf8'))
}

function withoutEnd(text: string): string {
  return text.replace(/\n+$/, '')
}

/** Whether the last act has written the file, with whatever text. */
function isWritten({ act }: TestKit, file: string): boolean {
  if (!file.startsWith('/'))
    throw new UsageError(`a file below the unit's root has an absolute path: ${file}`)
  const name = path.normalize(file)
  return act.after.files[name]?.written !== act.before.files[name]?.written
}

function partsOf(words: readonly string[]): readonly Part[] {
  return words.length === 0
    ? PARTS
    : words.map((word) => {
        const part = PARTS.find((known) => known === word)
        if (part === undefined)
          throw new UsageError(`a part of the state is one of ${PARTS.join(', ')}: ${word}`)
        return part
      })
}

/** Let the last event happen again: what it changes, and which stubs it calls. */
async function repeat(kit: TestKit, options: Options): Promise<string[]> {
  const ignored = many(options, 'ignore')
  const { results, before, after, calls } = await kit.run(kit.act.events.slice(-1))
  const failed = results.filter(hasFailed)
  return [
    ...failed.map(({ exitStatus }) => `exit status: ${exitStatus}`),
    ...differences(before, after),
    ...calls
      .filter(({ command }) => !ignored.includes(command))
      .map((call) => `command called: ${showCall(call)}`),
  ]
}

function changesOf(kit: TestKit, changes: readonly string[]): Pairs {
  return [
    ['event', labels(kit.act.results)],
    ['changes', changes.join('\n')],
  ]
}
