// The license that a new charm begins with: the toolkit's own, whose text stands beside it.

import fs from 'node:fs'
import path from 'node:path'
import { TOOLKIT_DIR } from '../../version.ts'

/** The text of the Apache License. */
export const licenseText = () => fs.readFileSync(path.join(TOOLKIT_DIR, 'LICENSE'), 'utf8')
