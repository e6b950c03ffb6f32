// What the unit remembers of relations: units that have left, conversations (endpoints/old-style/), and the flags
// that conversations have set. The value of such a flag lists those that have it, by the keys that the Python
// original gives them, so that flags that were imported go on.

import { clearFlag, getFlagValue, getFlagValues, setFlag } from './flags.ts'
import { KEY } from './keys.ts'
import type { Session } from './session.ts'

/** A unit that has left, with the data that it had. */
export interface DepartedUnit {
  relation: string
  unit_name: string
  data: Readonly<Record<string, string>>
}

/** Where a conversation belongs: the namespace is a relation id, or an endpoint's name for all of its relations. */
export interface ConversationPlace {
  namespace: string
  scope: string
}

/** The scope that all units of an endpoint share. */
export const GLOBAL = 'global'

/** A conversation as it is kept. */
export interface ConversationRecord {
  units: string[]
  /** What the charm has put away with `setLocal`. */
  local: Record<string, unknown>
  /** Kept by an old Python original, which did not tell relations apart: divided when they are known. */
  undivided?: true
}

/** The key of a conversation in the unit state. */
export function stateKeyOf({ namespace, scope }: ConversationPlace): string {
  return `${KEY.conversation}${namespace} ${scope}`
}

/** The value of a flag that conversations have set. */
export interface ConversationFlag {
  /** Name of the endpoint. */
  relation: string
  /** Keys of the conversations. */
  conversations: string[]
}

/** The key of a conversation in the values of flags. */
export function flagKeyOf({ namespace, scope }: ConversationPlace): string {
  return `reactive.conversations.${namespace}.${scope}`
}

const FLAG_KEY = /^reactive\.conversations\.([^.]+)\.(.+)$/s

/** The conversation that such a key means. */
export function placeOfFlagKey(key: string): ConversationPlace | undefined {
  const [, namespace, scope] = FLAG_KEY.exec(key) ?? []
  return namespace === undefined || scope === undefined ? undefined : { namespace, scope }
}

/** The value if it is that of a flag that conversations have set, else undefined. */
export function toConversationFlag(value: unknown): ConversationFlag | undefined {
  const { relation, conversations } = Object(value) as Partial<Record<keyof ConversationFlag, unknown>>
  if (typeof relation !== 'string' || !Array.isArray(conversations)) return undefined
  return { relation, conversations: conversations.map(String) }
}

/** The conversations that have a flag; undefined when it is not set, or not by a conversation. */
export function getConversationFlag(session: Session, flag: string): ConversationFlag | undefined {
  return toConversationFlag(getFlagValue(session, flag))
}

/** Change which conversations have a flag; without any it is cleared. */
export function changeConversationFlag(
  session: Session,
  flag: string,
  { relation, conversations }: ConversationFlag,
): void {
  const keys = [...new Set(conversations)]
  if (keys.length === 0) clearFlag(session, flag)
  else setFlag(session, flag, { relation, conversations: keys })
}

/** In all flags, let other conversations, or none, stand for a conversation. */
export function replaceInFlags(session: Session, replace: (key: string) => string[]): void {
  for (const [flag, value] of Object.entries(getFlagValues(session))) {
    const told = toConversationFlag(value)
    if (told === undefined) continue
    changeConversationFlag(session, flag, { ...told, conversations: told.conversations.flatMap(replace) })
  }
}
