// The texts of a packed charm that say what it is: `manifest.yaml`, which Juju 4 requires, and `metadata.yaml`
// without what Juju refuses beside bases.

import fs from 'node:fs'
import path from 'node:path'
import { isSeq, parseDocument, stringify } from 'yaml'
import { isMapping, readMetadata, readYaml, type YamlMap } from '../charm/charm-files.ts'
import { ReactiveError } from '../errors.ts'
import type { Base } from './bases.ts'

/** Versions and channels are text, whatever they look like. */
const QUOTED = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 } as const

/** The manifest: the bases, and what else the charm's own says. */
export function manifestText(charmDir: string, bases: readonly Base[]): string {
  const own = readYaml(path.join(charmDir, 'manifest.yaml'))
  return stringify({ ...(isMapping(own) ? own : {}), bases }, QUOTED)
}

/** The metadata as they are, but `series` goes, and `min-juju-version` becomes an assumption. */
export function metadataText(charmDir: string): string {
  const file = path.join(charmDir, 'metadata.yaml')
  const text = fs.readFileSync(file, 'utf8')
  const { raw } = readMetadata(charmDir)
  if (!('series' in raw) && !('min-juju-version' in raw)) return text
  const document = parseDocument(text, { version: '1.1', merge: true })
  document.delete('series')
  document.delete('min-juju-version')
  const assumption = assumptionOf(raw)
  if (assumption !== undefined) {
    const assumes = document.get('assumes')
    if (isSeq(assumes)) assumes.add(assumption)
    else document.set('assumes', [assumption])
  }
  return document.toString({ lineWidth: 0 })
}

/** None where the charm assumes a version of Juju by itself. */
function assumptionOf({ 'min-juju-version': version, assumes }: YamlMap): string | undefined {
  if (version === undefined || version === null || JSON.stringify(assumes ?? '').includes('"juju '))
    return undefined
  return `juju >= ${version}`
}

/** Whether the directory holds a charm that can be packed. Throws an error that says what is missing. */
export function checkCharm(charmDir: string): void {
  const has = (name: string) => fs.existsSync(path.join(charmDir, name))
  if (has('metadata.yaml')) return
  if (has('charmcraft.yaml'))
    throw new ReactiveError(
      `Juju reads metadata.yaml only, and the charm has charmcraft.yaml alone: ${charmDir}`,
    )
  throw new ReactiveError(`not a charm dir, it has no metadata.yaml: ${charmDir}`)
}
