// Flags and triggers, under their present and their deprecated names.

import { UsageError } from '../../errors.ts'
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
} from '../../unit/flags.ts'
import type { Session } from '../../unit/session.ts'
import { registerTrigger } from '../../unit/triggers.ts'
import { answer, type Command, done, many, one } from './command.ts'

const setFlagCommand: Command = {
  example: 'set_flag app.ready',
  summary: 'Set a flag.',
  words: 'FLAG [VALUE]',
  kind: 'silent',
  writes: true,
  run(session, [flag = '', value = null]) {
    setFlag(session, flag, value)
    return done
  },
}

const clearFlagCommand: Command = {
  example: 'clear_flag app.ready',
  summary: 'Clear a flag.',
  words: 'FLAG [VALUE]',
  kind: 'silent',
  writes: true,
  run(session, [flag = '']) {
    clearFlag(session, flag)
    return done
  },
}

const toggleFlagCommand: Command = {
  example: 'toggle_flag app.ready true',
  summary: 'Set a flag if the second word is true, clear it if it is false.',
  words: 'FLAG true|false',
  kind: 'silent',
  writes: true,
  run(session, [flag = '', should = '']) {
    if (should !== 'true' && should !== 'false') throw new UsageError(`neither true nor false: ${should}`)
    toggleFlag(session, flag, should === 'true')
    return done
  },
}

const flagPredicate = (
  example: string,
  summary: string,
  holds: (session: Session, flags: readonly string[]) => boolean,
  words = 'FLAG...',
): Command => ({
  example,
  summary,
  words,
  kind: 'predicate',
  writes: false,
  run(session, flags) {
    flags.forEach(checkFlagName)
    return answer(holds(session, flags))
  },
})

const isFlagSetCommand = flagPredicate(
  'is_flag_set app.ready',
  'Succeed if the flag is set.',
  (session, [flag = '']) => isFlagSet(session, flag),
  'FLAG',
)
const allFlagsSetCommand = flagPredicate(
  'all_flags_set app.ready db.ready',
  'Succeed if all of the flags are set.',
  allFlagsSet,
)
const anyFlagsSetCommand = flagPredicate(
  'any_flags_set app.ready db.ready',
  'Succeed if at least one of the flags is set.',
  anyFlagsSet,
)

export const FLAG_COMMANDS: Record<string, Command> = {
  set_flag: setFlagCommand,
  clear_flag: clearFlagCommand,
  toggle_flag: toggleFlagCommand,
  is_flag_set: isFlagSetCommand,
  all_flags_set: allFlagsSetCommand,
  any_flags_set: anyFlagsSetCommand,
  get_flags: {
    example: 'get_flags --format json',
    summary: 'Print all flags that are set.',
    words: '',
    kind: 'value',
    writes: false,
    run: (session) => ({ value: getFlags(session) }),
  },
  get_unset_flags: {
    example: 'get_unset_flags app.ready db.ready',
    summary: 'Print which of the flags are not set.',
    words: 'FLAG...',
    kind: 'value',
    writes: false,
    run: (session, flags) => ({ value: getUnsetFlags(session, flags) }),
  },
  register_trigger: {
    example: 'register_trigger --when_not endpoint.db.joined --clear_flag db.ready',
    summary: 'Set and clear flags at the moment when another is set or cleared.',
    words: '',
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
}

/** A command under the name that it had before. */
const renamed = (command: Command, name: string, present: string): Command => ({
  ...command,
  example: command.example.replace(present, name),
  summary: `Deprecated name of ${present}.`,
})

export const DEPRECATED_COMMANDS: Record<string, Command> = {
  get_states: {
    example: 'get_states --format json',
    summary: 'Print all flags that are set, with their values.',
    words: '',
    kind: 'value',
    writes: false,
    run: (session) => ({ value: getFlagValues(session) }),
  },
  set_state: renamed(setFlagCommand, 'set_state', 'set_flag'),
  remove_state: renamed(clearFlagCommand, 'remove_state', 'clear_flag'),
  toggle_state: renamed(toggleFlagCommand, 'toggle_state', 'toggle_flag'),
  is_state: renamed(isFlagSetCommand, 'is_state', 'is_flag_set'),
  all_states: renamed(allFlagsSetCommand, 'all_states', 'all_flags_set'),
  any_states: renamed(anyFlagsSetCommand, 'any_states', 'any_flags_set'),
}
