// `build --wheels`: pip makes a wheel of each package that wheelhouse.txt requires, and of what these require. The pure
// ones are unpacked into the charm, which then needs no pip for them; one for this machine's Python alone would fail on
// a unit.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { oneLine, ReactiveError } from '../errors.ts'
import type { Composition } from './composing/compose.ts'
import type { Note } from './composing/contributions.ts'
import { bytesOf, type Entry } from './entries.ts'
import { withHash } from './layers/layer-files.ts'
import { PURE, unpackWheels } from './wheels.ts'

/** Put the packages of the wheels into the charm. */
export function addWheels({ files }: Composition, env: NodeJS.ProcessEnv, note: Note): void {
  const requirements = files.get('wheelhouse.txt')
  if (requirements === undefined) return
  const wheels = makeWheels(files, env)
  for (const wheel of wheels)
    if (!PURE.test(wheel.path))
      note(`not carried, since it fits only one version of Python: ${path.basename(wheel.path)}`)
  const own = [...files.values()].map(({ file }) => file)
  const { entries } = unpackWheels([...own, ...wheels.filter(({ path: name }) => PURE.test(name))])
  const names = new Set(entries.map((entry) => entry.path))
  for (const name of files.keys()) if (!names.has(name)) files.delete(name)
  for (const entry of entries) {
    // As charm-tools names it.
    const url = entry.path === 'wheelhouse.txt' ? requirements.url : '__pip__'
    if (entry !== files.get(entry.path)?.file)
      files.set(entry.path, { file: withHash(entry), url, kind: 'dynamic' })
  }
}

function makeWheels(files: Composition['files'], env: NodeJS.ProcessEnv): Entry[] {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-'))
  try {
    const texts = ['wheelhouse.txt', CONSTRAINTS].filter((name) => files.has(name))
    for (const name of texts) {
      const built = files.get(name)
      if (built !== undefined) fs.writeFileSync(path.join(dir, name), bytesOf(built.file))
    }
    fs.mkdirSync(path.join(dir, 'wheels'))
    runPip(dir, env, texts.includes(CONSTRAINTS) ? ['--constraint', CONSTRAINTS] : [])
    const names = fs.readdirSync(path.join(dir, 'wheels')).sort()
    return names.map((name) => {
      const content = fs.readFileSync(path.join(dir, 'wheels', name))
      return { path: `wheelhouse/${name}`, kind: 'file', isExecutable: false, content, size: content.length }
    })
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

const CONSTRAINTS = 'wheelhouse-constraints.txt'

function runPip(dir: string, env: NodeJS.ProcessEnv, more: readonly string[]): void {
  const words = ['-m', 'pip', 'wheel', '--quiet', '--no-input', '--disable-pip-version-check']
  const places = ['--wheel-dir', 'wheels', '--requirement', 'wheelhouse.txt']
  const { status, stderr, error } = spawnSync('python3', [...words, ...places, ...more], {
    cwd: dir,
    // The date of the files in an archive that pip makes.
    env: { SOURCE_DATE_EPOCH: '315532800', ...env },
    encoding: 'utf8',
  })
  if (error !== undefined) throw new ReactiveError(`pip cannot be run: ${error.message}`, { cause: error })
  if (status === 0) return
  throw new ReactiveError(`pip wheel failed with status ${status}: ${oneLine(reasonIn(stderr))}`)
}

/** What a person can do something about: also in what a package's own build prints, which pip indents. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const said = lines.filter((line) => line !== '' && !line.startsWith('note: '))
  const end = said.indexOf('[end of output]')
  return said.findLast((line) => line.startsWith('ERROR:')) ?? said[end - 1] ?? said.at(-1) ?? ''
}
