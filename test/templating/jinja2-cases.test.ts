// Every case of jinja2-cases.json, whose expectations the real Jinja2 wrote (see jinja2-cases.py).

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ReactiveError } from '../../src/errors.ts'
import { Float } from '../../src/templating/python/numbers.ts'
import { renderTemplate } from '../../src/templating/render.ts'

interface Case {
  name: string
  template: string
  context: Record<string, unknown>
  files?: Record<string, string>
  undefined?: 'empty'
  expected?: string
  error?: true
}

const table = fileURLToPath(new URL('jinja2-cases.json', import.meta.url))
const generator = fileURLToPath(new URL('jinja2-cases.py', import.meta.url))
const cases = JSON.parse(readFileSync(table, 'utf8'), revive) as Case[]
const hasJinja2 = spawnSync('python3', ['-c', 'import jinja2']).status === 0

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('__float__' in value)) return value
  return new Float(Number(value.__float__))
}

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'templates-'))
})

afterAll(() => rmSync(directory, { recursive: true }))

function render({ template, context, files }: Case, mode: 'strict' | 'empty'): string {
  for (const [name, text] of Object.entries({ ...files, 'case.j2': template })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return renderTemplate('case.j2', context, { templateDir: directory, undefined: mode })
}

describe('what Jinja2 writes is what renderTemplate writes', () => {
  it.each(cases.filter((each) => each.expected !== undefined))('$name: $template', (each) => {
    expect(render(each, 'empty')).toBe(each.expected)
    if (each.undefined !== 'empty') expect(render(each, 'strict')).toBe(each.expected)
  })
})

describe('what Jinja2 refuses is one line of error', () => {
  it.each(cases.filter((each) => each.error))('$name: $template', (each) => {
    for (const mode of ['strict', 'empty'] as const) {
      expect(() => render(each, mode)).toThrow(ReactiveError)
      expect(() => render(each, mode)).toThrow(/^[\w.-]+\.j2:\d+: [^\n]+$/)
    }
  })
})

describe('the table', () => {
  it('has its own name for each case', () => {
    expect(new Set(cases.map((each) => each.name)).size).toBe(cases.length)
    expect(cases.length).toBeGreaterThan(250)
  })

  it.runIf(hasJinja2)('says what the installed Jinja2 says', () => {
    expect(execFileSync('python3', [generator, '--check'], { encoding: 'utf8' }).trim()).toBe('')
  })
})
