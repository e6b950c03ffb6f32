// Everything of a unit that may change, at one moment, and what differs between two of them: for assertions
// that nothing has changed, and for what an event has written.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { JujuState } from '../juju-state.ts'
import type { SimulatedUnit } from '../unit.ts'
import { filesBelow, writtenMark } from '../unit-root.ts'

export interface FileMark {
  content: string
  mode: string
  /** Another one after each time that the file was written. */
  written: string
}

export interface Snapshot {
  flags: readonly string[]
  kv: Readonly<Record<string, unknown>>
  files: Readonly<Record<string, FileMark>>
  juju: Omit<JujuState, 'flags' | 'kv' | 'memory'>
}

/** The parts by which a test may ask. */
export const PARTS = ['flags', 'kv', 'files', 'juju'] as const
export type Part = (typeof PARTS)[number]

export function takeSnapshot({ root, state }: SimulatedUnit): Snapshot {
  const files = filesBelow(root).map((file): [string, FileMark] => [file, markOf(root, file)])
  const { flags, kv, memory: _, ...juju } = structuredClone(state)
  return { flags, kv, files: Object.fromEntries(files), juju }
}

function markOf(root: string, name: string): FileMark {
  const file = path.join(root, name)
  const stat = fs.lstatSync(file)
  const text = stat.isSymbolicLink() ? fs.readlinkSync(file) : stat.isFile() ? fs.readFileSync(file) : ''
  return {
    content: createHash('sha256').update(text).digest('hex'),
    mode: (stat.mode & 0o7777).toString(8).padStart(4, '0'),
    written: writtenMark(root, name),
  }
}

/** One line for each difference, in these parts. */
export function differences(before: Snapshot, after: Snapshot, parts: readonly Part[] = PARTS): string[] {
  return parts.flatMap((part) => DIFFERENCES[part](before, after))
}

const DIFFERENCES: Record<Part, (before: Snapshot, after: Snapshot) => string[]> = {
  flags: (before, after) => [
    ...after.flags.filter((flag) => !before.flags.includes(flag)).map((flag) => `flag set: ${flag}`),
    ...before.flags.filter((flag) => !after.flags.includes(flag)).map((flag) => `flag cleared: ${flag}`),
  ],
  kv: (before, after) => changedKeys(before.kv, after.kv).map((change) => `key/value data: ${change}`),
  files: (before, after) => changedFiles(before.files, after.files),
  juju: (before, after) =>
    changedKeys({ ...before.juju }, { ...after.juju }).map((change) => `juju: ${change}`),
}

function changedKeys(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => `${key}: ${show(before[key])} → ${show(after[key])}`)
}

function changedFiles(before: Snapshot['files'], after: Snapshot['files']): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]]
    if (old === undefined) return [`file created: ${name}`]
    if (now === undefined) return [`file removed: ${name}`]
    if (old.content !== now.content) return [`file changed: ${name}`]
    return old.mode === now.mode ? [] : [`mode changed: ${name}: ${old.mode} → ${now.mode}`]
  })
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value)
}
