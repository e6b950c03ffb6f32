// The peer relation that a built or packed charm gets for the settings of its leader, which Juju 4 no longer keeps. A charm that
// has a peer relation of its own needs none, and neither does one that never speaks of such settings.

import { type Document, parseDocument } from 'yaml'
import { isMapping, type YamlMap } from '../charm/charm-files.ts'
import { bytesOf, type Entry } from './entries.ts'

/** Name and interface of the endpoint. */
export const LEADERSHIP_PEER = 'reactive-leadership'

/** Put the peer relation into a metadata.yaml. */
export function addLeadershipPeer(document: Document): void {
  document.set('peers', document.createNode({ [LEADERSHIP_PEER]: { interface: LEADERSHIP_PEER } }))
}

/** The text of a metadata.yaml with the peer relation, and with its comments. */
export function withLeadershipPeer(text: string): string {
  const document = parseDocument(text, { version: '1.1', merge: true })
  addLeadershipPeer(document)
  return document.toString({ lineWidth: 0 })
}

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
    const bytes = bytesOf(entry)
    // Most files have no such word, which shows without making a text of them.
    return bytes.includes('leader') && MENTIONS.test(bytes.toString('latin1'))
  })
}
