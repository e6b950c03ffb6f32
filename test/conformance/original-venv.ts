// The original and charmhelpers from PyPI in a virtual environment of the tests' own, made once a checkout. Where
// the registry does not answer, tests that need it are skipped, and say so.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/** Where `npm test` has its own directory for temporary files, it would be made in every run. */
const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/charms.reactive')

const ORIGINAL = 'charms.reactive==1.5.3'
const PACKAGES = [ORIGINAL, 'charmhelpers==1.2.1', 'Jinja2', 'PyYAML']
/** What the original's own tests are run by, and import. */
const FOR_ITS_TESTS = ['pytest==9.2.0', 'mock==5.2.0']

/** The directory of the environment; undefined where it cannot be made. */
export function originalVenv(): string | undefined {
  return madeOnce('original', PACKAGES, (dir) => makeVenv(dir, PACKAGES))
}

/** The original's source distribution, which has its tests, beside an environment that can run them. */
export function originalTests(): { venv: string; tests: string } | undefined {
  const dir = madeOnce('original-tests', [...PACKAGES, ...FOR_ITS_TESTS], (fresh) => {
    const words = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', ':all:', '--dest', fresh]
    return (
      makeVenv(path.join(fresh, 'venv'), [...PACKAGES, ...FOR_ITS_TESTS]) &&
      run('python3', ...words, ORIGINAL) &&
      run('tar', '-xzf', findArchive(fresh), '-C', fresh, '--strip-components=1')
    )
  })
  return dir === undefined ? undefined : { venv: path.join(dir, 'venv'), tests: path.join(dir, 'tests') }
}

/** The packages as files, and what installs them: what `charm build` puts into `wheelhouse/`. */
export function originalWheelhouse(): string | undefined {
  const packages = [...PACKAGES, 'pip', 'setuptools', 'wheel']
  return madeOnce('wheelhouse', packages, (fresh) =>
    run('python3', '-m', 'pip', 'download', '--quiet', '--dest', fresh, ...packages),
  )
}

/** Where its packages are. */
export function sitePackages(venv: string): string {
  const lib = path.join(venv, 'lib')
  const [python = ''] = fs.readdirSync(lib)
  return path.join(lib, python, 'site-packages')
}

/** A directory that is made once of what is named, and kept; undefined where it cannot be made. */
function madeOnce(name: string, of: readonly string[], make: (dir: string) => boolean): string | undefined {
  const digest = createHash('md5').update(of.join(' ')).digest('hex').slice(0, 8)
  const dir = path.join(CACHE, `${name}-${digest}`)
  const mark = path.join(dir, 'complete')
  if (fs.existsSync(mark)) return dir
  fs.mkdirSync(CACHE, { recursive: true })
  const fresh = fs.mkdtempSync(path.join(CACHE, `${name}-`))
  if (!make(fresh)) {
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

function makeVenv(dir: string, packages: readonly string[]): boolean {
  return (
    run('python3', '-m', 'venv', dir) &&
    run(path.join(dir, 'bin/python3'), '-m', 'pip', 'install', '--quiet', ...packages)
  )
}

function findArchive(dir: string): string {
  const name = fs.readdirSync(dir).find((file) => file.endsWith('.tar.gz')) ?? ''
  return path.join(dir, name)
}

function run(...words: [string, ...string[]]): boolean {
  return spawnSync(words[0], words.slice(1), { timeout: 300_000 }).status === 0
}
