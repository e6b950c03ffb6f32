// The files of a simulated unit: those that a test or a person puts there, and those that the charm has written.
// What the charm calls /etc/x is below the unit's root; relative names are those of its charm dir.

import fs from 'node:fs'
import path from 'node:path'
import { UsageError } from '../errors.ts'
import type { SimulatedUnit } from './unit.ts'

/** What a report shows of a file. */
const LONGEST_TEXT = 64 * 1024
const MOST_LINES = 20

type Unit = Pick<SimulatedUnit, 'root' | 'charmDir'>

/** Where a file of the unit is on this machine. */
export function fileOf({ root, charmDir }: Unit, file: string): string {
  const target = file.startsWith('/') ? path.join(root, file) : path.join(charmDir, file)
  const inside = [root, charmDir].some((dir) => target.startsWith(`${dir}/`))
  if (!inside) throw new UsageError(`the file is outside of the unit: ${file}`)
  return target
}

/** Give the unit a copy of a file or directory; without a source an empty file, or a directory if its name ends with `/`. */
export function placeFile(unit: Unit, file: string, source?: string): void {
  const target = fileOf(unit, file)
  if (source !== undefined && !fs.existsSync(source))
    throw new UsageError(`the file does not exist: ${source}`)
  fs.mkdirSync(path.dirname(target), { recursive: true })
  if (source !== undefined) fs.cpSync(source, target, { recursive: true, verbatimSymlinks: true })
  else if (file.endsWith('/')) fs.mkdirSync(target, { recursive: true })
  else fs.writeFileSync(target, '')
}

/** Files below a unit's root, as the charm names them, sorted; without what interpreters cache. */
export function filesBelow(root: string): string[] {
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true })
  // In the upper layer of an overlay a removed file is a character device.
  const isFile = (entry: fs.Dirent) => !entry.isDirectory() && !entry.isCharacterDevice()
  const files = entries.filter((entry) => isFile(entry) && path.basename(entry.parentPath) !== '__pycache__')
  return files.map((entry) => `/${path.relative(root, path.join(entry.parentPath, entry.name))}`).sort()
}

/** A file of the unit and below it what it says, for people; of a long text only the first lines. */
export function showFile(root: string, file: string): string[] {
  const stat = fs.lstatSync(path.join(root, file))
  const text =
    stat.isFile() && stat.size <= LONGEST_TEXT ? fs.readFileSync(path.join(root, file), 'utf8') : ''
  if (text === '' || /[\0\ufffd]/.test(text)) return [file]
  const lines = text.replace(/\n$/, '').split('\n')
  const more = lines.length > MOST_LINES ? [`… ${lines.length - MOST_LINES} more lines`] : []
  return [file, ...[...lines.slice(0, MOST_LINES), ...more].map((line) => `  ${line}`)]
}

/** Tells which file it is, and when it was written last. */
export function writtenMark(root: string, file: string): string {
  const { ino, mtimeNs } = fs.lstatSync(path.join(root, file), { bigint: true })
  return `${ino} ${mtimeNs}`
}

/** Begin to watch a root: gives a function that lists the files that were written since then. */
export function watchFiles(root: string): () => string[] {
  const marks = (files: readonly string[]) => new Map(files.map((file) => [file, writtenMark(root, file)]))
  const before = marks(filesBelow(root))
  return () =>
    [...marks(filesBelow(root))].flatMap(([file, mark]) => (before.get(file) === mark ? [] : [file]))
}
