import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Finding } from '../../../src/insight/lint/finding.ts'
import { isClean, LINT_FORMATS, lintCharm } from '../../../src/insight/lint/lint.ts'
import { RULES } from '../../../src/insight/lint/rules.ts'
import { isSilenced } from '../../../src/insight/lint/silenced.ts'
import { bash } from '../../end-to-end/charm.ts'
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

const LAUNCHER = path.resolve(import.meta.dirname, '../../../shell/charms.reactive')

/** The processor time of the children that the work starts. */
function cpuOf(work: () => unknown): { output: unknown; ticks: number } {
  const before = childTicks()
  const output = work()
  return { output, ticks: childTicks() - before }
}

/** What ended children of this process have used, in ticks of the clock (proc(5): cutime and cstime). */
function childTicks(): number {
  const stat = fs.readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[13]) + Number(fields[14])
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

it('says of a layer without a name, and of an interface layer, that it is a part', async () => {
  const parts = [
    { 'layer.yaml': 'includes: []\n' },
    { 'interface.yaml': 'name: db\n', 'requires.sh': '#!/bin/bash\n' },
  ]
  for (const files of parts)
    expect(await lintCharm(charmOf(files as Record<string, string>))).toMatchObject([
      { rule: 'not-composed', severity: 'note', file: Object.keys(files)[0] },
    ])
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

it('knows flags that code only asks for, and functions of a library that nothing calls', async () => {
  const dir = charmOf({
    'metadata.yaml': 'name: app\nsummary: A\ndescription: B\n',
    'config.yaml': 'options: {port: {type: int, default: 80, description: D}}\n',
    'lib/app.sh': `#!/bin/bash
start_app() { port=$(config_get port); inner; is_flag_set other.charm.ready && is_flag_set app.redy; }
inner() { config_get prot; }
for_others() { config_get theirs; only_from_there; }
only_from_there() { config_get theirs-too; }
`,
    'reactive/app.sh': `#!/bin/bash
source charms.reactive.sh
source lib/app.sh
@hook install
install() {
  start_app
  set_flag app.ready
  if is_flag_set app.raedy; then :; fi
  if all_flags_set app.ready app.of.old.version; then :; fi
}
reactive_handler_main
`,
  })
  const told = (await lintCharm(dir)).map(
    ({ severity, file, line, message }) => `${severity} ${file}:${line} ${message}`,
  )
  expect(told).toEqual([
    'error lib/app.sh:3 no such option in config.yaml: prot: did you mean port?',
    'warning lib/app.sh:2 nothing sets the flag: app.redy: did you mean app.ready?',
    'warning reactive/app.sh:8 nothing sets the flag: app.raedy: did you mean app.ready?',
    'note lib/app.sh:4 no such option in config.yaml: theirs',
    'note lib/app.sh:5 no such option in config.yaml: theirs-too',
    'note reactive/app.sh:9 nothing sets the flag: app.of.old.version',
  ])
})

it('finds in a charm with charmcraft.yaml alone what it finds in one with files, at its place there', async () => {
  const dir = charmOf({
    'charmcraft.yaml': `name: app
summary: A
description: B
requires: {db: {interface: sql}}
config:
  options:
    port: {type: int, default: none, description: P}
    idle: {type: int, default: 1, description: I}
actions:
  backup: {description: B}
`,
    'reactive/app.sh': bash(`@when endpoint.bd.joined config.changed.port
f() { config_get prot; }`),
  })
  const told = (await lintCharm(dir)).map(({ file, line, rule }) => `${file}:${line} ${rule}`)
  expect(told.sort()).toEqual([
    'charmcraft.yaml:10 action-without-handler',
    'charmcraft.yaml:7 bad-config-default',
    'charmcraft.yaml:8 option-unused',
    'reactive/app.sh:3 flag-never-set',
    'reactive/app.sh:3 unknown-endpoint',
    'reactive/app.sh:4 unknown-option',
  ])
})

it.each<[string, (n: number) => string, string]>([
  ['bash', (n) => `@when app.f${n}\nf${n}() { set_flag app.f${n + 1}; }`, 'reactive/app.sh'],
  ['Python', (n) => `@when('app.f${n}')\ndef f${n}():\n    set_flag('app.f${n + 1}')`, 'reactive/app.py'],
  [
    'JavaScript',
    (n) => `when('app.f${n}', function f${n}() { setFlag('app.f${n + 1}') })`,
    'reactive/app.mjs',
  ],
])("takes little of an editor's time for 200 handlers in %s", async (language, handler, file) => {
  const head: Record<string, string> = {
    bash: '#!/bin/bash\nsource charms.reactive.sh\nset_flag app.f0\n',
    Python: 'from charms.reactive import set_flag, when\nset_flag("app.f0")\n',
    JavaScript: "import { setFlag, when } from 'charms.reactive'\nsetFlag('app.f0')\n",
  }
  const handlers = Array.from({ length: 200 }, (_, n) => handler(n)).join('\n')
  const tail = language === 'bash' ? '\nreactive_handler_main\n' : '\n'
  const dir = charmOf({
    'metadata.yaml': 'name: app\nsummary: A\ndescription: B\n',
    [file]: `${head[language]}${handlers}${tail}`,
  })
  const [lint, bare] = [
    cpuOf(() => execFileSync(LAUNCHER, ['lint', dir], { encoding: 'utf8' })),
    cpuOf(() => {
      for (let start = 0; start < 5; start++) execFileSync(process.execPath, ['-e', ''])
    }),
  ]
  expect(lint.output).toContain('nothing waits for the flag: app.f200 [flag-unused]')
  // A second is at least 25 starts of Node.js.
  expect(lint.ticks / (bare.ticks / 5)).toBeLessThan(25)
})

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
