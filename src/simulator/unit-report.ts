// The page of a simulated unit (`charms.reactive report`): made by the toolkit within the unit, since only there its
// charm registers, and written outside of it. Called by `simulate --report` and the test kit.

import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ReactiveError } from '../errors.ts'
import { makeDirectories } from '../system/make-directories.ts'
import type { SimulatedUnit } from './unit.ts'

/** Write the page; handlers lead to the files of the charm that was copied into the unit. */
export async function writeUnitReport(unit: SimulatedUnit, charm: string, file: string): Promise<void> {
  const link = `${pathToFileURL(path.resolve(charm)).href}/{file}#L{line}`
  const words = ['charms.reactive', 'report', '--output', '-', '--link', link]
  const { exitStatus, stdout, stderr } = await unit.peek(words)
  if (exitStatus !== 0) throw new ReactiveError(`no report: ${stderr.trim()}`)
  makeDirectories(path.dirname(path.resolve(file)))
  fs.writeFileSync(file, stdout)
}

/** The name of a test as the name of a file. */
export function reportName(suite: string, test: string): string {
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '')
  const name = `${plain(path.basename(suite, '.bats'))}--${plain(test)}`.replace(/^\.+/, '')
  return `${name.slice(0, 200)}.html`
}
