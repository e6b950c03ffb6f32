// Whether a charm has code in Python that may use the toolkit: then its processes find the toolkit's package.

import fs from 'node:fs'
import path from 'node:path'

/** Handler files, and what layers offer to each other. */
const DIRECTORIES = ['reactive', 'hooks/reactive', 'hooks/relations', 'lib/charms', 'wheelhouse']
const CODE = /\.(py|whl|tar\.gz|zip)$/

/** Whether the charm has handlers, layers or packages in Python. */
export function hasPython(charmDir: string): boolean {
  return DIRECTORIES.some((name) => {
    const dir = path.join(charmDir, name)
    if (!fs.existsSync(dir)) return false
    return (fs.readdirSync(dir, { recursive: true }) as string[]).some((file) => CODE.test(file))
  })
}
