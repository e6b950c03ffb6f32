// `build --wheels`: pip makes a wheel of each package that wheelhouse.txt requires, and of what these require. `pack`
// unpacks the pure ones into the charm.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { oneLine, ReactiveError } from '../errors.ts'
import { type Composition, contentOf } from './composing/compose.ts'

/** Add the wheels to the charm, in place of other archives of a package. */
export function addWheels({ files }: Composition, env: NodeJS.ProcessEnv): void {
  const requirements = files.get('wheelhouse.txt')
  if (requirements === undefined) return
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-'))
  try {
    fs.writeFileSync(path.join(dir, 'wheelhouse.txt'), contentOf(requirements.file))
    runPip(dir, env)
    for (const name of fs.readdirSync(path.join(dir, 'wheels')).sort()) {
      const content = fs.readFileSync(path.join(dir, 'wheels', name))
      const sha256 = createHash('sha256').update(content).digest('hex')
      const place = `wheelhouse/${name}`
      const file = {
        path: place,
        kind: 'file',
        isExecutable: false,
        content,
        size: content.length,
        sha256,
      } as const
      // As charm-tools names it.
      files.set(place, { file, url: '__pip__', kind: 'dynamic' })
    }
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

function runPip(dir: string, env: NodeJS.ProcessEnv): void {
  const words = ['-m', 'pip', 'wheel', '--quiet', '--no-input', '--disable-pip-version-check']
  const places = ['--wheel-dir', 'wheels', '--requirement', 'wheelhouse.txt']
  const { status, stderr, error } = spawnSync('python3', [...words, ...places], {
    cwd: dir,
    env,
    encoding: 'utf8',
  })
  if (error !== undefined) throw new ReactiveError(`pip cannot be run: ${error.message}`, { cause: error })
  if (status === 0) return
  const lines = stderr.trim().split('\n')
  const said = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? ''
  throw new ReactiveError(`pip wheel failed with status ${status}: ${oneLine(said)}`)
}
