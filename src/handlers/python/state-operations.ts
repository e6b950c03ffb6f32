// Operations of flags, triggers, hashes, marks, options and the log.

import { readLayer } from '../../charm/charm-files.ts'
import { UsageError } from '../../errors.ts'
import { anyFileChanged, textChanged } from '../../unit/file-hashes.ts'
import * as flags from '../../unit/flags.ts'
import { markInvoked, wasInvoked } from '../../unit/invocations.ts'
import { keepInConfig } from '../../unit/kept-config.ts'
import { KEY } from '../../unit/keys.ts'
import type { Session } from '../../unit/session.ts'
import { addStatusCandidate, forgetStatusCandidates } from '../../unit/status-candidates.ts'
import { registerTrigger } from '../../unit/triggers.ts'
import { conditionHolds, makeCondition } from '../conditions.ts'
import { anyHook } from '../hook-patterns.ts'
import type { Operation } from './operations.ts'

interface GivenTrigger {
  when: string | null
  when_not: string | null
  set_flag: string | null
  clear_flag: string | null
}

const list = (name: string | null) => (name === null ? [] : [name])

export const STATE_OPERATIONS = {
  set_flag: (session, flag: string, value: unknown) => flags.setFlag(session, flag, value ?? null),
  clear_flag: (session, flag: string) => flags.clearFlag(session, flag),
  get_flags: (session) => flags.getFlags(session),
  get_flag_values: (session) => flags.getFlagValues(session),
  get_flag_value: (session, flag: string) => flags.getFlagValue(session, flag),
  all_flags_set: (session, names: string[]) => flags.allFlagsSet(session, names),
  any_flags_set: (session, names: string[]) => flags.anyFlagsSet(session, names),
  get_unset_flags: (session, names: string[]) => flags.getUnsetFlags(session, names),
  register_trigger(session, { when, when_not, set_flag, clear_flag }: GivenTrigger, callback?: () => void) {
    registerTrigger(session, {
      ...(when !== null && { when }),
      ...(when_not !== null && { whenNot: when_not }),
      setFlags: list(set_flag),
      clearFlags: list(clear_flag),
      ...(callback !== undefined && { callback }),
    })
  },
  phase: (session) => phaseOf(session),
  holds: (session, name: string, words: string[], handler: string) =>
    conditionHolds(session, makeCondition(name, words), handler),
  any_hook: (session, patterns: string[]) => anyHook(session, patterns),
  any_file_changed: (session, files: string[], hashType: string) =>
    anyFileChanged(session, files, { hashType }),
  data_changed: (session, id: string, text: string, hashType: string, record: boolean) =>
    textChanged(session, id, text, { hashType, record }),
  was_invoked: (session, id: string) => wasInvoked(session, id),
  mark_invoked: (session, id: string) => markInvoked(session, id),
  /** The options of a layer, or of all; none of one that layer.yaml does not name. */
  async layer_options({ context: { charmDir } }, layer: string | null) {
    // Most hooks ask for none, and what checks them takes its time to load.
    const { hasLayer, layerOptions } = await import('../../charm/layer-options.ts')
    const names = Object.keys(readLayer(charmDir)?.options ?? {})
    if (layer === null) return Object.fromEntries(names.map((name) => [name, layerOptions(charmDir, name)]))
    return hasLayer(charmDir, layer) ? layerOptions(charmDir, layer) : {}
  },
  /** The configuration of the last hook that succeeded, with what the charm itself keeps there. */
  previous_config: (session) => session.state.get(KEY.lastConfig),
  keep_config: (session, values: Record<string, unknown>) => keepInConfig(session, values),
  status_candidate: (session, status: string, message: string) =>
    addStatusCandidate(session, { status, message }),
  status_was_set: (session) => forgetStatusCandidates(session),
  log(session, level: string, message: string) {
    const { log } = session
    const write: Record<string, (text: string) => void> = {
      DEBUG: log.debug,
      INFO: log.info,
      WARNING: log.warning,
      ERROR: log.error,
    }
    if (write[level] === undefined) throw new UsageError(`no such log level: ${level}`)
    write[level](message)
  },
  /** As in the original, `main()` in an action has no flags of the configuration, and changes stay new for the next hook. */
  leave_config(session) {
    session.hasConfigFlags = session.context.actionName === ''
  },
  checkpoint: (session) => session.state.commit(),
} satisfies Record<string, Operation>

/** The phase by the original's names; it has none while callbacks run. */
export function phaseOf({ phase }: Session): string | null {
  return phase === 'start' || phase === 'exit' ? null : phase
}
