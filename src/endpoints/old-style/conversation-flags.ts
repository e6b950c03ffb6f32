// Flags that conversations have set: the value lists the conversations that have the flag, by the keys that the
// Python original gives them, so that flags that were imported go on.

import { clearFlag, getFlagValue, getFlagValues, setFlag } from '../../unit/flags.ts'
import type { Session } from '../../unit/session.ts'

/** Where a conversation belongs: the namespace is a relation id, or an endpoint's name for all of its relations. */
export interface ConversationPlace {
  namespace: string
  scope: string
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
