// What the kernel says about a process in /proc/PID/stat.

import fs from 'node:fs'

export interface ProcessStat {
  /** One letter; `Z` for one that has ended and that nobody has waited for. */
  state: string
  /** The process that has started it. */
  parent: number
  /** When it was started, in ticks since the boot: another process of the same number has another one. */
  started: string
  /** How it has ended, as wait(2) says it: a signal, or 256 times a status. */
  ending: number
}

/** What is known of a process; undefined where it is gone. */
export function statOfProcess(pid: number | string): ProcessStat | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name before the fields stands in brackets, and may hold any of them itself.
    const [state = '', parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent), started: fields[17] ?? '', ending: Number(fields[47]) }
  } catch {
    return undefined
  }
}
