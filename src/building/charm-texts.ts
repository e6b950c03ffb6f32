// The texts of a packed charm that say what it is: `manifest.yaml`, which Juju 4 requires, `metadata.yaml` without
// what Juju refuses beside bases, and what charmcraft.yaml says in place of files.

import fs from 'node:fs'
import path from 'node:path'
import { isSeq, parseDocument, stringify } from 'yaml'
import { isCharmDir } from '../charm/charm-dir.ts'
import { splitTexts } from '../charm/charm-files/sources.ts'
import { isMapping, readMetadata, readYaml, type YamlMap } from '../charm/charm-files.ts'
import { ReactiveError } from '../errors.ts'
import type { Base } from './bases.ts'
import { type Entry, textEntry } from './entries.ts'
import { addLeadershipPeer } from './leadership-peer.ts'

/** Versions and channels are text, whatever they look like. */
const QUOTED = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 } as const

/** The manifest: the bases, and what else the charm's own says. */
export function manifestText(charmDir: string, bases: readonly Base[]): string {
  const own = readYaml(path.join(charmDir, 'manifest.yaml'))
  return stringify({ ...(isMapping(own) ? own : {}), bases }, QUOTED)
}

/** What charmcraft.yaml says in place of the files that Juju reads, as those files. */
export function splitEntries(charmDir: string): Entry[] {
  return [...splitTexts(charmDir)].map(([name, text]) => textEntry(name, text))
}

/**
 * The metadata as they are, but `series` goes, and `min-juju-version` becomes an assumption. `withPeer` adds the peer
 * relation for leader settings.
 */
export function metadataText(charmDir: string, withPeer = false): string {
  const { raw } = readMetadata(charmDir)
  const file = path.join(charmDir, 'metadata.yaml')
  const text = splitTexts(charmDir).get('metadata.yaml') ?? fs.readFileSync(file, 'utf8')
  if (!('series' in raw) && !('min-juju-version' in raw) && !withPeer) return text
  const document = parseDocument(text, { version: '1.1', merge: true })
  document.delete('series')
  document.delete('min-juju-version')
  const assumption = assumptionOf(raw)
  if (assumption !== undefined) {
    const assumes = document.get('assumes')
    if (isSeq(assumes)) assumes.add(assumption)
    else document.set('assumes', [assumption])
  }
  if (withPeer) addLeadershipPeer(document)
  return document.toString({ lineWidth: 0 })
}

/** None where the charm assumes a version of Juju by itself. */
function assumptionOf({ 'min-juju-version': version, assumes }: YamlMap): string | undefined {
  if (version === undefined || version === null || JSON.stringify(assumes ?? '').includes('"juju '))
    return undefined
  return `juju >= ${version}`
}

/** Throw an error that says what is missing where the directory holds no charm. */
export function checkCharm(charmDir: string): void {
  if (!isCharmDir(charmDir)) throw new ReactiveError(`not a charm dir, it has no metadata.yaml: ${charmDir}`)
}
