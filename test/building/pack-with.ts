// Packs a charm with a toolkit, as a person does, with nothing of this process around it.

import { execFileSync } from 'node:child_process'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')

/** Pack a charm with the toolkit in a directory. The runtime takes its time where nobody has compressed it yet. */
export function packWith(toolkit: string, charm: string, archive: string, ...words: string[]): void {
  const env = { PATH: '/usr/bin:/bin' }
  const launcher = path.join(toolkit, 'shell/charms.reactive')
  execFileSync(launcher, ['pack', charm, '--no-lint', '-o', archive, ...words], { env })
}
