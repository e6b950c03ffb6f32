// Where packing keeps what it may need again: where npm's packages keep such things.

import path from 'node:path'
import { TOOLKIT_DIR } from '../version.ts'

export const CACHE_DIR = path.join(TOOLKIT_DIR, 'node_modules/.cache/charms.reactive')
