// What `build` tells a person: where the charm is, what of it is new, and what is worth knowing; with --diff the
// changes themselves.

import { isUtf8 } from 'node:buffer'
import path from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { Built, Change } from './build.ts'
import { bytesOf } from './entries.ts'
import { type LayerFile, modeOf } from './layers/layer-files.ts'

/** The report of a build. */
export function buildReport(built: Built, cwd: string): string {
  const { target, files, written, removed, layers, interfaces, notes } = built
  const changes = [`${written.length} written`, ...(removed.length > 0 ? [`${removed.length} removed`] : [])]
  const place = path.relative(cwd, target)
  return [
    ...notes.map((line) => `note: ${line}\n`),
    `${place.startsWith('../../..') ? target : place || '.'}: ${files} files, ${changes.join(', ')}\n`,
    `  layers: ${layers.join(', ')}\n`,
    ...(interfaces.length > 0 ? [`  interfaces: ${interfaces.join(', ')}\n`] : []),
  ].join('')
}

const LARGEST = 1 << 20

/** The changes as a unified diff; of files that are no text only that they change. */
export function diffText(changes: readonly Change[]): string {
  return changes.map(([name, before, after]) => diffOf(name, before, after)).join('')
}

function diffOf(name: string, before: LayerFile | undefined, after: LayerFile | undefined): string {
  const [old, fresh] = [textOf(before), textOf(after)]
  const head = modeLine(name, before, after)
  if (old === undefined || fresh === undefined) return `${head}Binary file ${name} changes\n`
  if (old === fresh) return head === '' ? `File ${name} changes\n` : head
  const from = before === undefined ? '/dev/null' : `a/${name}`
  const to = after === undefined ? '/dev/null' : `b/${name}`
  const patch = createTwoFilesPatch(from, to, old, fresh, undefined, undefined, { context: 3 })
  return head + patch.replace(/^=+\n/, '')
}

function modeLine(name: string, before: LayerFile | undefined, after: LayerFile | undefined): string {
  const [old, fresh] = [before, after].map((file) => (file === undefined ? 'nothing' : modeOf(file)))
  const isOrdinary = [before, after].every((file) => file === undefined || modeOf(file) === 'file')
  return old === fresh || isOrdinary ? '' : `${name}: ${old} becomes ${fresh}\n`
}

/** Empty for what is not there; undefined for what is no text that a person would read. */
function textOf(file: LayerFile | undefined): string | undefined {
  if (file === undefined || file.kind === 'directory') return ''
  if (file.kind === 'link') return `${file.target}\n`
  if (file.size > LARGEST) return undefined
  const bytes = bytesOf(file)
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString() : undefined
}
