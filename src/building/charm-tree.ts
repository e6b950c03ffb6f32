// The files of a charm dir that go into an archive: all but what is left out, and what Juju would refuse is an
// error. Modes are reduced to what git keeps of them, so that no umask shows.

import fs from 'node:fs'
import path from 'node:path'
import { messageOf, oneLine, ReactiveError } from '../errors.ts'
import type { Entry } from './entries.ts'

/** Find what `isLeftOut` (a path, with a slash at the end for a directory) does not leave out. */
export function readCharmTree(charmDir: string, isLeftOut: (name: string) => boolean): Entry[] {
  const root = fs.realpathSync(charmDir)
  return readDirectory(root, '', isLeftOut)
}

function readDirectory(
  root: string,
  dir: string,
  isLeftOut: (name: string) => boolean,
  names = namesIn(root, dir),
): Entry[] {
  return names.flatMap((name): Entry[] => {
    const file = path.posix.join(dir, name)
    const stat = ofFile(file, () => fs.lstatSync(path.join(root, file)))
    if (isLeftOut(stat.isDirectory() ? `${file}/` : file)) return []
    if (!stat.isDirectory()) return [toEntry(root, file, stat)]
    const inner = namesIn(root, file)
    // Juju makes the directories of files itself; one that is empty has an entry of its own.
    if (inner.length === 0) return [{ path: file, kind: 'directory' }]
    return readDirectory(root, file, isLeftOut, inner)
  })
}

/** Juju reads names as UTF-8, and so does everything of the toolkit. */
function namesIn(root: string, dir: string): string[] {
  const names = ofFile(dir || '.', () => fs.readdirSync(path.join(root, dir), { encoding: 'buffer' }))
  return names.map((bytes) => {
    const name = bytes.toString()
    if (Buffer.from(name).equals(bytes)) return name
    throw new ReactiveError(`the name of a file is not UTF-8: ${oneLine(path.join(dir, name))}`)
  })
}

function toEntry(root: string, file: string, stat: fs.Stats): Entry {
  if (stat.isSymbolicLink()) return toLink(root, file)
  if (!stat.isFile())
    throw new ReactiveError(`Juju does not accept this kind of file: ${file}: ${kindOf(stat)}`)
  return {
    path: file,
    kind: 'file',
    isExecutable: (stat.mode & 0o100) !== 0,
    content: { file: path.join(root, file) },
    size: stat.size,
  }
}

/** By its text, as Juju judges it. */
function toLink(root: string, file: string): Entry {
  const target = ofFile(file, () => fs.readlinkSync(path.join(root, file)))
  const place = path.posix.join(path.posix.dirname(file), target)
  if (path.isAbsolute(target) || place === '..' || place.startsWith('../'))
    throw new ReactiveError(`a link leads out of the charm: ${file} -> ${target}`)
  return { path: file, kind: 'link', target }
}

function kindOf(stat: fs.Stats): string {
  if (stat.isFIFO()) return 'named pipe'
  return stat.isSocket() ? 'socket' : 'device'
}

function ofFile<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw new ReactiveError(`the file cannot be read: ${file}: ${messageOf(error)}`, { cause: error })
  }
}
