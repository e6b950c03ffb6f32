import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Finding } from '../../../src/insight/lint/finding.ts'
import { isClean, LINT_FORMATS, lintCharm } from '../../../src/insight/lint/lint.ts'
import { RULES } from '../../../src/insight/lint/rules.ts'
import { isSilenced } from '../../../src/insight/lint/silenced.ts'
import { expectedFindings, FAULTY } from './faulty-charm.ts'

const dirs: string[] = []

function charmOf(files: Record<string, string>): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lint-'))
  dirs.push(dir)
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    fs.writeFileSync(path.join(dir, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
  }
  return dir
}

let findings: Finding[] = []
beforeAll(async () => {
  findings = await lintCharm(charmOf(FAULTY))
}, 120_000)
afterAll(() => {
  for (const dir of dirs) fs.rmSync(dir, { recursive: true })
})

it('finds each instance of every rule at its line, and nothing else', () => {
  expect(findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`).sort()).toEqual(expectedFindings())
})

it('has an instance of every rule that a charm can have together', () => {
  const found = new Set(findings.map(({ rule }) => rule))
  expect(Object.keys(RULES).filter((rule) => !found.has(rule))).toEqual(['bad-declaration', 'not-composed'])
})

it('names what was probably meant, and the handler', () => {
  expect(
    findings.filter(({ message }) => message.includes('did you mean')).map(({ message }) => message),
  ).toEqual(
    expect.arrayContaining([
      'no such option in config.yaml: prt: did you mean port?',
      'nothing sets the flag: app.raedy: did you mean app.ready?',
      'no such file below templates/: ap.j2: did you mean app.j2?',
    ]),
  )
  expect(findings.find(({ rule }) => rule === 'flag-never-set')?.handler).toBe('reactive/app.sh:misspelt')
})

it('says what is wrong with a declaration that cannot be read, at its place', async () => {
  const dir = charmOf({ 'metadata.yaml': 'name: app\nrequires:\n  db: {}\n' })
  expect(await lintCharm(dir)).toMatchObject([{ rule: 'bad-declaration', severity: 'error', line: 3 }])
})

it('says nothing of a layer that only the whole charm could tell', async () => {
  const dir = charmOf({
    'metadata.yaml': 'name: app\nsummary: A\ndescription: B\n',
    'layer.yaml': 'includes: [layer:apt]\n',
    'reactive/app.sh':
      '#!/bin/bash\nsource charms.reactive.sh\n@when apt.installed\nf() { config_get x; }\nreactive_handler_main\n',
  })
  expect(await lintCharm(dir)).toMatchObject([{ rule: 'not-composed', severity: 'note' }])
})

it('lowers to a note what a name with a variable may set', async () => {
  const dir = charmOf({
    'metadata.yaml': 'name: app\nsummary: A\ndescription: B\n',
    'reactive/app.sh': `#!/bin/bash
source charms.reactive.sh
@when app.started
f() { :; }
@when other.started
g() { :; }
@hook install
h() { set_flag "app.$1"; set_flag "$2"; }
reactive_handler_main
`,
  })
  expect((await lintCharm(dir)).map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    'note: nothing sets the flag: other.started',
  ])
})

const FINDING: Finding = { rule: 'r', severity: 'note', file: 'a,b.sh', line: 2, column: 3, message: '1%\n2' }

it('prints what editors, programs and GitHub read', () => {
  expect(LINT_FORMATS.text?.([{ ...FINDING, message: 'm' }])).toBe('a,b.sh:2:3: note: m [r]\n')
  expect(JSON.parse(LINT_FORMATS.json?.([FINDING]) ?? '')).toEqual([FINDING])
  expect(LINT_FORMATS.github?.([FINDING])).toBe('::notice file=a%2Cb.sh,line=2,col=3,title=r::1%25%0A2\n')
})

it('is clean without errors, and strictly without warnings', () => {
  const warning: Finding = { ...FINDING, severity: 'warning' }
  expect([isClean([FINDING, warning], false), isClean([warning], true), isClean([FINDING], true)]).toEqual([
    true,
    false,
    true,
  ])
  expect(isClean([{ ...FINDING, severity: 'error' }], false)).toBe(false)
})

it.each([
  ['# reactive: ignore r', true],
  ['// reactive: ignore other, r', true],
  ['# reactive: ignore r\n@when b\n# why', true],
  ['# reactive: ignore other', false],
  ['# reactive: ignore r\nx', false],
])('is silenced by the comment above: %j', (above, expected) => {
  const text = `${above}\nline`
  expect(isSilenced({ ...FINDING, line: text.split('\n').length }, text)).toBe(expected)
})
