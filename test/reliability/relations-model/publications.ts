// What a unit publishes in one hook of the model: collected while handlers run, handed to Juju at the end.

import type { Hook } from './operations.ts'
import { APPLICATION, type Relation, UNIT } from './relation.ts'
import type { Kept } from './unit-model.ts'
import { change, type Data, identity } from './values.ts'

export type Own = 'unit' | 'application'

interface Publication {
  relation: string
  /** As Juju has it, and as the hook wants it. */
  old: Data
  wanted: Data
}

export class Publications {
  readonly #byDatabag = new Map<string, Publication>()

  /** Change what the unit or its application publishes on a relation. */
  change({ id, own }: Relation, whose: Own, changes: Readonly<Record<string, string>>): void {
    const key = databagOf(id, whose)
    const known = this.#byDatabag.get(key)
    const publication = known ?? { relation: id, old: own[whose], wanted: new Map(own[whose]) }
    change(publication.wanted, changes)
    this.#byDatabag.set(key, publication)
  }

  /** Hand over what differs, and say which databags that were. */
  publish(hook: Hook, seen: Kept['seen']): string[] {
    const changed = [...this.#byDatabag].filter(([, { old, wanted }]) => !isEqual(old, wanted))
    for (const [key, publication] of changed) {
      notice(seen.get(key), publication)
      // What a departing unit writes is not published.
      if (hook.departing !== UNIT || hook.relation !== publication.relation) replace(publication)
    }
    return changed.map(([key]) => key).sort()
  }
}

/** `db:1 app/0`, or `db:1 app`. */
export function databagOf(relation: string, whose: Own): string {
  return `${relation} ${whose === 'unit' ? UNIT : APPLICATION}`
}

/** What the leader of a peer relation publishes itself is no news when it comes back. */
function notice(seen: Map<string, string> | undefined, { old, wanted }: Publication): void {
  if (seen === undefined) return
  for (const field of old.keys()) if (!wanted.has(field)) seen.delete(field)
  for (const [field, text] of wanted) if (old.get(field) !== text) seen.set(field, identity(text))
}

function isEqual(a: Data, b: Data): boolean {
  return a.size === b.size && [...a].every(([key, text]) => b.get(key) === text)
}

function replace({ old, wanted }: Publication): void {
  old.clear()
  for (const [key, text] of wanted) old.set(key, text)
}
