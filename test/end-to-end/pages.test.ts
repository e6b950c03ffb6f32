// What README.md, docs/ and the help show: their own text is run here.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { bash, lines, ran, remarks, startUnit, temporaryDir, writeFiles } from './charm.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** The first block of code of a page that has the text in it, without the indentation of a list. */
function block(page: string, language: string, text: string): string {
  const blocks = fs
    .readFileSync(path.join(ROOT, page), 'utf8')
    .matchAll(/^(?<indent> *)```(?<language>\w+)\n(?<code>.*?)^ *```$/gms)
  for (const { groups: { indent = '', language: found, code = '' } = {} } of blocks)
    if (found === language && code.includes(text)) return code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
  throw new Error(`${page} has no ${language} with: ${text}`)
}

const HELLO = {
  'metadata.yaml': 'name: hello\n',
  'config.yaml': block('README.md', 'yaml', 'greeting:'),
  'reactive/hello.sh': block('README.md', 'bash', 'function greet()'),
  'tests/hello.bats': block('README.md', 'bash', '@test'),
}

it('the charm of README.md installs, and greets when the greeting changes', async () => {
  const unit = await startUnit(HELLO, { commands: { 'apt-get': '#!/bin/sh\n' } })
  const install = await unit.run({ name: 'install' })
  expect(ran(install)).toEqual(['reactive/hello.sh:install_hello', 'reactive/hello.sh:greet'])
  expect(unit.state.status.unit).toMatchObject({ status: 'active', message: 'Hello' })
  unit.state.config.greeting = 'Ahoy'
  expect(ran(await unit.run({ name: 'config-changed' }))).toEqual(['reactive/hello.sh:greet'])
  expect(unit.state.status.unit).toMatchObject({ status: 'active', message: 'Ahoy' })
})

it('the test of README.md passes, and fails without the handler', () => {
  const charm = temporaryDir()
  writeFiles(charm, HELLO)
  const env = { ...process.env, REACTIVE_BATS: path.join(ROOT, 'shell/bats') }
  const bats = () =>
    spawnSync(path.join(ROOT, 'node_modules/bats/bin/bats'), ['tests'], { cwd: charm, env, encoding: 'utf8' })
  expect(bats()).toMatchObject({ status: 0, stdout: expect.stringContaining('ok 1') })
  writeFiles(charm, { 'reactive/hello.sh': HELLO['reactive/hello.sh'].replace('greeting', 'greting') })
  expect(bats()).toMatchObject({ status: 1, stdout: expect.stringContaining('handler did not run') })
})

it('the handlers in Python of docs/handlers.md run, and a crash while they are asked is a WARNING', async () => {
  const text = block('docs/handlers.md', 'python', '--test')
  const unit = await startUnit({ 'reactive/waiting': text })
  const result = await unit.run({ name: 'install' })
  expect(result.statusHistory.map(({ message }) => message)).toEqual([
    'Waiting on database',
    'Missing admin password',
  ])
  const broken = text.replace("if mode == '--test':\n", "$&        raise ValueError('broken')\n")
  writeFiles(unit.charmDir, { 'reactive/waiting': broken })
  expect(remarks(await unit.run({ name: 'update-status' }))).toContain(
    'WARNING reactive/waiting --test exited with status 2, which counts as no',
  )
})

it('the examples of the help run', async () => {
  // The others are about the files of a charm, and for a machine that makes charms.
  const examples = Object.values(COMMANDS)
    .filter((command) => 'run' in command)
    .map(({ example }) => example)
    // A page about a hook has to wait for its end.
    .filter((example) => !example.startsWith('report '))
  const unit = await startUnit(
    {
      'metadata.yaml':
        'name: app\nprovides: {website: http, clients: certificates}\nrequires: {db: pgsql, certs: certificates}\n',
      'config.yaml': 'options: {port: {type: int, default: 80}}\n',
      'layer.yaml': 'includes: [layer:basic]\noptions: {basic: {packages: []}}\n',
      'templates/app.conf.j2': 'port = {{ port }}\n',
      'reactive/app.sh': bash(`@when never
function configure() { :; }
@hook config-changed
function examples() {
${examples.map((example) => `  charms.reactive ${example} 2>>errors; echo "$? ${example.replaceAll('"', '')}" >>statuses`).join('\n')}
}`),
      'reactive/relations/pgsql/requires.sh': bash('@method\nfunction connection_string() { echo host=db; }'),
    },
    {
      state: {
        leader: true,
        relations: [
          { id: 'db:1', remoteApp: 'pgsql', remoteUnits: { 'pgsql/0': { host: '10.0.0.1' } } },
          { id: 'website:2', remoteApp: 'proxy', remoteUnits: { 'proxy/0': {} } },
          { id: 'certs:3', remoteApp: 'ca', remoteUnits: { 'ca/0': {} } },
          {
            id: 'clients:4',
            remoteApp: 'web',
            remoteUnits: { 'web/0': { 'request_q-1': '{"request_id": "q-1"}' } },
          },
        ],
      },
    },
  )
  expect(await unit.run({ name: 'config-changed' })).toMatchObject({ exitStatus: 0 })
  expect(lines(unit, 'errors')).toEqual([])
  const statuses = lines(unit, 'statuses')
  expect(statuses.map((line) => line.slice(2))).toEqual(
    examples.map((example) => example.replaceAll('"', '')),
  )
  expect(statuses.filter((line) => !/^[01] /.test(line))).toEqual([])
})
