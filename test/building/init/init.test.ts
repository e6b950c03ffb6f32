import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildCharm } from '../../../src/building/build.ts'
import { initCharm } from '../../../src/building/init/init.ts'
import { UsageError } from '../../../src/errors.ts'
import { makeDir, run } from '../../test-unit.ts'

const TOOLKIT = path.resolve(import.meta.dirname, '../../..')
const BATS = path.join(TOOLKIT, 'node_modules/bats/bin/bats')
const ENV = {
  PATH: process.env.PATH ?? '',
  REACTIVE_BATS: `${TOOLKIT}/shell/bats`,
}

it('begins a charm whose tests pass, that builds, and whose tests tell what a change breaks', {
  timeout: 180_000,
}, () => {
  const dir = makeDir()
  const files = initCharm('my-charm', dir, 'charm', ['action', 'ci', 'python'])
  expect(files).toContain('my-charm/.github/workflows/charm.yaml')
  const charm = path.join(dir, 'my-charm')
  const words = ['-f', 'installs', 'tests/my-charm.bats']
  const test = () => spawnSync(BATS, words, { cwd: charm, env: ENV, encoding: 'utf8' })
  expect(test()).toMatchObject({ status: 0 })
  expect(buildCharm('.', { cwd: charm, env: ENV }, {})).toMatchObject({ name: 'my-charm', notes: [] })
  const config = path.join(charm, 'config.yaml')
  fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace('8080', '8081'))
  const { status, stdout } = test()
  expect(status).toBe(1)
  expect(stdout).toContain('actual   : port = 8081')
})

it('begins shell files that shellcheck and shfmt have nothing to say about', async () => {
  const dir = makeDir()
  const files = [
    ...initCharm('one', dir, 'charm', ['action']),
    ...initCharm('two', dir, 'layer', []),
    ...initCharm('interface-three', dir, 'interface', []),
  ]
  const shell = files.filter((file) => file.endsWith('.sh'))
  expect(shell).toHaveLength(5)
  const env = { PATH: process.env.PATH ?? '' }
  expect(await run('shfmt', ['-i', '2', '-d', ...shell], { cwd: dir, env })).toMatchObject({
    status: 0,
    stdout: '',
  })
  const words = ['-e', 'SC1091,SC2154', ...shell]
  expect(await run('shellcheck', words, { cwd: dir, env })).toMatchObject({ status: 0, stdout: '' })
})

it.each(['Bad', '-x', 'a--b', 'a-1', '1a', 'a_b', 'a.b', ''])('refuses the name %j', (name) => {
  expect(() => initCharm(name, makeDir(), 'charm', [])).toThrow(UsageError)
})

it.each([
  [
    'a word that it does not know',
    'x',
    'charm',
    ['acton'],
    '--with takes action, ci, python: acton: did you mean action?',
  ],
  ['additions to a layer', 'x', 'layer', ['action'], '--with is for charms: action'],
  ['a directory that is not empty', 'full', 'charm', [], 'the directory is not empty'],
] as const)('refuses %s', (_, name, kind, more, message) => {
  const dir = makeDir()
  fs.mkdirSync(path.join(dir, 'full/x'), { recursive: true })
  expect(() => initCharm(name, dir, kind, more)).toThrow(message)
})
