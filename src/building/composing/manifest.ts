// `.build.manifest` of a composed charm, in the format of charm-tools: which layer each file comes from, and its
// hash. The engine orders handler files by it, and the next build sees what was changed by hand.

import { isMapping } from '../../charm/charm-files.ts'
import type { Layer } from '../layers/layer.ts'
import type { Stack } from '../layers/order.ts'

export const MANIFEST = '.build.manifest'

/** `[layer, kind, SHA-256]`, by path. */
export type Signatures = Record<string, [url: string, kind: string, sha256: string]>

/** The text of the manifest. */
export function manifestText(signatures: Signatures, { layers, interfaces }: Stack): string {
  const all: Signatures = { ...signatures, [MANIFEST]: ['build', 'dynamic', 'unchecked'] }
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
  const rows = [...layers, ...interfaces].map((layer) => ({ rev: revisionOf(layer), url: layer.url }))
  return `${JSON.stringify({ layers: rows, signatures: sorted }, undefined, 2)}\n`
}

function revisionOf({ origin }: Layer): string {
  return origin.from === 'toolkit' ? '' : origin.commit
}

/** The hashes of a manifest, by path; those that nobody checks are not among them. */
export function readSignatures(text: string): Map<string, string> {
  const hashes = new Map<string, string>()
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch {
    // A manifest that cannot be read says nothing.
  }
  const signatures = isMapping(manifest) && isMapping(manifest.signatures) ? manifest.signatures : {}
  for (const [path, row] of Object.entries(signatures)) {
    const [url, , sha256] = Array.isArray(row) ? row : []
    if (url !== 'build' && typeof sha256 === 'string') hashes.set(path, sha256)
  }
  return hashes
}
