import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildCharm } from '../../src/building/build.ts'
import { packCharm } from '../../src/building/pack.ts'
import { makeDir } from '../test-unit.ts'
import { fakeRuntime } from './fake-runtime.ts'

const TOOLKIT = path.resolve(import.meta.dirname, '../..')

it('the example of layers builds, the tests of the built charm pass, and it is packed', {
  timeout: 180_000,
}, () => {
  const dir = makeDir()
  fs.cpSync(path.join(TOOLKIT, 'examples/layers'), dir, { recursive: true })
  const env = { PATH: process.env.PATH ?? '', CHARM_LAYERS_DIR: dir, CHARM_INTERFACES_DIR: dir }
  const { layers, interfaces, notes, target } = buildCharm('my-app', { cwd: dir, env }, {})
  expect(layers).toEqual(['layer:options', 'layer:basic', 'layer:apt', 'layer:apache', 'my-app'])
  expect(interfaces).toEqual(['interface:http', 'interface:mysql'])
  expect(notes).toEqual([])
  const bats = path.join(TOOLKIT, 'node_modules/bats/bin/bats')
  const complete = { ...env, REACTIVE_BATS: `${TOOLKIT}/shell/bats` }
  const tests = spawnSync(bats, [`${target}/tests`], { env: complete, encoding: 'utf8' })
  expect(tests).toMatchObject({ status: 0 })
  fs.writeFileSync(path.join(dir, 'node'), fakeRuntime('24.9.9'), { mode: 0o755 })
  const [packed] = packCharm(target, dir, { bases: ['ubuntu@24.04'], node: 'node' })
  expect(packed).toMatchObject({ file: 'my-app_amd64.charm', missing: [], packages: { installed: [] } })
  expect(packed?.parts.charm.files).toBeGreaterThan(20)
})
