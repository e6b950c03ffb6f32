import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { STUB_MARKER } from '../../src/dispatch/charm-script.ts'
import { makeCharm, makeDir, run, runCli, SHELL, writeFiles } from '../test-unit.ts'
import { fakeRuntime } from './fake-runtime.ts'

const LAUNCHER = path.join(SHELL, 'charms.reactive')
let runtime: Buffer

beforeAll(() => {
  runtime = fakeRuntime('24.9.9')
})

/** A directory with a small runtime in it, to pack in. */
function makePlace(): { dir: string; node: string } {
  const dir = makeDir()
  fs.writeFileSync(path.join(dir, 'node'), runtime, { mode: 0o755 })
  return { dir, node: path.join(dir, 'node') }
}

/** Without lint, which test/building/refuse-faults.test.ts looks at. */
function pack(dir: string, ...words: string[]) {
  return run(LAUNCHER, ['pack', '--no-lint', ...words], { cwd: dir, env: { PATH: process.env.PATH ?? '' } })
}

/** Packs with the small runtime, which must succeed. */
async function packed(charm: string, ...words: string[]): Promise<string> {
  const { dir, node } = makePlace()
  expect(await pack(dir, charm, '--node', node, '-o', 'x.charm', ...words)).toMatchObject({
    status: 0,
    stderr: '',
  })
  return path.join(dir, 'x.charm')
}

/** Python and Juju's own library read archives in zip-archive.test.ts and test/conformance/archives.test.ts. */
const unzipped = (archive: string) => unzipSync(fs.readFileSync(archive))
const namesIn = (archive: string) => Object.keys(unzipped(archive))
const textIn = (archive: string, name: string) => Buffer.from(unzipped(archive)[name] ?? []).toString()

const hashOf = (file: string) => createHash('sha256').update(fs.readFileSync(file)).digest('hex')

describe('a packed charm', () => {
  it('has its own files, what Juju wants to know, stubs, the toolkit with its runtime, and nothing for development alone', async () => {
    const charm = makeCharm({
      'reactive/app.sh': '#!/bin/bash\n',
      'hooks/start': '#!/bin/sh\n',
      'hooks/gone-stub': `#!/bin/sh\n${STUB_MARKER}\n`,
    })
    const names = namesIn(await packed(charm))
    const carried = names.filter((name) => name.startsWith('.reactive/'))
    expect(names.filter((name) => !/^(\.reactive|hooks)\//.test(name))).toEqual([
      'dispatch',
      'manifest.yaml',
      'metadata.yaml',
      'reactive/app.sh',
    ])
    expect(names).toContain('hooks/db-relation-joined')
    expect(names).not.toContain('hooks/gone-stub')
    for (const name of [
      'bin/x86_64/node',
      'dist/engine.cjs',
      'shell/charms.reactive',
      'checksums',
      'LICENSE-node',
    ])
      expect(carried.map((one) => one.replace(/bin\/\w+\//, 'bin/x86_64/'))).toContain(`.reactive/${name}`)
    const parts =
      /^\.reactive\/(bin\/\w+\/node|dist\/[a-z-]+\.cjs|dist\/licenses\.txt|dist\/report\.html|shell\/((machine|juju4)\/)?[\w.-]+|LICENSE(-node)?|checksums)$/
    expect(carried.filter((name) => !parts.test(name))).toEqual([])
    expect(carried).not.toContain('.reactive/dist/development.cjs')
  })

  it("keeps the charm's own hooks, has the Python package where it has Python, and stubs name no path of this machine", async () => {
    const charm = makeCharm({
      'hooks/start': '#!/bin/sh\necho own\n',
      // What counts as Python is in carried-toolkit.test.ts.
      'reactive/app.py': '',
      version: '1.2.3\n',
    })
    await run(LAUNCHER, ['hooks', 'install', '--charm-dir', charm])
    expect(fs.readFileSync(path.join(charm, 'dispatch'), 'utf8')).toContain(SHELL)
    const archive = await packed(charm)
    expect(namesIn(archive)).toContain('.reactive/python/charms/reactive/__init__.py')
    expect(textIn(archive, 'version')).toBe('1.2.3\n')
    expect(textIn(archive, 'hooks/start')).toBe('#!/bin/sh\necho own\n')
    expect(textIn(archive, 'dispatch')).toMatchInlineSnapshot(`
      "#!/bin/sh
      # Written by charms.reactive hooks install, which replaces this file.
      toolkit="\${0%/*}/.reactive/shell/charms.reactive"
      [ -e "$toolkit" ] || toolkit="\${0%/*}/hooks/.reactive/shell/charms.reactive"
      [ ! -e "$toolkit" ] || exec bash "$toolkit" main
      exec charms.reactive main
      "
    `)
    expect(textIn(archive, 'hooks/install')).toMatchInlineSnapshot(`
      "#!/bin/sh
      # Written by charms.reactive hooks install, which replaces this file.
      toolkit="\${0%/*}/../.reactive/shell/charms.reactive"
      [ -e "$toolkit" ] || toolkit="\${0%/*}/../hooks/.reactive/shell/charms.reactive"
      [ ! -e "$toolkit" ] || exec bash "$toolkit" main "\${0##*/}"
      exec charms.reactive main "\${0##*/}"
      "
    `)
  })

  it('has the same bytes whatever the clock, umask and order of files say, and leaves the charm dir as it is', async () => {
    const files = { 'reactive/b.sh': '#!/bin/bash\n', 'reactive/a.sh': '#!/bin/bash\n', 'lib/x': 'x' }
    const charm = makeCharm(files)
    const before = fs.readdirSync(charm, { recursive: true }).sort()
    const first = hashOf(await packed(charm))
    expect(fs.readdirSync(charm, { recursive: true }).sort()).toEqual(before)
    const other = makeDir()
    for (const [name, text] of Object.entries({ ...files }).reverse()) writeFiles(other, { [name]: text })
    fs.copyFileSync(path.join(charm, 'metadata.yaml'), path.join(other, 'metadata.yaml'))
    for (const name of Object.keys(files))
      fs.chmodSync(path.join(other, name), name === 'lib/x' ? 0o600 : 0o700)
    fs.utimesSync(path.join(other, 'lib/x'), 1, 1)
    expect(hashOf(await packed(other))).toBe(first)
  })

  it('has the version that git gives its commit, before that of its own file', async () => {
    const charm = makeCharm({ version: '1.2.3\n' })
    const git = (...words: string[]) =>
      execFileSync('git', ['-C', charm, '-c', 'user.name=x', '-c', 'user.email=x@x', ...words], {
        encoding: 'utf8',
      })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'x')
    git('tag', '-am', 'x', 'v7')
    fs.writeFileSync(path.join(charm, 'metadata.yaml'), 'name: app\nsummary: changed\n')
    expect(textIn(await packed(charm), 'version')).toBe('v7-dirty')
  })

  it('is named after the charm and the architecture, and reports sizes by part', async () => {
    const { dir, node } = makePlace()
    const { status, stdout, stderr } = await pack(dir, makeCharm(), '--node', node)
    expect([status, stderr]).toEqual([0, ''])
    const [name] = fs.readdirSync(dir).filter((one) => one.endsWith('.charm'))
    expect(name).toMatch(/^app_[a-z0-9]+\.charm$/)
    expect(
      stdout
        .replace(/\d+\.\d+ MB/g, 'N MB')
        .replace(/\d+ files?/g, 'N files')
        .replace(/ +/g, ' '),
    ).toBe(
      `${name}\n packed unpacked\n runtime (Node.js 24.9.9) N MB N MB N files\n toolkit N MB N MB N files\n charm N MB N MB N files\n together N MB N MB N files\n bases: ubuntu@22.04, ubuntu@24.04 (the charm names no base)\n`,
    )
    const json = await pack(dir, makeCharm(), '--node', node, '--format', 'json')
    expect(JSON.parse(json.stdout)).toMatchObject([{ file: name, basesFrom: 'the charm names no base' }])
  })
})

describe('pack refuses in one line', () => {
  it.each<[string, string[], number, string]>([
    ['two charms', ['a', 'b'], 2, 'too many words: b'],
    [
      'an architecture that there is not',
      ['CHARM', '--arch', 'i386'],
      2,
      'an architecture is amd64, arm64, ppc64el, riscv64, s390x or all: i386',
    ],
    [
      'one name for two archives',
      ['CHARM', '--arch', 'all', '-o', 'x'],
      2,
      'two archives cannot have the same name: x',
    ],
    [
      'one binary for two architectures',
      ['CHARM', '--arch', 'all', '--node', 'n'],
      2,
      'a binary is for one architecture only: n',
    ],
    [
      'a binary for another architecture',
      ['CHARM', '--arch', 's390x', '--node', 'NODE'],
      2,
      'the runtime is for amd64, not for s390x: NODE',
    ],
    [
      'an architecture without a package',
      ['CHARM', '--arch', 's390x'],
      3,
      'npm has no Node.js for s390x: name a binary with --node FILE',
    ],
    [
      'a base that is none',
      ['CHARM', '--base', 'noble'],
      2,
      'a base is NAME@CHANNEL, ubuntu@24.04 for instance: noble',
    ],
    ['a directory without a charm', ['.'], 3, 'not a charm dir, it has no metadata.yaml: DIR'],
    [
      'an archive where nothing can be',
      ['CHARM', '--node', 'NODE', '-o', 'no/x'],
      3,
      "the archive cannot be written: ENOENT: no such file or directory, open 'DIR/no/.x.PID'",
    ],
    ['a unit, which it is not about', ['CHARM', '--unit', 'a/0'], 2, 'unknown option: --unit'],
  ])('%s', async (_, words, status, message) => {
    const { dir, node } = makePlace()
    const charm = makeCharm()
    const result = await pack(dir, ...words.map((word) => ({ CHARM: charm, NODE: node })[word] ?? word))
    const shown = result.stderr
      .replaceAll(node, 'NODE')
      .replaceAll(fs.realpathSync(dir), 'DIR')
      .replace(/\.\d+'/, ".PID'")
    expect([result.status, shown]).toEqual([status, `charms.reactive: pack: ${message}\n`])
  })

  const foreign = process.arch === 'x64' ? 'arm64' : 'amd64'
  const fetched = path.join(SHELL, `../node_modules/.cache/charms.reactive/node_modules`)

  it.skipIf(fs.existsSync(fetched))('names the command of npm that fetches a runtime', async () => {
    const { dir } = makePlace()
    const { status, stderr } = await pack(dir, makeCharm(), '--arch', foreign)
    expect(status).toBe(3)
    expect(stderr).toMatch(
      /^charms\.reactive: pack: the runtime for \w+ is not there: fetch it with: npm install --prefix \S+ --no-save --force node-linux-\w+@24\.\d+\.\d+\n$/,
    )
  })

  it('a file that cannot be read', async () => {
    const charm = makeCharm({ 'files/secret': 'x' })
    fs.chmodSync(path.join(charm, 'files/secret'), 0)
    fs.chmodSync(charm, 0o755)
    const { dir, node } = makePlace()
    fs.chmodSync(dir, 0o777)
    const words = [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      LAUNCHER,
      'pack',
      charm,
      '--node',
      node,
    ]
    const result = await run(
      process.getuid?.() === 0 ? 'setpriv' : LAUNCHER,
      process.getuid?.() === 0 ? words : words.slice(4),
      { cwd: dir },
    )
    expect([result.status, result.stderr]).toEqual([
      3,
      expect.stringMatching(/^charms\.reactive: pack: the file cannot be read: files\/secret: EACCES.*\n$/),
    ])
  })
})

describe('hooks install --carry', () => {
  it('is what --node goes with', async () => {
    expect(await runCli(makeCharm(), ['hooks', 'install', '--node', 'x'])).toMatchObject({
      status: 2,
      stderr: 'charms.reactive: hooks: --node goes with --carry: x\n',
    })
  })
})
