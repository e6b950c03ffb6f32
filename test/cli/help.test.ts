import fs from 'node:fs'
import { split } from 'shlex'
import { describe, expect, it } from 'vitest'
import { answerAbout } from '../../src/cli/cli.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { groups, help } from '../../src/cli/help.ts'
import { parse } from '../../src/cli/parse.ts'

describe('the help', () => {
  it('lists every command once, with its sentence in one line', async () => {
    const lines = (await help(undefined)).split('\n')
    for (const [name, { summary }] of Object.entries(COMMANDS)) {
      const found = lines.filter((line) => line.startsWith(`  ${name} `))
      expect(found).toEqual([`  ${name.padEnd(18)}  ${summary}`])
    }
    expect(lines.filter((line) => line.length > 100)).toEqual([])
  })

  it('groups the commands by subject', async () => {
    const text = await help(undefined)
    expect(text).toContain(`
Hooks
  main                Run a hook: register handlers, run those that match, commit.
  checkpoint          Commit what has changed so far in this hook.
  trace               Print what the last hooks tested and ran, and what changed which flag.

`)
    expect(text).toContain('Exit status: 0 yes, or done; 1 no; 2 wrong usage; 3 it could not be done')
  })

  it.each(Object.entries(COMMANDS))('of %s has its words, options and example', async (name, command) => {
    const text = await help(name)
    const { words, options = {}, example } = command
    expect(text.split('\n')[0]).toBe(`charms.reactive ${name} ${words}`.trim())
    for (const option of ['format', ...Object.keys(options)]) expect(text).toContain(`--${option}`)
    expect(text).toContain(`Example\n  charms.reactive ${example}\n`)
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  })

  it('of one command looks like this', async () => {
    expect(await help('data_changed')).toMatchInlineSnapshot(`
      "charms.reactive data_changed ID VALUE

      Succeed if the value differs from the last call, and remember it.

      Options
        --hash_type  the hash algorithm, md5 by default (TYPE)
        --format     how to print a value: raw, json, yaml, csv, tab; also -r -j -y -c -t (FORMAT)
        --unit       outside of a hook: the unit (APP/N)
        --charm-dir  outside of a hook: its charm dir (DIR)

      Example
        charms.reactive data_changed db.host 10.0.0.1
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

describe('the examples', () => {
  const all = groups().flatMap(([, commands]) => Object.entries(commands))

  it.each(all)('of %s names the command, and is no wrong usage', (name, { example }) => {
    const line = split(example)
    expect(line[0]).toBe(name)
    if (Object.hasOwn(COMMANDS, name)) expect(parse(line)).toMatchObject({ name })
  })

  it('belong to commands in one group only', () => {
    const names = all.map(([name]) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
