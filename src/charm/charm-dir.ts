// What makes a directory that of a charm. Everything that is started looks here, so this loads nothing.

import fs from 'node:fs'
import path from 'node:path'

/** The file that says everything in the source of a charm; charmcraft splits it when it packs. */
export const CHARMCRAFT = 'charmcraft.yaml'

/** Whether the directory holds a charm, packed or in its source. */
export function isCharmDir(dir: string): boolean {
  return ['metadata.yaml', CHARMCRAFT].some((name) => fs.existsSync(path.join(dir, name)))
}
