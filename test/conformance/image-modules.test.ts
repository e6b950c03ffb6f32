// Which modules the images of Ubuntu have: derived from what Debian's packages require and hold, where Debian 12 and its
// archive are there.

import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { IMAGE_PACKAGES, IN_IMAGES } from '../../src/building/python-modules.ts'
import { isFull } from '../effort.ts'
import { makeDir } from '../test-unit.ts'

const WITHOUT = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
  (word) => `--no-${word}`,
)
const MODULE = /^\.\/usr\/lib\/python3\/dist-packages\/([a-z]\w*)(\/|\.py$|\.cpython[^/]*so$)/i

const isDebian12 = () => /^VERSION_ID="12"$/m.test(fs.readFileSync('/etc/os-release', 'utf8'))

it.runIf(isFull)(
  'the modules of images are those that their packages bring',
  { timeout: 300_000 },
  (context) => {
    const depends = spawnSync('apt-cache', ['depends', '--recurse', ...WITHOUT, ...IMAGE_PACKAGES], {
      encoding: 'utf8',
    })
    const packages = [...new Set((depends.stdout ?? '').match(/^python3-\S+$/gm) ?? [])]
    if (!isDebian12() || packages.length === 0) return context.skip('this is not Debian 12 with its archive')
    const dir = makeDir()
    execFileSync('apt-get', ['download', '-qq', ...packages], { cwd: dir, stdio: 'ignore' })
    const modules = fs.readdirSync(dir).flatMap((archive) => {
      const listing = execFileSync('dpkg-deb', ['--contents', path.join(dir, archive)], { encoding: 'utf8' })
      return listing.split('\n').flatMap((line) => MODULE.exec(line.split(/\s+/)[5] ?? '')?.[1] ?? [])
    })
    expect([...new Set(modules)].sort()).toEqual([...IN_IMAGES].sort())
  },
)
