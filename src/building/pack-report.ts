// What `pack` tells a person: the archives with their sizes by part.

import { numbered } from '../juju/rounds.ts'
import type { Packed, Part } from './pack.ts'

/** The report of all archives. */
export function packReport(packed: readonly Packed[]): string {
  return packed.map(reportOf).join('\n')
}

function reportOf(packed: Packed): string {
  const { file, bytes, bases, basesFrom, addedPeer, parts, runtime, packages, missing } = packed
  const whole = { files: 0, bytes, unpacked: 0 }
  for (const part of Object.values(parts)) {
    whole.files += part.files
    whole.unpacked += part.unpacked
  }
  const rows: [string, Part][] = [
    [`runtime (Node.js ${runtime})`, parts.runtime],
    ['toolkit', parts.toolkit],
  ]
  rows.push(['charm', parts.charm], ['together', whole])
  const lines = rows.map(([name, part]) => {
    const cells = [megabytes(part.bytes), megabytes(part.unpacked), numbered(part.files, 'file')]
    return `  ${name.padEnd(27)}${cells.map((cell) => cell.padStart(12)).join('')}\n`
  })
  const head = `  ${''.padEnd(27)}${'packed'.padStart(12)}${'unpacked'.padStart(12)}\n`
  const peer =
    addedPeer === undefined
      ? ''
      : `  added: the peer relation ${addedPeer}, for leader settings under Juju 4\n`
  return `${file}\n${head}${lines.join('')}  bases: ${bases} (${basesFrom})\n${peer}${packageLines(packages)}${missingLines(missing)}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}

/** Python packages that have no pure wheel in the charm. */
function packageLines({ installed, expected }: Packed['packages']): string {
  const line = (what: string, names: readonly string[]) =>
    names.length === 0 ? '' : `  ${what}: ${names.join(', ')}\n`
  return (
    line('not carried, the unit installs it with pip', installed) +
    line('not carried, the unit must have it', expected)
  )
}

/** Modules of Python that nobody knows to be on the unit, with the places that import them. */
function missingLines(missing: Packed['missing']): string {
  if (missing.length === 0) return ''
  const shown = missing.map(({ module, file, line }) => `${module} (${file}:${line})`)
  return `  imported, and the unit may not have it: ${shown.join(', ')}\n`
}
