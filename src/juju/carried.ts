// The toolkit that a packed charm carries, in `.reactive/` of its charm dir.

import fs from 'node:fs'
import path from 'node:path'
import { TOOLKIT_DIR } from '../version.ts'

/** The directory of a charm that holds it. */
export const CARRIED = '.reactive'

/** The launcher of the toolkit that the charm carries, if that is not this one. */
export function otherToolkit(charmDir: string): string | undefined {
  const dir = path.join(charmDir, CARRIED)
  const launcher = path.join(dir, 'shell/charms.reactive')
  if (!fs.existsSync(launcher) || fs.realpathSync(dir) === fs.realpathSync(TOOLKIT_DIR)) return undefined
  return launcher
}
