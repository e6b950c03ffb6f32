// Layers in a temporary directory, and what builds of them say.

import fs from 'node:fs'
import path from 'node:path'
import { type BuildOptions, type Built, buildCharm } from '../../src/building/build.ts'
import { makeDir, writeFiles } from '../test-unit.ts'

/** The files of layers, by the names of their directories. */
export type Layers = Record<string, Record<string, string>>

/** Lay layers out below one directory, `interface-*` among them. */
export function makeLayers(layers: Layers): string {
  const dir = fs.realpathSync(makeDir())
  for (const [name, files] of Object.entries(layers)) {
    fs.mkdirSync(path.join(dir, name), { recursive: true })
    writeFiles(path.join(dir, name), files)
  }
  return dir
}

/** Build the layer `top` of a directory of layers into `charm`. */
export function build(
  dir: string,
  options: BuildOptions = {},
  env: NodeJS.ProcessEnv = {},
  onChanges?: Parameters<typeof buildCharm>[3],
): Built {
  const complete = { PATH: process.env.PATH ?? '', ...env }
  return buildCharm('top', { cwd: dir, env: complete }, { output: 'charm', ...options }, onChanges)
}

/** A text of the built charm. */
export function read(dir: string, name: string): string {
  return fs.readFileSync(path.join(dir, 'charm', name), 'utf8')
}

/** All files of the built charm but for what Juju starts. */
export function filesOf(dir: string): string[] {
  const all = fs.readdirSync(path.join(dir, 'charm'), { recursive: true, withFileTypes: true })
  const files = all.filter((entry) => !entry.isDirectory())
  const names = files.map((entry) =>
    path.relative(path.join(dir, 'charm'), path.join(entry.parentPath, entry.name)),
  )
  return names.filter((name) => !/^(dispatch$|hooks\/[^/]+$|\.build\.manifest$)/.test(name)).sort()
}
