import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { writeFiles } from '../test-unit.ts'
import { makeLayers } from './layers-on-disk.ts'

const CHARM = path.resolve(import.meta.dirname, '../../shell/charmcraft/charm')

function charm(cwd: string, ...words: string[]) {
  return spawnSync(CHARM, words, { cwd, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: cwd } })
}

it('answers what the reactive plugin of charmcraft calls, and the charm carries the toolkit', {
  timeout: 180_000,
}, () => {
  const dir = makeLayers({
    top: { 'metadata.yaml': 'name: app\nsummary: A charm\n', 'layer.yaml': "includes: ['layer:basic']\n" },
  })
  writeFiles(path.join(dir, 'top'), {
    'dist.yaml': 'venv: true\n',
    'reactive/app.sh': '#!/bin/bash\nsource charms.reactive.sh\nreactive_handler_main\n',
  })
  const version = JSON.parse(charm(dir, 'version', '--format', 'json').stdout)
  expect(version).toEqual({ 'charm-tools': { version: expect.any(String), git: expect.any(String) } })
  // As the plugin does it: the layer stands in the directory of the part, where a link of the charm's name leads to
  // where it installs.
  const [build, install] = [path.join(dir, 'top'), path.join(dir, 'install')]
  fs.mkdirSync(install)
  fs.symlinkSync(install, path.join(build, 'app'))
  expect(
    charm(path.join(dir, 'top'), 'build', '--verbose', '--binary-wheels-from-source', '-o', build),
  ).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringContaining('note: app: left out: dist.yaml: nothing reads it\n'),
  })
  expect(fs.readdirSync(install)).toEqual(
    expect.arrayContaining(['.build.manifest', 'dispatch', 'hooks', 'metadata.yaml']),
  )
  // Of its hidden files charmcraft takes those in directories alone: as packed, the charm has these.
  for (const name of fs.readdirSync(install).filter((one) => one.startsWith('.')))
    fs.rmSync(path.join(install, name))
  const env = {
    PATH: '/usr/bin:/bin',
    CHARM_DIR: install,
    JUJU_UNIT_NAME: 'app/0',
    CHARMS_REACTIVE_ROOT: dir,
  }
  const hook = spawnSync(path.join(install, 'hooks/update-status'), { cwd: install, env, encoding: 'utf8' })
  expect(hook.stderr).toContain('config-get')
  expect(fs.readFileSync(path.join(install, '.build.manifest'), 'utf8')).toContain('"reactive/app.sh"')
  expect(charm(path.join(dir, 'top'), 'build', '--frobnicate')).toMatchObject({ status: 2 })
  expect(charm(dir, 'push')).toMatchObject({ status: 2 })
  writeFiles(path.join(dir, 'top'), { 'layer.yaml': "includes: ['layer:baisc']\n" })
  expect(charm(path.join(dir, 'top'), 'build', '-o', build)).toMatchObject({ status: 1 })
})
