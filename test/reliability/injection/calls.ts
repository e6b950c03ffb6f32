// The calls of a bash handler with hostile values, and what each must answer: the value itself, byte for byte, or
// one line and the documented status.

import { expect } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands.ts'
import { wordCount } from '../../../src/system/word-count.ts'
import type { Random } from '../../random.ts'
import type { Answer, Call } from './bash-hook.ts'
import { isFileName, isLegalFlag } from './hostile.ts'

/** A refusal is one line, and nothing else. */
export function expectRefusal(answer: Answer, status?: number): void {
  expect(answer.stderr).toMatch(/^charms\.reactive: [^\n]+\n$/)
  expect(answer.stdout).toBe('')
  if (status === undefined) expect([2, 3]).toContain(answer.status)
  else expect(answer.status).toBe(status)
}

const says =
  (stdout: string, status = 0) =>
  (answer: Answer) =>
    expect(answer).toEqual({ status, stdout, stderr: '' })
const done = says('')
const no = says('', 1)

/** An answer of any kind, but a documented one. */
function expectDocumented(answer: Answer): void {
  expect([0, 1, 2, 3]).toContain(answer.status)
  if (answer.status < 2) expect(answer.stderr).toBe('')
  else expectRefusal(answer)
}

/** Every command with values in all places, behind `--` and, where they cannot be options, without. */
export function callsOfEveryCommand(count: number, random: Random): Call[] {
  const pick = () => `"\${v[${random.below(count)}]}"`
  return Object.entries(COMMANDS).flatMap(([name, { words, options = {} }]) => {
    const some = Array.from({ length: Math.min(Math.max(wordCount(words).least, 1), 3) }, pick)
    const valued = Object.keys(options).filter((option) => options[option]?.value !== undefined)
    return [
      { line: `charms.reactive ${name} -- ${some.join(' ')}`, check: expectDocumented },
      { line: `charms.reactive ${name} -- ${some.join(' ')} ${pick()}`, check: expectDocumented },
      ...valued.map((option) => ({
        line: `charms.reactive ${name} --${option}=${pick()} -- ${some.join(' ')}`,
        check: expectDocumented,
      })),
    ]
  })
}

/** What a value goes through as flag, key, id, data and template variable, and comes back from. */
function roundTrips(value: string, index: number): Call[] {
  const v = `"\${v[${index}]}"`
  const flagCall = (line: string, check: Call['check']): Call => ({
    line,
    check: isLegalFlag(value) ? check : (answer) => expectRefusal(answer, 2),
  })
  return [
    flagCall(`set_flag -- ${v}`, done),
    flagCall(`is_flag_set -- ${v}`, done),
    flagCall(`all_flags_set -- ${v} ${v}`, done),
    flagCall(`clear_flag -- ${v}`, done),
    flagCall(`any_flags_set -- ${v}`, no),
    flagCall(`charms.reactive register_trigger --when=${v} --set_flag=${v}`, done),
    flagCall(`toggle_flag -- ${v} true`, done),
    { line: `charms.reactive kv set -- "k${index}:"${v} "v:"${v}`, check: done },
    { line: `charms.reactive kv get -- "k${index}:"${v}`, check: says(`v:${value}\n`) },
    { line: `mark_invoked -- ${v}`, check: done },
    { line: `was_invoked -- ${v}`, check: done },
    { line: `charms.reactive forget -- ${v}`, check: done },
    { line: `was_invoked -- ${v}`, check: no },
    { line: `data_changed -- "d${index}:"${v} "v:"${v}`, check: done },
    { line: `is_data_changed -- "d${index}:"${v} "v:"${v}`, check: no },
    { line: `render_template value.j2 out/pair.${index} -- value=${v}`, check: done },
    { line: `render_template value.j2 out/variable.${index}`, check: done },
    { line: `config_get option${index}`, check: says(`${value}\n`) },
    { line: `layer_option app option${index}`, check: says(`${value}\n`) },
    { line: `name_relation_get db mysql/0 key${index}`, check: says(`${value}\n`) },
    { line: `endpoint_get db key${index} --text`, check: says(`${value}\n`) },
    { line: `endpoint_set db -- key${index}="v:"${v}`, check: done },
  ]
}

/** A file of that name in `files/`, which has just been made. */
function fileCalls(value: string, index: number): Call[] {
  if (!isFileName(value)) return []
  const file = `"files/\${v[${index}]}"`
  return [
    { line: `any_file_changed -- ${file}`, check: done },
    { line: `any_file_changed -- ${file}`, check: no },
    { line: `render_template value.j2 "made/\${v[${index}]}" -- value=x`, check: done },
    { line: `render_template -- "\${v[${index}]}" out/source.${index} value=x`, check: done },
  ]
}

/** Before each call the variable `value` is the value, which templates see. */
export function callsOf(values: readonly string[]): Call[] {
  return values.flatMap((value, index) => [
    { line: `eval 'value=\${v[${index}]}'`, check: done },
    ...roundTrips(value, index),
    ...fileCalls(value, index),
  ])
}

/** Bytes that are no UTF-8 are refused, whatever the command. */
export function callsWithoutUtf8(count: number): Call[] {
  return Array.from({ length: count }, (_, index) => `"\${v[${index}]}"`).flatMap((v) =>
    [
      `set_flag -- ${v}`,
      `charms.reactive kv set key ${v}`,
      `is_flag_set ${v}`,
      `mark_invoked ${v}`,
      `data_changed id ${v}`,
    ].map((line) => ({
      line,
      check: (answer: Answer) => {
        expectRefusal(answer, 2)
        expect(answer.stderr).toContain('arguments must be UTF-8')
      },
    })),
  )
}
