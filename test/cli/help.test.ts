import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerAbout } from '../../src/cli/cli.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { completion, help } from '../../src/cli/help.ts'

describe('the help', () => {
  it('names every command with its sentence', async () => {
    const text = (await help(undefined)).replace(/\s+/g, ' ')
    for (const [name, { summary }] of Object.entries(COMMANDS)) {
      expect(text).toContain(`charms.reactive ${name}`)
      // The rest stands in the next lines of its column.
      expect(text).toContain(summary.split(' ').slice(0, 2).join(' '))
    }
    expect(text).toContain('Exit status: 0 yes, or done; 1 no; 2 wrong usage; 3 it could not be done')
  })

  it.each(Object.keys(COMMANDS))('of %s has its words and options', async (name) => {
    const text = await help(name)
    const { words = '', options = {} } = COMMANDS[name] ?? {}
    expect(text.split('\n')[0]).toBe(`charms.reactive ${name} ${words}`.trim())
    for (const option of ['format', ...Object.keys(options)]) expect(text).toContain(`--${option}`)
    expect(text.endsWith('\n')).toBe(true)
  })

  it('of one command looks like this', async () => {
    expect(await help('data_changed')).toMatchInlineSnapshot(`
      "charms.reactive data_changed ID VALUE

      Succeed if the value differs from the last call, and remember it.

      Options:
        --hash_type  hash algorithm, md5 by default (TYPE)                                                  [string]
        --format     how to print a value; also -r -j -y -c -t        [choices: "raw", "json", "yaml", "csv", "tab"]
        --unit       outside of a hook: the unit (APP/N)                                                    [string]
        --charm-dir  outside of a hook: its charm dir (DIR)                                                 [string]
      "
    `)
  })

  it('knows no other name', async () => {
    for (const name of ['nonsense', '__proto__', 'constructor']) {
      await expect(help(name)).rejects.toThrow(`unknown command: ${name}`)
    }
  })
})

it('says the version of the package', async () => {
  const { version } = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(await answerAbout(['version'])).toEqual({ status: 0, stdout: `${version}\n` })
})
describe('the completion script', () => {
  it('completes commands and flags in bash', () => {
    const script = `${completion(['bash'])}
      charms.reactive() { printf '%s\\n' 'app.ready' 'app.$(x)' other; }
      complete_words() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _charms_reactive_completion; printf '%s\\n' "\${COMPREPLY[@]}"; }
      complete_words charms.reactive set_fl
      complete_words charms.reactive is_flag_set app.`
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      encoding: 'utf8',
    })
    expect([stdout, stderr]).toEqual(['set_flag\napp.ready\napp.\\$\\(x\\)\n', ''])
  })

  it('is for bash alone', () => {
    expect(() => completion(['fish'])).toThrow('completion is for bash: fish')
    expect(() => completion(['bash', 'x'])).toThrow('completion is for bash: bash x')
  })
})
