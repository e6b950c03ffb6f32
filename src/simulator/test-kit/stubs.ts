// Commands of the machine that a test has stubbed: rules that say what they answer, the script that the
// simulated unit runs in their place (src/simulator/machine-commands.ts), and the calls that came.

import fs from 'node:fs'
import path from 'node:path'
import { UsageError } from '../../errors.ts'
import { type CommandCall, type MachineCommands, REFUSED } from '../machine-commands.ts'
import type { SimulatedUnit } from '../unit.ts'
import type { Pairs } from './failure.ts'
import { type How, isMatch } from './matching.ts'
import { quote, quoteWords } from './words.ts'

export interface Pattern {
  /** How each word is compared. */
  how: How
  /** Whether the call may have more words. */
  open: boolean
  words: readonly string[]
}

export interface Rule extends Pattern {
  status: number
  stdout: string
  stderr: string
  /** bash that runs in place of an answer, with the arguments of the call. */
  script: string
  /** How often it answers; from then on an earlier rule does. */
  times: number | undefined
  strict: boolean
}

export interface Call {
  command: string
  args: string[]
  /** Neither stubbed nor allowed, or not foreseen by strict stubs. */
  note: '' | 'refused' | 'unexpected'
}

/** Whether a call has the words of a pattern; a pattern without words fits every call. */
export function fits({ how, open, words }: Pattern, args: readonly string[]): boolean {
  if (words.length === 0) return true
  if (open ? args.length < words.length : args.length !== words.length) return false
  return words.every((word, index) => isMatch(how, word, args[index] ?? ''))
}

export function showCall({ command, args }: Pick<Call, 'command' | 'args'>): string {
  return quoteWords([command, ...args])
}

/** Calls as a pair shows them. */
export function showCalls(calls: readonly Call[]): string {
  if (calls.length === 0) return '(no call)'
  return calls.map((call) => `${showCall(call)}${call.note && `   (${call.note})`}`).join('\n')
}

export class Stubs {
  readonly calls: Call[] = []
  readonly #commands: MachineCommands
  readonly #uses: string
  readonly #rules = new Map<string, (Rule & { used: number })[]>()
  readonly #allowed = new Set<string>()

  constructor({ commands, dir }: SimulatedUnit) {
    this.#commands = commands
    this.#uses = path.join(dir, 'stub-uses')
    fs.mkdirSync(this.#uses)
  }

  has(command: string): boolean {
    return this.#rules.has(command)
  }

  /** Whether calls of the command are noticed. */
  sees(command: string): boolean {
    return this.has(command) || (REFUSED.includes(command) && !this.#allowed.has(command))
  }

  /** Add a rule; the command is a stub from here on. */
  add(command: string, rule: Rule): void {
    if (!/^[^/.][^/]*$/.test(command)) {
      throw new UsageError(`a command is stubbed by its name, without a directory: ${command}`)
    }
    const rules = [...(this.#rules.get(command) ?? []), { ...rule, used: 0 }]
    this.#rules.set(command, rules)
    this.#commands.stub(command, scriptOf(command, rules, path.join(this.#uses, command)))
  }

  allow(command: string): void {
    this.#rules.delete(command)
    this.#allowed.add(command)
    this.#commands.allow(command)
  }

  /** Note the calls of an event, and which rules answered them. */
  note(calls: readonly CommandCall[]): Call[] {
    const noted = calls.map((call): Call => {
      const { command, refused } = call
      const args = argumentsOf(call)
      const rules = this.#rules.get(command) ?? []
      const rule = rules.findLast(
        (one) => one.used < (one.times ?? Number.POSITIVE_INFINITY) && fits(one, args),
      )
      if (rule !== undefined) rule.used += 1
      const isUnexpected = rule === undefined && rules.some(({ strict }) => strict)
      return { command, args, note: refused ? 'refused' : isUnexpected ? 'unexpected' : '' }
    })
    this.calls.push(...noted)
    return noted
  }

  /** What strict stubs expect of a command and what came, where that differs. */
  problems(): { command: string; pairs: Pairs }[] {
    return [...this.#rules].flatMap(([command, rules]) => {
      const strict = rules.filter((rule) => rule.strict)
      const calls = this.calls.filter((call) => call.command === command)
      const isUnmet = strict.some(({ used, times }) => (times === undefined ? used === 0 : used !== times))
      if (!isUnmet && !calls.some(({ note }) => note === 'unexpected')) return []
      const expected = strict.map((rule) => describeRule(command, rule)).join('\n')
      return [{ command, pairs: { expected, actual: showCalls(calls) } }]
    })
  }
}

function describeRule(command: string, { how, open, words, times }: Rule): string {
  const more = words.length === 0 || open ? ' …' : ''
  const way = how === 'equal' ? '' : ` (${how})`
  const often = times === undefined ? 'at least once' : `${times} times`
  return `${showCall({ command, args: [...words] })}${more}${way}, ${often}`
}

/** What is not UTF-8 is shown as `\xNN`. */
function argumentsOf({ args, base64 }: CommandCall): string[] {
  if (base64 === undefined) return args
  return base64.map((text, index) => {
    const bytes = Buffer.from(text, 'base64')
    if (Buffer.from(args[index] ?? '').equals(bytes)) return args[index] ?? ''
    const hex = (byte: string) => `\\x${byte.charCodeAt(0).toString(16)}`
    return bytes.toString('latin1').replace(/[\u0080-\u00ff]/g, hex)
  })
}

/** bash that answers by the rules, the last one first. `uses` counts rules that answer only so often. */
function scriptOf(command: string, rules: readonly Rule[], uses: string): string {
  const branches = rules.map((rule, index) => branchOf(command, rule, `${uses}.${index}`)).reverse()
  const isStrict = rules.some(({ strict }) => strict)
  const otherwise = isStrict
    ? `echo ${quote(`${command}: the test expects no such call`)} >&2\nexit 1\n`
    : 'exit 0\n'
  return `#!/bin/bash -p\n${ONCE}${branches.join('')}${otherwise}`
}

/** One file for each use: calls side by side take different ones. */
const ONCE = `once() {
  local use
  for ((use = 1; use <= $2; use++)); do
    (set -C && : >"$1.$use") 2>/dev/null && return
  done
  return 1
}
`

const OPERATORS: Record<How, (word: string) => string> = {
  equal: (word) => `== ${quote(word)}`,
  partial: (word) => `== *${quote(word)}*`,
  // From a variable a word is a pattern, whatever is in it.
  glob: () => '== $pattern',
  regexp: () => '=~ $pattern',
}

function branchOf(command: string, rule: Rule, uses: string): string {
  const { how, open, words, status, stdout, stderr, script, times } = rule
  const size = words.length === 0 ? [] : [`(($# ${open ? '>=' : '=='} ${words.length}))`]
  const tests = words.map(
    (word, index) => `pattern=${quote(word)} && [[ \${${index + 1}} ${OPERATORS[how](word)} ]]`,
  )
  const count = times === undefined ? [] : [`once ${quote(uses)} ${times}`]
  const answer = [
    ...(stdout === '' ? [] : [`printf %s ${quote(stdout)}`]),
    ...(stderr === '' ? [] : [`printf %s ${quote(stderr)} >&2`]),
    script === '' ? `exit ${status}` : `exec bash -c ${quote(script)} ${quote(command)} "$@"`,
  ]
  return `if ${[...size, ...tests, ...count, ':'].join(' && ')}; then\n${answer.join('\n')}\nfi\n`
}
