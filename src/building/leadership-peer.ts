// The peer relation that a packed charm gets for the settings of its leader, which Juju 4 no longer keeps. A charm that
// has a peer relation of its own needs none, and neither does one that never speaks of such settings.

import { isMapping, type YamlMap } from '../charm/charm-files.ts'
import { chunksOf, type Entry } from './entries.ts'

/** Name and interface of the endpoint. */
export const LEADERSHIP_PEER = 'reactive-leadership'

/** As handlers in any language, and layers, spell them. */
const MENTIONS =
  /\bleader[-_]set\b|\bleaderSet\b|\blayer:leadership\b|\bcharms\.leadership\b|\bleadership\.(set|changed)\./
/** It speaks of all that Juju has. */
const LIBRARY = /(^|\/)(charmhelpers|wheelhouse)\//
const LARGEST = 1 << 20

/** Whether the charm is to get the peer relation. */
export function needsLeadershipPeer({ peers }: YamlMap, entries: readonly Entry[]): boolean {
  if (isMapping(peers) && Object.keys(peers).length > 0) return false
  return entries.some((entry) => {
    if (entry.kind !== 'file' || entry.size > LARGEST || LIBRARY.test(entry.path)) return false
    const text = Buffer.concat([...chunksOf(entry.path, entry.content)]).toString('latin1')
    return MENTIONS.test(text)
  })
}
