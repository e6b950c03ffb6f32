import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { completion } from '../../src/cli/completion.ts'
import { isExecutableFile } from '../../src/system/executables.ts'
import { makeDir, quote, SHELL } from '../test-unit.ts'

/** What bash offers behind these words, of which the last is being typed. */
function offered(words: readonly string[], cwd = '/', line?: string): string[] {
  const program = `${completion(['bash'])}
charms.reactive() {
  case $1 in
  get_flags) printf '%s\\n' app.ready 'app.$(x)' other endpoint:db ;;
  get_marks) printf '%s\\n' reactive/app.sh:migrate 'own mark' ;;
  esac
}
COMP_WORDS=(${quote(words)}) COMP_CWORD=${words.length - 1}
${line === undefined ? '' : `COMP_LINE=${quote([line])} COMP_POINT=${line.length}`}
_charms_reactive_completion
[[ \${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', program], {
    encoding: 'utf8',
    cwd,
  })
  expect(stderr).toBe('')
  return stdout.split('\n').slice(0, -1)
}

describe('the completion script', () => {
  it.each([
    ['charms.reactive set_fl', ['set_flag']],
    ['charms.reactive is_flag_set app.', ['app.ready', 'app.\\$\\(x\\)']],
    ['charms.reactive all_flags_set other app.r', ['app.ready']],
    ['set_flag app.r', ['app.ready']],
    ['/opt/shell/clear_flag oth', ['other']],
    ['charms.reactive toggle_flag app.ready ', ['true', 'false']],
    ['charms.reactive kv ', ['get', 'range', 'set', 'delete']],
    ['charms.reactive kv get ', []],
    ['charms.reactive hooks ', ['install']],
    ['charms.reactive state s', ['show']],
    ['charms.reactive help trac', ['trace']],
    [
      'charms.reactive trace --',
      ['--last', '--handler', '--failed', '--follow', '--format', '--unit', '--charm-dir'],
    ],
    ['charms.reactive trace --format j', ['json']],
    ['charms.reactive register_trigger --when app.r', ['app.ready']],
    ['charms.reactive register_trigger --when app.ready --set_flag oth', ['other']],
    ['charms.reactive set_flag --unit app/0 oth', ['other']],
    ['charms.reactive forget reactive', ['reactive/app.sh:migrate']],
    ['charms.reactive forget own', ['own\\ mark']],
    ['charm-env --u', ['--unit']],
    ['charm-env bas', ['bash']],
    ['charms.reactive nonsense x', []],
  ])('completes %s', (line, found) => {
    const candidates = offered(line.split(' '))
    // Of programs there are more than one that begin so.
    expect(
      line === 'charm-env bas' ? candidates.filter((name) => name === 'bash').slice(0, 1) : candidates,
    ).toEqual(found)
  })

  it('puts back what stands before a colon, where bash ends a word', () => {
    const line = 'charms.reactive forget reactive/app.sh:mig'
    expect(offered(['charms.reactive', 'forget', 'reactive/app.sh', ':', 'mig'], '/', line)).toEqual([
      'migrate',
    ])
    expect(offered(['set_flag', 'endpoint', ':', ''], '/', 'set_flag endpoint:')).toEqual(['db'])
  })

  it('completes files where a file is meant', () => {
    const dir = makeDir()
    fs.writeFileSync(path.join(dir, 'state.yaml'), '')
    expect(offered(['charms.reactive', 'any_file_changed', 'st'], dir)).toEqual(['state.yaml'])
    expect(offered(['charms.reactive', 'simulate', '.', 'install', '--state', 'st'], dir)).toEqual([
      'state.yaml',
    ])
  })

  it('is there for every executable beside charms.reactive', () => {
    const registered = completion(['bash']).trim().split('\n').at(-1)?.split(' ').slice(3)
    const executables = fs
      .readdirSync(SHELL)
      .filter((name) => isExecutableFile(path.join(SHELL, name)) && !name.endsWith('.sh'))
    // One is a tool of Juju's, the other no command of its own, but the old name of a form of relation_call.
    const unregistered = executables.filter((name) => !registered?.includes(name))
    expect(unregistered).toEqual(['relation-get', 'state_relation_call'])
  })

  it('is for bash alone', () => {
    expect(() => completion(['fish'])).toThrow('completion is for bash: fish')
    expect(() => completion(['bash', 'x'])).toThrow('completion is for bash: bash x')
  })
})
