// Faults of the disk below one directory: at which call of which kind a process dies or gets an error. disk.c
// makes them, within the process; what it counts is compared with what strace sees in kill-anywhere.test.ts.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Let the process die before a call, or the call fail. */
export interface Fault {
  as: 'kill' | keyof typeof os.constants.errno
  /** The number of the call, from 1, all threads counted together. */
  at: number
  /** Whether all calls behind it fail as well. */
  lasting?: boolean
}

/** A call that touched the directory. */
export interface DiskCall {
  name: string
  path: string
  /** Where in the file it writes, or to which size it cuts it. */
  offset: number
  data: Buffer
}

let library = ''

/** The environment of a process for which the disk fails, or for which its calls are written down. */
export function diskEnv(
  dir: string,
  { fault, log }: { fault?: Fault; log?: string },
): Record<string, string> {
  if (library === '') library = compile()
  const errno = fault === undefined || fault.as === 'kill' ? 0 : os.constants.errno[fault.as]
  return {
    LD_PRELOAD: library,
    DISK_DIR: dir,
    ...(log !== undefined && { DISK_LOG: log }),
    ...(fault !== undefined && {
      DISK_ERROR: String(errno),
      DISK_FIRST: String(fault.at),
      DISK_LAST: String(fault.lasting ? Number.MAX_SAFE_INTEGER : fault.at),
    }),
  }
}

/** The calls that a process with such a log has made; where it made none there is no log. */
export function readCalls(log: string): DiskCall[] {
  if (!fs.existsSync(log)) return []
  const lines = fs.readFileSync(log, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const [, name = '', path = '', offset, data = ''] = line.split('\t')
    return { name, path, offset: Number(offset), data: Buffer.from(data, 'hex') }
  })
}

function compile(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-disk-'))
  process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }))
  const file = path.join(dir, 'disk.so')
  const source = path.join(import.meta.dirname, 'disk.c')
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', file, source], { timeout: 60_000 })
  return file
}
