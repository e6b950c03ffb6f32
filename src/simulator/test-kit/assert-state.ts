// Assertions on the files of the unit, and on whether an event changed anything at all.

import fs from 'node:fs'
import path from 'node:path'
import { UsageError } from '../../errors.ts'
import { hasFailed } from '../event-result.ts'
import { fileOf } from '../unit-root.ts'
import { modeOf } from './arrange-functions.ts'
import { type Assertion, assertion, assertOnly, either, type Finding, refuteOnly } from './assertion.ts'
import { type Act, labels, type TestKit } from './kit.ts'
import { compareText, howToMatch, TEXT_OPTIONS } from './matching.ts'
import { differences, PARTS, type Part } from './snapshot.ts'
import { showCall } from './stubs.ts'
import { many, type OptionKind, type Options, one } from './words.ts'

const FILE_OPTIONS: Record<string, OptionKind> = { ...TEXT_OPTIONS, mode: 'word' }

/** Before the first event there is nothing to explain. */
const explain = (kit: TestKit) => (kit.hasActed ? kit.explain() : '')

const FILE: Assertion = {
  words: 'FILE [--mode MODE] [--partial | --regexp] [TEXT | -]',
  options: FILE_OPTIONS,
  examine: (kit, [file = '', expected], options) => {
    const target = fileOf(kit.unit, file)
    // What is not isolated was maybe written to the machine itself.
    const { problem } = kit.unit.isolation
    const isolation = problem === '' ? {} : { isolation: problem }
    if (!fs.existsSync(target))
      return { missing: ['file does not exist', { file, ...isolation }, () => explain(kit)] }
    const mode = one(options, 'mode')
    const actual = fs.statSync(target).mode & 0o7777
    if (mode !== undefined && actual !== modeOf(mode))
      return { missing: ['mode differs', { file, expected: mode, actual: actual.toString(8) }] }
    if (expected === undefined) return { present: ['file exists', { file }, () => explain(kit)] }
    const how = howToMatch(options)
    const text = how === 'equal' ? withoutEnd(expected) : expected
    return compareText({ subject: 'file', how, expected: text, actual: textOf(target), pairs: { file } })
  },
}

const WRITTEN: Assertion = {
  words: 'FILE',
  explain,
  examine: (kit, [file = '']) => {
    const pairs = { file, event: labels(kit.act.results) }
    return either(isWritten(kit, file), ['file was not written', pairs], ['file was written', pairs])
  },
}

const UNCHANGED: Assertion = {
  words: `[${PARTS.join('] [')}]`,
  explain,
  examine: ({ act }, words) =>
    changesFound(act, differences(act.before, act.after, partsOf(words)), 'state changed', 'nothing changed'),
}

const IDEMPOTENT: Assertion = {
  words: '[--ignore COMMAND]...',
  options: { ignore: 'words' },
  explain,
  examine: async (kit, _, options) => {
    const changes = await repeat(kit, options)
    return changesFound(
      kit.act,
      changes,
      'the same event changes something when it runs again',
      'the same event changes nothing when it runs again',
    )
  },
}

export const STATE_ASSERTIONS = {
  ...assertion('file', FILE),
  ...assertOnly('assert_rendered', {
    ...FILE,
    examine: async (...given) => {
      const found = await FILE.examine(...given)
      if (found.missing !== undefined) return found
      return WRITTEN.examine(...given)
    },
  }),
  ...refuteOnly('refute_rendered', WRITTEN),
  ...assertion('state_unchanged', UNCHANGED),
  ...assertion('idempotent', IDEMPOTENT),
}

/** The failure of either, by what has changed. */
function changesFound({ results }: Act, changes: readonly string[], some: string, none: string): Finding {
  const event = labels(results)
  return either(changes.length === 0, [some, { event, changes: changes.join('\n') }], [none, { event }])
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
          throw new UsageError(`assert_state_unchanged takes one of ${PARTS.join(', ')}: ${word}`)
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
