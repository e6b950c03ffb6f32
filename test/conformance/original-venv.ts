// The original and charmhelpers from PyPI in a virtual environment of the tests' own, made once a machine. Where
// the registry does not answer, tests that need it are skipped, and say so.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const PACKAGES = ['charms.reactive==1.5.3', 'charmhelpers==1.2.1', 'Jinja2', 'PyYAML']

/** The directory of the environment; undefined where it cannot be made. */
export function originalVenv(): string | undefined {
  const dir = path.join(os.tmpdir(), `charms.reactive-original-${process.getuid?.() ?? 0}`)
  const mark = path.join(dir, 'complete')
  if (fs.existsSync(mark)) return dir
  const fresh = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-venv-'))
  const run = (...words: [string, ...string[]]) =>
    spawnSync(words[0], words.slice(1), { timeout: 300_000 }).status
  const isMade =
    run('python3', '-m', 'venv', fresh) === 0 &&
    run(path.join(fresh, 'bin/python3'), '-m', 'pip', 'install', '--quiet', ...PACKAGES) === 0
  if (!isMade) {
    fs.rmSync(fresh, { recursive: true, force: true })
    return undefined
  }
  fs.writeFileSync(path.join(fresh, 'complete'), '')
  // Scripts of an environment name its directory, but nothing here uses them.
  if (!fs.existsSync(mark)) {
    fs.rmSync(dir, { recursive: true, force: true })
    fs.renameSync(fresh, dir)
  }
  return dir
}

/** Where its packages are. */
export function sitePackages(venv: string): string {
  const lib = path.join(venv, 'lib')
  const [python = ''] = fs.readdirSync(lib)
  return path.join(lib, python, 'site-packages')
}
