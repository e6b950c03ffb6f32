// Storage: instances are declared, of the right kind and number, and those of storage hooks are there.

import { isMapping } from '../../charm/charm-files.ts'
import { type Charm, declared } from './charm.ts'
import { firstOf, listed, parseHook, type Rule } from './rule.ts'

const nameOf = (id: string) => id.slice(0, id.lastIndexOf('/'))

function declarationOf(charm: Charm, id: string): { type?: unknown; multiple?: unknown } | undefined {
  const found = declared(charm, 'storage')[nameOf(id)]
  return isMapping(found) ? found : undefined
}

/** `{range: 1}` and `{range: 0-1}` allow no more than one, as no `multiple` does. */
function maximum(multiple: unknown): number {
  if (!isMapping(multiple)) return 1
  const [, least, rest, most] = /^(\d+)(?:(-|\+)(\d*))?$/.exec(String(multiple.range ?? '1')) ?? []
  if (rest === undefined) return Number(least ?? 1)
  return most ? Number(most) : Number.POSITIVE_INFINITY
}

export const STORAGE_RULES: Record<string, Rule> = {
  'storage is declared': ({ charm, state }) =>
    firstOf(Object.keys(state.storage), (id) =>
      charm.metadata.storage.includes(nameOf(id))
        ? undefined
        : `storage ${id}: metadata.yaml declares no storage ${nameOf(id)}: declare it, or check the name (it has ${listed(charm.metadata.storage)})`,
    ),
  'storage is of its kind': ({ charm, state }) =>
    firstOf(Object.entries(state.storage), ([id, { kind }]) => {
      const type = declarationOf(charm, id)?.type
      return typeof type === 'string' && type !== kind
        ? `storage ${id}: metadata.yaml has the type ${type}, not ${kind}: correct the kind`
        : undefined
    }),
  'storage has a location': ({ state }) =>
    firstOf(Object.entries(state.storage), ([id, { location }]) =>
      location.startsWith('/')
        ? undefined
        : `storage ${id}: its location is not an absolute path: ${JSON.stringify(location)}: give one`,
    ),
  'no more storage than declared': ({ charm, state }) =>
    firstOf(charm.metadata.storage, (name) => {
      const count = Object.keys(state.storage).filter((id) => nameOf(id) === name).length
      const most = maximum(declarationOf(charm, `${name}/0`)?.multiple)
      return count > most
        ? `storage: ${name} has ${count} instances, and metadata.yaml allows ${most}: leave some out, or declare multiple`
        : undefined
    }),
  'storage of the hook is there': ({ state, event, words }) => {
    const { kind, subject } = parseHook(event)
    const ids = Object.keys(state.storage)
    const isThere =
      event.storage === undefined ? ids.some((id) => nameOf(id) === subject) : ids.includes(event.storage)
    if (kind !== 'storage' || isThere) return undefined
    const missing = event.storage ?? subject
    return `${event.name}: there is no storage ${missing}: ${words.storage(missing)} (there are: ${listed(ids)})`
  },
  'storage of the hook has its name': ({ event }) => {
    const { kind, subject } = parseHook(event)
    if (kind !== 'storage' || event.storage === undefined || nameOf(event.storage) === subject)
      return undefined
    return `${event.name}: the hook is about ${subject}, not about ${event.storage}: correct one of them`
  },
}
