import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { KIT_FUNCTIONS } from '../../../src/simulator/test-kit/kit-functions.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const page = fs.readFileSync(path.join(root, 'docs/testing.md'), 'utf8')
const library = ['load', 'arrange', 'act', 'assert'].map((name) =>
  fs.readFileSync(path.join(root, `shell/bats/${name}.bash`), 'utf8'),
)
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

/** Names and usages of the public functions, as the comments of the bash library say them. */
function bashFunctions(): Map<string, string> {
  const usages = library
    .join('\n')
    .matchAll(/^# Usage: ((?:[a-z]\w+).*(?:\n# {7}.*)*)\n(?:#.*\n)*?(\w+)\(\) \{/gm)
  return new Map(
    [...usages].map(([, usage = '', name = '']) => [
      name,
      usage.replace(/\n# +/g, ' ').slice(name.length).trim(),
    ]),
  )
}

describe('the documentation of the test kit', () => {
  it('has every row of the table as a bash function with the same usage', () => {
    const documented = bashFunctions()
    const inBash = [...documented.keys()].filter((name) => name !== 'charm_new').sort()
    const plain = [
      ...library.join('\n').matchAll(/^([a-z]\w+)\(\) \{ _reactive_kit(?:_act)? (\w+) "\$@"; \}$/gm),
    ]
    expect(plain.map(([, name]) => name).sort()).toEqual(Object.keys(KIT_FUNCTIONS).sort())
    expect(plain.filter(([, name, row]) => name !== row)).toEqual([])
    const inTable = Object.fromEntries(inBash.map((name) => [name, KIT_FUNCTIONS[name]?.words]))
    expect(Object.fromEntries(inBash.map((name) => [name, documented.get(name)]))).toEqual(inTable)
    expect(inBash).toEqual(Object.keys(KIT_FUNCTIONS).sort())
  })

  it('names every function in the page', () => {
    const missing = ['charm_new', ...Object.keys(KIT_FUNCTIONS)].filter((name) => !page.includes(`\`${name}`))
    expect(missing).toEqual([])
  })

  it('fails as printed with the mistake, and passes without it', () => {
    const [metadata, handlers, test, more] = [...page.matchAll(/```(?:yaml|bash)\n(.*?)```/gs)].map(
      ([, text = '']) => text,
    )
    fs.mkdirSync(path.join(dir, 'reactive'))
    fs.mkdirSync(path.join(dir, 'tests'))
    fs.writeFileSync(path.join(dir, 'metadata.yaml'), metadata ?? '')
    fs.writeFileSync(path.join(dir, 'reactive/hello.sh'), handlers ?? '', { mode: 0o755 })
    fs.writeFileSync(path.join(dir, 'tests/hello.bats'), test ?? '')
    const [, printed = ''] = /```\n ✗ [^\n]*\n(.*?)```/s.exec(page) ?? []
    const failed = bats()
    expect(failed.status).toBe(1)
    for (const line of printed.trim().split('\n').filter(Boolean))
      expect(failed.stdout).toContain(line.trim())
    const { stdout } = bats({})
    expect(stdout).toContain('REACTIVE_BATS: set it to the directory shell/bats of charms.reactive')
    const mended = (handlers ?? '').replace('hello.instaled', 'hello.installed')
    fs.writeFileSync(path.join(dir, 'reactive/hello.sh'), mended)
    fs.appendFileSync(path.join(dir, 'tests/hello.bats'), more ?? '')
    expect(bats()).toMatchObject({ status: 0, stdout: expect.stringContaining('ok 3') })
  }, 120_000)
})

function bats(given: object = { REACTIVE_BATS: path.join(root, 'shell/bats') }) {
  const { TMPDIR, PATH } = process.env
  const env = { ...given, PATH, ...(TMPDIR && { TMPDIR }) }
  return spawnSync(path.join(root, 'node_modules/bats/bin/bats'), ['tests'], {
    cwd: dir,
    env,
    encoding: 'utf8',
  })
}
