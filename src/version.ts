// Which toolkit this is: its version, and where it stands.

import path from 'node:path'
import manifest from '../package.json' with { type: 'json' }

export const VERSION: string = manifest.version

/** The directory of the toolkit: `src/` lies in it, and `dist/` when it is built. */
export const TOOLKIT_DIR = path.resolve(import.meta.dirname, '..')
