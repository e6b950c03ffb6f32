// What a machine is to a charm: the few variables that Juju gives, and the other units on it.

import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { ask, askForFlags, bash, flags, lines, remarks, startUnit, temporaryDir } from './charm.ts'

const SHELL = path.resolve(import.meta.dirname, '../../shell')

/** What Juju gives in a hook; other variables begin with `JUJU_`. */
const GIVEN = [
  'APT_LISTCHANGES_FRONTEND',
  'CHARM_DIR',
  'CLOUD_API_VERSION',
  'DEBIAN_FRONTEND',
  'LANG',
  'PATH',
  'TERM',
]

/** Writes the names of its variables, besides those of Juju and of the shell itself. */
const NAMES = `env | sed -n 's/^\\([A-Za-z_]*\\)=.*/\\1/p' | grep -vE '^(JUJU_.*|_|PWD|SHLVL|OLDPWD)$' | sort`

it('needs no variables but those of Juju, whatever a charm does', async () => {
  const unit = await startUnit({
    'config.yaml': 'options: {port: {type: int, default: 80, description: x}}\n',
    'actions.yaml': 'backup: {description: x}\n',
    'layer.yaml': 'options: {basic: {use_venv: false}}\n',
    'templates/app.conf': 'port={{ port }}\n',
    'lib/charms/layer/app.sh': 'app_name() { echo the-app; }\n',
    'lib/charms/layer/app.py': 'answer = 42\n',
    'exec.d/a/charm-pre-install': `#!/bin/sh\n${NAMES} >given\nset_flag prepared\n`,
    'reactive/app.sh': bash(`
layer_lib app
@at_start
function begin() { echo begin >>seen; }
@when config.changed.port prepared
function configure() {
  [[ -z \${HOME+x}\${USER+x} ]]
  render_template app.conf app.conf port="$(config_get port)"
  status_set active "$(app_name)"
  data_changed d "$(config_get port)"
  env set_flag configured
}
@action backup
function back_up() { action_set done=yes; }
@only_once
function once() { echo once >>seen; }`),
    'reactive/app.mjs': `import { config, setFlag, when } from 'charms.reactive'
when('configured')(async function reads() { setFlag('js-' + config('port')) })
`,
    'reactive/python': `#!/usr/bin/env python3
import subprocess, sys
from charms.layer import app
if sys.argv[1] == '--test':
    sys.exit(subprocess.call(['is_flag_set', 'python']) == 0 or subprocess.call(['is_flag_set', 'configured']))
subprocess.check_call(['set_flag', 'python'])
`,
  })
  fs.rmSync(path.join(unit.charmDir, 'dispatch'))
  await ask(unit, 'hooks', 'install')
  // Juju's PATH has no directory of the toolkit, and no root of a simulated unit.
  const own = (await unit.command(['printenv', 'PATH'])).stdout.trim().split(':')
  const PATH = own.filter((dir) => dir !== SHELL).join(':')
  expect(PATH.split(':')).toHaveLength(own.length - 1)
  const env = { PATH, CHARMS_REACTIVE_ROOT: '' }
  const backup = { name: 'backup', action: { name: 'backup' } }
  for (const event of [{ name: 'install' }, { name: 'config-changed' }, { name: 'upgrade-charm' }, backup]) {
    const result = await unit.run({ ...event, env })
    expect(remarks(result).filter((line) => /^(WARNING|ERROR)/.test(line))).toEqual([])
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
  }
  const added = lines(unit, 'given').filter((name) => !GIVEN.includes(name))
  expect(added.filter((name) => !/^(CHARMS_REACTIVE_\w+|PYTHONPATH)$/.test(name))).toEqual([])
  expect(flags(unit)).toEqual(['configured', 'js-80', 'prepared', 'python'])
  expect(fs.readFileSync(path.join(unit.charmDir, 'app.conf'), 'utf8')).toBe('port=80')
  expect(lines(unit, 'seen')).toEqual(['begin', 'once', 'begin', 'begin', 'begin'])
  expect(unit.state.status.unit).toEqual({ status: 'active', message: 'the-app' })
})

/** A charm that marks its unit, by its environment, with each language and door. */
function marking(app: string, metadata = ''): Record<string, string> {
  return {
    'metadata.yaml': `name: ${app}\nsummary: x\n${metadata}`,
    'config.yaml': `options: {of-${app}: {type: int, default: 1, description: x}}\n`,
    'reactive/app.sh': bash(`
@when config.changed.of-${app}
function marks() {
  set_flag "bash-$JUJU_UNIT_NAME"
  env set_flag "env-$JUJU_UNIT_NAME"
  charm-env charms.reactive set_flag "charm-env-$JUJU_UNIT_NAME"
}`),
    'reactive/app.mjs': `import { setFlag, when } from 'charms.reactive'
when('bash-${app}/0')(function marks() { setFlag('js-${app}/0') })
`,
  }
}

it('keeps two units of different charms and a subordinate apart, in hooks and outside', async () => {
  const agents = temporaryDir()
  const start = async (app: string, metadata: string, principalUnit: string): Promise<SimulatedUnit> => {
    const state = { unit: `${app}/0`, principalUnit }
    const unit = await startUnit(marking(app, metadata), { state })
    fs.symlinkSync(path.dirname(unit.charmDir), path.join(agents, `unit-${app}-0`))
    return unit
  }
  const units = new Map([
    ['app', await start('app', '', '')],
    ['store', await start('store', '', '')],
    ['monitor', await start('monitor', 'subordinate: true\n', 'app/0')],
  ])
  const env = { CHARMS_REACTIVE_AGENTS: agents }
  const first = await Promise.all([...units.values()].map((unit) => unit.run({ name: 'install', env })))
  for (const result of first) expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
  // From the charm dir of one unit to all others.
  for (const unit of units.values()) {
    for (const app of units.keys()) {
      const words = ['charms.reactive', 'set_flag', '--unit', `${app}/0`, `from-${unit.state.unit}`]
      expect(await unit.command(words, env)).toMatchObject({ exitStatus: 0, stderr: '' })
    }
  }
  for (const [app, unit] of units) {
    const marks = ['bash', 'charm-env', 'env', 'js'].map((door) => `${door}-${app}/0`)
    const visitors = [...units.keys()].map((other) => `from-${other}/0`)
    expect(await askForFlags(unit), app).toEqual([...marks, ...visitors].sort())
    expect(fs.readdirSync(unit.charmDir).filter((name) => name.includes('.of-'))).toEqual([])
  }
})
