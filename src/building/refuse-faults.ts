// What keeps a charm from being packed or built: errors that lint finds.

import { codeOf, ReactiveError } from '../errors.ts'
import type { Finding } from '../insight/lint/finding.ts'
import { lintCharm } from '../insight/lint/lint.ts'
import { checkCharm } from './charm-texts.ts'

/** Refuse a charm in which lint finds errors. What it cannot look at is told by who takes the charm. */
export async function refuseFaults(charmDir: string): Promise<void> {
  checkCharm(charmDir)
  const findings = await lintCharm(charmDir).catch(nothingFound)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (first === undefined) return
  const { file, line, column, message, rule } = first
  const others =
    errors.length === 1 ? '' : `, and ${errors.length - 1} more errors that charms.reactive lint tells`
  throw new ReactiveError(
    `lint finds an error, with which --no-lint packs all the same: ${file}:${line}:${column}: ${message} [${rule}]${others}`,
  )
}

/** A file that cannot be read, for instance: packing says it better. */
function nothingFound(error: unknown): Finding[] {
  if (error instanceof ReactiveError || codeOf(error) !== undefined) return []
  throw error
}
