// Writes a file in one step: readers see the old file or the new one, with its owner and mode, and
// never a part of it.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { geteuid } from 'node:process'
import { messageOf, oneLine, ReactiveError } from '../errors.ts'
import { groupId, userId } from './accounts.ts'

export interface InstallOptions {
  /** Name or number of the user, else who runs this. */
  owner?: string
  /** Name or number of the group, else that of who runs this. */
  group?: string
  /** Permissions, 0444 unless given. */
  mode?: number
}

const DEFAULT_MODE = 0o444
const DIRECTORY_MODE = 0o755
const MOST_LINKS = 40
/** As in /tmp: sticky, and writable for others. */
const EVERYBODY_WRITES = 0o1002

/**
 * Install the content as the target file, and its parent directories.
 *
 * A symbolic link stays, and the file that it points at is replaced. When something fails, the target is
 * as it was.
 */
export function installFile(target: string, content: string | Buffer, options: InstallOptions): void {
  const owner = options.owner === undefined ? undefined : userId(options.owner)
  const group = options.group === undefined ? undefined : groupId(options.group)
  try {
    const file = finalTarget(target)
    makeDirectory(dirname(file))
    replaceFile(file, content, options.mode ?? DEFAULT_MODE, owner, group)
  } catch (error) {
    if (error instanceof ReactiveError) throw error
    throw new ReactiveError(`cannot write the file: ${target}: ${oneLine(messageOf(error))}`, {
      cause: error,
    })
  }
}

// Charms' own write_file opens the target and so writes through links; here the last link's destination
// is replaced. A link to a file that is not there yet is followed too.
function finalTarget(target: string): string {
  let file = resolve(target)
  for (let links = 0; links < MOST_LINKS; links++) {
    const stat = lstatSync(file, { throwIfNoEntry: false })
    if (stat?.isDirectory() === true) throw new ReactiveError(`target is a directory: ${target}`)
    if (stat?.isSymbolicLink() !== true) {
      if (stat !== undefined && !stat.isFile())
        throw new ReactiveError(`target is not a regular file: ${target}`)
      return file
    }
    checkOwner(file, stat.uid)
    // The link's own directory may be reached through links, from where `..` leads elsewhere.
    file = resolve(realpathSync(dirname(file)), readlinkSync(file))
  }
  throw new ReactiveError(`too many symbolic links: ${target}`)
}

// The system does not follow such a link either (fs.protected_symlinks), but here it is read, not followed.
function checkOwner(link: string, owner: number): void {
  const { mode, uid } = statSync(dirname(link))
  const isShared = (mode & EVERYBODY_WRITES) === EVERYBODY_WRITES
  if (isShared && owner !== geteuid?.() && owner !== uid)
    throw new ReactiveError(`the symbolic link belongs to another user: ${link}`)
}

// With `recursive` Node.js tries for ever where the system says of /proc that it is not there.
function makeDirectory(dir: string): void {
  if (existsSync(dir)) return
  makeDirectory(dirname(dir))
  try {
    mkdirSync(dir, { mode: DIRECTORY_MODE })
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(dir)) throw error
  }
}

function replaceFile(
  file: string,
  content: string | Buffer,
  mode: number,
  owner: number | undefined,
  group: number | undefined,
): void {
  const temporary = join(dirname(file), `.${basename(file).slice(0, 200)}.${randomBytes(12).toString('hex')}`)
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const descriptor = openSync(temporary, flags, 0o600)
  try {
    try {
      writeFileSync(descriptor, content)
      // A change of the owner takes set-user-id bits away, so the mode comes last.
      if (owner !== undefined || group !== undefined) changeOwner(descriptor, owner, group)
      fchmodSync(descriptor, mode)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

// One of the two may stay as the new file has it.
function changeOwner(descriptor: number, owner: number | undefined, group: number | undefined): void {
  const { uid, gid } = fstatSync(descriptor)
  fchownSync(descriptor, owner ?? uid, group ?? gid)
}
