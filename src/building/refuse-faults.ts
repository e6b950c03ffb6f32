// What keeps a charm from being packed or built: errors that lint finds.

import { codeOf, ReactiveError } from '../errors.ts'
import type { Finding } from '../insight/lint/finding.ts'
import { lintCharm } from '../insight/lint/lint.ts'
import { checkCharm } from './charm-texts.ts'

/** Refuse a charm in which lint finds errors. */
export async function refuseFaults(charmDir: string): Promise<void> {
  checkCharm(charmDir)
  const [first, ...others] = await faultsOf(charmDir)
  if (first === undefined) return
  const { file, line, column, message, rule } = first
  const more =
    others.length === 0 ? '' : `, and ${others.length} more errors, which charms.reactive lint shows`
  throw new ReactiveError(
    `lint finds an error (--no-lint packs anyway): ${file}:${line}:${column}: ${message} [${rule}]${more}`,
  )
}

/** The errors that lint finds. What it cannot look at is told by who takes the charm. */
export async function faultsOf(charmDir: string): Promise<Finding[]> {
  const findings = await lintCharm(charmDir).catch(nothingFound)
  return findings.filter(({ severity }) => severity === 'error')
}

/** A file that cannot be read, for instance: packing says it better. */
function nothingFound(error: unknown): Finding[] {
  if (error instanceof ReactiveError || codeOf(error) !== undefined) return []
  throw error
}
