// What changed since somebody last looked: files and data, by hash (documentation 2.7: any_file_changed,
// data_changed, when_file_changed).

import { createHash, getHashes } from 'node:crypto'
import { codeOf, messageOf, ReactiveError, UsageError } from '../errors.ts'
import { underRoot } from '../juju/context.ts'
import { readRegularFile } from '../system/regular-files.ts'
import { KEY } from './keys.ts'
import { pythonJson } from './python-json.ts'
import type { Session } from './session.ts'

/** Whether any of the files changed since the last call, for all callers together. Records unless `peek`. */
export function anyFileChanged(
  session: Session,
  files: readonly string[],
  options: { hashType?: string; peek?: boolean } = {},
): boolean {
  const { hashType = 'md5', peek = false } = options
  let changed = false
  for (const file of files) {
    const hash = fileHash(session, file, hashType)
    if (hash === (session.state.get(KEY.file + file) ?? null)) continue
    changed = true
    if (!peek) session.state.set(KEY.file + file, hash)
  }
  return changed
}

/** Whether any of the files differs from what the handler saw when it last succeeded. Records nothing. */
export function filesChangedFor(session: Session, handler: string, files: readonly string[]): boolean {
  return files.some((file) => fileHash(session, file, 'md5') !== lastSeen(session, handler, file))
}

/** Remember the files as the handler has now seen them. */
export function recordFilesFor(
  session: Session,
  handler: string,
  seen: ReadonlyMap<string, string | null>,
): void {
  for (const [file, hash] of seen) session.state.set(handlerKey(handler, file), hash)
}

/** The hashes of the files at this moment; null for one that does not exist. */
export function hashFiles(session: Session, files: readonly string[]): Map<string, string | null> {
  return new Map(files.map((file) => [file, fileHash(session, file, 'md5')]))
}

/** Whether the data differs from the last `data_changed` of this id; `record` remembers it. */
export function dataChanged(
  session: Session,
  id: string,
  data: unknown,
  options: { hashType?: string; record: boolean },
): boolean {
  return textChanged(session, id, pythonJson(data), options)
}

/** The same for data whose JSON text Python has written. */
export function textChanged(
  session: Session,
  id: string,
  text: string,
  { hashType = 'md5', record }: { hashType?: string; record: boolean },
): boolean {
  const hash = createHash(checkHashType(hashType)).update(text).digest('hex')
  const changed = session.state.get(KEY.data + id) !== hash
  if (changed && record) session.state.set(KEY.data + id, hash)
  return changed
}

function lastSeen({ state }: Session, handler: string, file: string): unknown {
  const own = handlerKey(handler, file)
  return state.get(state.has(own) ? own : KEY.fileBase + file) ?? null
}

function handlerKey(handler: string, file: string): string {
  return `${KEY.seen}${JSON.stringify([handler, file])}`
}

function fileHash(session: Session, file: string, hashType: string): string | null {
  const hash = createHash(checkHashType(hashType))
  try {
    return hash.update(readRegularFile(underRoot(session.context, file))).digest('hex')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null
    throw new ReactiveError(`the file cannot be watched: ${file}: ${messageOf(error)}`, { cause: error })
  }
}

function checkHashType(name: string): string {
  if (getHashes().includes(name)) return name
  throw new UsageError(`unknown hash type: ${name}`)
}
