// Whether this machine can cover directories with overlays: the tools, the kernel, and each directory, by trying.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { findExecutable } from '../system/executables.ts'
import { deleteWork, mountsBelow, writeFstab } from './overlay-layers.ts'

/** Where charms write. Some of them are links or not there on some systems. */
const DIRECTORIES = ['bin', 'boot', 'etc', 'home', 'lib', 'lib64', 'opt', 'root', 'sbin', 'srv', 'usr', 'var']

export const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin'

/** More mounts than that below one directory are not worth it. */
const MAX_NESTED = 20

export interface Tools {
  unshare: string
  nsenter: string
  mount: string
  /** Whether a user namespace is needed. */
  asUser: boolean
}

export function findTools(): Tools | undefined {
  const [unshare, nsenter, mount] = ['unshare', 'nsenter', 'mount'].map((name) =>
    findExecutable(name, SYSTEM_PATH),
  )
  if (unshare === undefined || nsenter === undefined || mount === undefined) return undefined
  return { unshare, nsenter, mount, asUser: process.getuid?.() !== 0 }
}

export function namespaces({ unshare, asUser }: Tools): string[] {
  return [unshare, '--mount', ...(asUser ? ['--user', '--map-root-user'] : [])]
}

export interface Possible {
  directories: readonly string[]
  /** More options of the mounts. */
  options: string
  problem: string
}

/** What this machine can do, by the file system of the units: found out once per process. */
const POSSIBLE = new Map<number, Possible>()

/** Try to mount all of them; where that fails, one by one. */
export function findPossible(dir: string, tools: Tools): Possible {
  const { dev } = fs.statSync(dir)
  const known = POSSIBLE.get(dev)
  if (known !== undefined) return known
  const tops = overlaidDirectories(dir)
  const attempt = (names: readonly string[], options: string) => {
    const fstab = writeFstab(dir, names, options)
    const problem = run([...namespaces(tools), tools.mount, '--all', '--fstab', fstab])
    deleteWork(dir)
    return problem
  }
  // An index would refuse the layers for as long as an earlier mount of them is alive.
  const plain = `,index=off${tools.asUser ? ',userxattr' : ''}`
  // Without it the end of a unit waits until the disk has everything; kernels before 5.10 do not have it.
  const fast = `${plain},volatile`
  const isFast = attempt(tops, fast) === ''
  const problem = isFast ? '' : attempt(tops, plain)
  const directories = problem === '' ? tops : tops.filter((name) => attempt([name], plain) === '')
  const found = {
    directories,
    options: isFast ? fast : plain,
    problem: directories.length === 0 ? problem : leftOut(tops, directories, dir),
  }
  POSSIBLE.set(dev, found)
  return found
}

/** Real directories, but for one that the unit is in. */
function overlaidDirectories(dir: string): string[] {
  const isThere = (name: string) =>
    fs.lstatSync(`/${name}`, { throwIfNoEntry: false })?.isDirectory() === true
  const names = DIRECTORIES.filter((name) => !dir.startsWith(`/${name}/`) && isThere(name))
  return names.filter((name) => mountsBelow(name).length <= MAX_NESTED)
}

function leftOut(tops: readonly string[], directories: readonly string[], dir: string): string {
  const isMissing = (name: string) =>
    dir.startsWith(`/${name}/`) || (tops.includes(name) && !directories.includes(name))
  const shown = DIRECTORIES.filter(isMissing).map((name) => `/${name}`)
  return shown.length === 0 ? '' : `not isolated: ${shown.join(', ')}`
}

/** Empty when the command succeeds, else why it does not. */
export function run(args: readonly string[]): string {
  const [file = '', ...rest] = args
  const { status, stderr, error } = spawnSync(file, rest, { encoding: 'utf8', env: { PATH: SYSTEM_PATH } })
  if (status === 0) return ''
  return error?.message ?? (stderr.trim().split('\n')[0] || `${file} failed with status ${status}`)
}
