// THE command table. Help, parsing, completion, the channel and the command line all come from these rows;
// a command behaves the same through every door. Spellings are those of the original. What only some
// commands need is imported where they run: the others start faster.

import { UsageError } from './errors.ts'
import {
  allFlagsSet,
  anyFlagsSet,
  checkFlagName,
  clearFlag,
  getFlags,
  getFlagValues,
  getUnsetFlags,
  isFlagSet,
  setFlag,
  toggleFlag,
} from './flags.ts'
import { anyHook } from './hooks.ts'
import { forget, markInvoked, wasInvoked } from './invocations.ts'
import { kvDelete, kvGet, kvRange, kvSet } from './kv.ts'
import { parseOrString, plain } from './python-json.ts'
import { relationCall } from './relations.ts'
import type { Session } from './session.ts'
import { type DispatchRecord, formatTraces } from './trace.ts'
import { registerTrigger } from './triggers.ts'

/** What a command came to: a yes or no (exit 0 or 1), a value to print, or both. */
export interface Outcome {
  answer?: boolean
  value?: unknown
}

/** Options as given: flags are true, the others lists of values. */
export type Options = Record<string, string[] | true | undefined>

export interface Option {
  /** One line of help. */
  summary: string
  /** Name of its value; none for a flag. */
  value?: string
  /** Whether it may be given more than once. */
  repeatable?: boolean
}

export interface Command {
  summary: string
  /** The words, as help shows them; `[…]` may be left out, `...` is any number. */
  words: string
  /** How many words: at least, at most. */
  count: readonly [number, number]
  /** `predicate` answers by exit status, `silent` prints nothing, `value` prints one. */
  kind: 'predicate' | 'silent' | 'value'
  /** Whether it may change the unit state; where that depends on its words, a function of them. */
  writes: boolean | ((words: readonly string[]) => boolean)
  /** Whether a last word `-` stands for what comes on standard input. */
  stdin?: boolean
  options?: Record<string, Option>
  /** An option behind which all words are data, for the toolkit's own use. */
  tail?: string
  run(
    session: Session,
    words: readonly string[],
    options: Options,
    tail: readonly string[],
  ): Outcome | Promise<Outcome>
}

const ANY = Number.POSITIVE_INFINITY
const done: Outcome = {}
const answer = (yes: boolean): Outcome => ({ answer: yes })

const HASH_TYPE: Record<string, Option> = {
  hash_type: { summary: 'hash algorithm, md5 by default', value: 'TYPE' },
}

/** The value of an option that may be given once. */
export function one(options: Options, name: string): string | undefined {
  const given = options[name]
  return Array.isArray(given) ? given[0] : undefined
}

function many(options: Options, name: string): string[] {
  const given = options[name]
  return Array.isArray(given) ? given : []
}

const setFlagCommand: Command = {
  summary: 'Set a flag.',
  words: 'FLAG [VALUE]',
  count: [1, 2],
  kind: 'silent',
  writes: true,
  run(session, [flag = '', value = null]) {
    setFlag(session, flag, value)
    return done
  },
}

const clearFlagCommand: Command = {
  summary: 'Clear a flag.',
  words: 'FLAG [VALUE]',
  count: [1, 2],
  kind: 'silent',
  writes: true,
  run(session, [flag = '']) {
    clearFlag(session, flag)
    return done
  },
}

const toggleFlagCommand: Command = {
  summary: 'Set a flag if the second word is true, clear it if it is false.',
  words: 'FLAG true|false',
  count: [2, 2],
  kind: 'silent',
  writes: true,
  run(session, [flag = '', should = '']) {
    if (should !== 'true' && should !== 'false') throw new UsageError(`neither true nor false: ${should}`)
    toggleFlag(session, flag, should === 'true')
    return done
  },
}

const flagPredicate = (
  summary: string,
  holds: (session: Session, flags: readonly string[]) => boolean,
  most = ANY,
): Command => ({
  summary,
  words: most === 1 ? 'FLAG' : 'FLAG...',
  count: [1, most],
  kind: 'predicate',
  writes: false,
  run(session, flags) {
    flags.forEach(checkFlagName)
    return answer(holds(session, flags))
  },
})

const isFlagSetCommand = flagPredicate(
  'Succeed if the flag is set.',
  (session, [flag = '']) => isFlagSet(session, flag),
  1,
)
const allFlagsSetCommand = flagPredicate('Succeed if all of the flags are set.', allFlagsSet)
const anyFlagsSetCommand = flagPredicate('Succeed if at least one of the flags is set.', anyFlagsSet)

/** A decorator as a predicate, for handlers in other languages. */
const decorator = (name: string, words: string, summary: string): Command => ({
  summary,
  words,
  count: [1, ANY],
  kind: 'predicate',
  writes: false,
  async run(session, args) {
    const { conditionHolds, makeCondition } = await import('./conditions.ts')
    const inPhase =
      name === 'hook' ? session.phase === 'hooks' || !session.inDispatch : session.phase === 'other'
    return answer(inPhase && conditionHolds(session, makeCondition(name, args), ''))
  },
})

const dataPredicate = (record: boolean, summary: string): Command => ({
  summary,
  words: 'ID VALUE',
  count: [2, 2],
  kind: 'predicate',
  writes: record,
  stdin: true,
  options: HASH_TYPE,
  async run(session, [id = '', value = ''], options) {
    const { dataChanged } = await import('./changes.ts')
    const hashType = one(options, 'hash_type')
    return answer(dataChanged(session, id, parseOrString(value), { record, ...(hashType && { hashType }) }))
  },
})

export const COMMANDS: Readonly<Record<string, Command>> = {
  set_flag: setFlagCommand,
  clear_flag: clearFlagCommand,
  toggle_flag: toggleFlagCommand,
  is_flag_set: isFlagSetCommand,
  all_flags_set: allFlagsSetCommand,
  any_flags_set: anyFlagsSetCommand,
  get_flags: {
    summary: 'Print all flags that are set.',
    words: '',
    count: [0, 0],
    kind: 'value',
    writes: false,
    run: (session) => ({ value: getFlags(session) }),
  },
  get_unset_flags: {
    summary: 'Print those of the flags that are not set.',
    words: 'FLAG...',
    count: [1, ANY],
    kind: 'value',
    writes: false,
    run: (session, flags) => ({ value: getUnsetFlags(session, flags) }),
  },
  register_trigger: {
    summary: 'When a flag is set or cleared, set and clear others at the same moment.',
    words: '',
    count: [0, 0],
    kind: 'silent',
    writes: true,
    options: {
      when: { summary: 'the flag that is set', value: 'FLAG' },
      when_not: { summary: 'the flag that is cleared', value: 'FLAG' },
      set_flag: { summary: 'a flag to set', value: 'FLAG', repeatable: true },
      clear_flag: { summary: 'a flag to clear', value: 'FLAG', repeatable: true },
    },
    run(session, _, options) {
      const [when, whenNot] = [one(options, 'when'), one(options, 'when_not')]
      registerTrigger(session, {
        ...(when !== undefined && { when }),
        ...(whenNot !== undefined && { whenNot }),
        setFlags: many(options, 'set_flag'),
        clearFlags: many(options, 'clear_flag'),
      })
      return done
    },
  },
  hook: decorator('hook', 'PATTERN...', 'Succeed if an @hook handler with the patterns would match now.'),
  when: decorator('when', 'FLAG...', 'Succeed if a @when handler would match now.'),
  when_all: decorator('when_all', 'FLAG...', 'Succeed if a @when_all handler would match now.'),
  when_any: decorator('when_any', 'FLAG...', 'Succeed if a @when_any handler would match now.'),
  when_not: decorator('when_not', 'FLAG...', 'Succeed if a @when_not handler would match now.'),
  when_none: decorator('when_none', 'FLAG...', 'Succeed if a @when_none handler would match now.'),
  when_not_all: decorator('when_not_all', 'FLAG...', 'Succeed if a @when_not_all handler would match now.'),
  when_file_changed: {
    summary: 'Succeed if one of the files changed, for handlers in other languages.',
    words: 'FILE...',
    count: [1, ANY],
    kind: 'predicate',
    writes: true,
    run: async (session, files) => answer((await import('./changes.ts')).anyFileChanged(session, files)),
  },
  only_once: {
    summary: 'Succeed if the id was not invoked yet.',
    words: 'ID',
    count: [1, 1],
    kind: 'predicate',
    writes: false,
    run: (session, [id = '']) => answer(!wasInvoked(session, id)),
  },
  test: {
    summary:
      "Print the names of the handlers whose tests hold: 'NAME ID [TEST ARGS]...' each, quoted as for a shell.",
    words: 'SPEC...',
    count: [1, ANY],
    kind: 'value',
    writes: false,
    async run(session, specs) {
      const { testSpecs } = await import('./test-specs.ts')
      return { value: testSpecs(session, specs).join(',') || null }
    },
  },
  mark_invoked: {
    summary: 'Record that the ids were invoked.',
    words: 'ID...',
    count: [1, ANY],
    kind: 'silent',
    writes: true,
    run(session, ids) {
      for (const id of ids) markInvoked(session, id)
      return done
    },
  },
  was_invoked: {
    summary: 'Succeed if the id was invoked before.',
    words: 'ID',
    count: [1, 1],
    kind: 'predicate',
    writes: false,
    run: (session, [id = '']) => answer(wasInvoked(session, id)),
  },
  forget: {
    summary: 'Forget that the ids were invoked.',
    words: 'ID...',
    count: [1, ANY],
    kind: 'silent',
    writes: true,
    run(session, ids) {
      for (const id of ids) forget(session, id)
      return done
    },
  },
  any_hook: {
    summary: 'Succeed if the current hook matches one of the patterns.',
    words: 'PATTERN...',
    count: [1, ANY],
    kind: 'predicate',
    writes: false,
    run: (session, patterns) => answer(anyHook(session, patterns)),
  },
  any_file_changed: {
    summary: 'Succeed if one of the files changed since the last call, and remember them.',
    words: 'FILE...',
    count: [1, ANY],
    kind: 'predicate',
    writes: true,
    options: { peek: { summary: 'remember nothing' }, ...HASH_TYPE },
    async run(session, files, options) {
      const { anyFileChanged } = await import('./changes.ts')
      const hashType = one(options, 'hash_type')
      return answer(
        anyFileChanged(session, files, { peek: options.peek === true, ...(hashType && { hashType }) }),
      )
    },
  },
  data_changed: dataPredicate(true, 'Succeed if the value differs from the last call, and remember it.'),
  is_data_changed: dataPredicate(false, 'Succeed if the value differs from the last data_changed.'),
  kv: {
    summary: "Read and write the charm's own data: get KEY, range PREFIX, set KEY VALUE, delete KEY.",
    words: 'get|range|set|delete KEY [VALUE]',
    count: [2, 3],
    kind: 'value',
    writes: ([verb]) => verb === 'set' || verb === 'delete',
    run: (session, [verb = '', ...words]) => keyValue(session, verb, words),
  },
  render_template: {
    summary: 'Render a template of the charm to a file, with the environment and k=v as variables.',
    words: 'SOURCE TARGET [k=v...]',
    count: [2, ANY],
    kind: 'silent',
    writes: false,
    options: {
      owner: { summary: 'owner of the file', value: 'USER' },
      group: { summary: 'group of the file', value: 'GROUP' },
      mode: { summary: 'permissions of the file, octal, 0444 by default', value: 'MODE' },
      undefined: { summary: 'print nothing for undefined variables instead of failing', value: 'empty' },
    },
    tail: '--shell-variables',
    async run(session, [source = '', target = '', ...pairs], options, tail) {
      const { renderToFile } = await import('./render-template.ts')
      renderToFile(session, source, target, { pairs, tail, options })
      return done
    },
  },
  layer_option: {
    summary: 'Print an option of a layer, or all of them as YAML; a boolean answers by status.',
    words: 'LAYER [OPTION]',
    count: [1, 2],
    kind: 'value',
    writes: false,
    async run({ context }, [layer = '', option]) {
      const { layerOption, layerOptions } = await import('./layer-options.ts')
      if (option === undefined) return { value: new AsYaml(layerOptions(context.charmDir, layer)) }
      const value = layerOption(context.charmDir, layer, option)
      return typeof value === 'boolean' ? { answer: value, value: new InFormats(value) } : { value }
    },
  },
  relation_call: {
    summary: "Call a method of a relation's endpoint.",
    words: 'METHOD [ARG...]',
    count: [1, ANY],
    kind: 'value',
    writes: true,
    options: {
      flag: { summary: 'the endpoint that the flag belongs to', value: 'FLAG' },
      state: { summary: 'the same, under its old name', value: 'FLAG' },
      relation_name: { summary: 'the endpoint of this name', value: 'NAME' },
      endpoint: { summary: 'the endpoint of this name', value: 'NAME' },
    },
    async run(session, [method = '', ...args], options) {
      const flag = one(options, 'flag') ?? one(options, 'state')
      const endpoint = one(options, 'endpoint') ?? one(options, 'relation_name')
      return { value: await relationCall(session, { flag, endpoint }, method, args) }
    },
  },
  config_get: {
    summary: 'Print an option of the configuration, from the one config-get of the hook.',
    words: 'OPTION',
    count: [1, 1],
    kind: 'value',
    writes: false,
    async run(session, [option = '']) {
      const { configGet } = await import('./hook-tools.ts')
      session.config ??= await configGet(session.context)
      const value = session.config[option] ?? null
      // As `config-get OPTION` prints it.
      return { value: typeof value === 'boolean' ? (value ? 'True' : 'False') : value }
    },
  },
  checkpoint: {
    summary: 'Commit what has changed so far in this hook, before a reboot for instance.',
    words: '',
    count: [0, 0],
    kind: 'silent',
    writes: true,
    async run({ state }) {
      await state.commit()
      return done
    },
  },
  trace: {
    summary: 'Print what the last dispatches tested and ran, and what changed which flag.',
    words: '',
    count: [0, 0],
    kind: 'value',
    writes: false,
    options: { last: { summary: 'how many, the latest ones; 1 by default', value: 'N' } },
    async run({ state }, _, options) {
      const last = one(options, 'last') ?? '1'
      if (!/^[1-9]\d*$/.test(last)) throw new UsageError(`--last takes a number from 1: ${last}`)
      const records = (await state.traces()) as unknown as DispatchRecord[]
      const shown = records.slice(-Number(last))
      return { value: new AsText(shown, formatTraces(shown)) }
    },
  },
  get_states: {
    summary: 'Print all flags that are set, with their values.',
    words: '',
    count: [0, 0],
    kind: 'value',
    writes: false,
    run: (session) => ({ value: getFlagValues(session) }),
  },
  set_state: { ...setFlagCommand, summary: 'Deprecated name of set_flag.' },
  remove_state: { ...clearFlagCommand, summary: 'Deprecated name of clear_flag.' },
  toggle_state: { ...toggleFlagCommand, summary: 'Deprecated name of toggle_flag.' },
  is_state: { ...isFlagSetCommand, summary: 'Deprecated name of is_flag_set.' },
  all_states: { ...allFlagsSetCommand, summary: 'Deprecated name of all_flags_set.' },
  any_states: { ...anyFlagsSetCommand, summary: 'Deprecated name of any_flags_set.' },
}

/** A value that is YAML where no other format is asked for. */
export class AsYaml {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** A value that has a text of its own where no other format is asked for. */
export class AsText {
  readonly value: unknown
  readonly text: string
  constructor(value: unknown, text: string) {
    this.value = value
    this.text = text
  }
}

/** A value that is only printed where a format is asked for. */
export class InFormats extends AsText {
  constructor(value: unknown) {
    super(value, '')
  }
}

function keyValue(session: Session, verb: string, [key = '', value]: readonly string[]): Outcome {
  if ((verb === 'set') !== (value !== undefined)) {
    throw new UsageError(verb === 'set' ? `no value: ${key}` : `too many words: ${value}`)
  }
  switch (verb) {
    case 'get': {
      const found = kvGet(session, key)
      return found === undefined ? answer(false) : { value: found }
    }
    case 'range':
      return { value: kvRange(session, key) }
    case 'set':
      kvSet(session, key, plain(parseOrString(value ?? '')))
      return done
    case 'delete':
      kvDelete(session, key)
      return done
    default:
      throw new UsageError(`neither get, range, set nor delete: ${verb}`)
  }
}

/** The command of a name. */
export function findCommand(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new UsageError(`unknown command: ${name}`)
  return command
}
