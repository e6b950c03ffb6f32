// The toolkit that a packed charm carries, in `.reactive/` of its charm dir.

import fs from 'node:fs'
import path from 'node:path'
import { TOOLKIT_DIR } from '../version.ts'

/** The directory of a charm that holds it. */
export const CARRIED = '.reactive'
const LAUNCHER = 'shell/charms.reactive'

/** Where else it may be: charmcraft leaves hidden files of the charm dir out, and takes those in directories. */
export const CARRIED_PLACES = [CARRIED, `hooks/${CARRIED}`]

/** The launcher of the toolkit that the charm carries, if that is not this one. */
export function otherToolkit(charmDir: string): string | undefined {
  const dirs = CARRIED_PLACES.map((place) => path.join(charmDir, place))
  const dir = dirs.find((one) => fs.existsSync(path.join(one, LAUNCHER)))
  if (dir === undefined || fs.realpathSync(dir) === fs.realpathSync(TOOLKIT_DIR)) return undefined
  return path.join(dir, LAUNCHER)
}
