import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { bareEnv, makeCharm, SHELL } from '../test-unit.ts'

/** The files of dist/ that the engine has loaded when it ends. */
function loadedBy(charm: string, words: string[], env: Record<string, string> = {}): string[] {
  const [spy, list] = ['spy.cjs', 'list'].map((name) => path.join(charm, name)) as [string, string]
  fs.writeFileSync(
    spy,
    `process.on('exit', () => require('node:fs').writeFileSync('${list}', Object.keys(require.cache).join('\\n')))`,
  )
  const { status, stderr } = spawnSync(path.join(SHELL, 'charms.reactive'), words, {
    cwd: charm,
    env: bareEnv(charm, { NODE_OPTIONS: `--require=${spy}`, ...env }),
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  const files = fs.readFileSync(list, 'utf8').split('\n')
  return files.filter((file) => file !== spy).map((file) => path.basename(file))
}

it('a command loads no library that stands apart from the engine', () => {
  expect(loadedBy(makeCharm(), ['set_flag', 'a'])).toEqual(['main.cjs'])
})

it('a hook with a bash handler loads none, either', () => {
  const charm = makeCharm({ 'config.yaml': 'options: {}\n' })
  fs.mkdirSync(path.join(charm, 'reactive'))
  const lines = ['#!/bin/bash', 'source charms.reactive.sh', '@when_not a', 'f() { set_flag a; }']
  const file = [...lines, 'reactive_handler_main', ''].join('\n')
  fs.writeFileSync(path.join(charm, 'reactive/f.sh'), file, { mode: 0o755 })
  const tools = path.join(charm, 'tools')
  fs.mkdirSync(tools)
  const answers = { 'config-get': '{}', 'is-leader': 'false', 'leader-get': '{}', 'relation-ids': '[]' }
  for (const [tool, answer] of Object.entries(answers))
    fs.writeFileSync(path.join(tools, tool), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 })
  fs.writeFileSync(path.join(tools, 'juju-log'), '#!/bin/sh\n', { mode: 0o755 })
  const env = { PATH: `${tools}:/usr/bin:/bin`, JUJU_CONTEXT_ID: 'app-0-1', JUJU_HOOK_NAME: 'update-status' }
  expect(loadedBy(charm, ['main'], env)).toEqual(['main.cjs', 'import-module.cjs'])
})
