// `npm run build`: two bundles of the engine in dist/, for units and for development, and the loader beside them;
// the modules that other programs import, and their declarations. Then it runs a hook, a command and the test kit
// once: each leaves the code cache with which the loader starts the next one.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { build, transform } from 'esbuild'
import { licensesOf } from './licenses.mjs'
import { reportPage } from './report-page.mjs'
import { ENTRIES, writeTypes } from './types.ts'

const root = path.resolve(import.meta.dirname, '../..')
const dist = path.join(root, 'dist')

/** Libraries that hardly any hook needs: in files of their own they make no other slower. */
const SEPARATE = [
  'execa',
  'nunjucks',
  'ajv',
  'yargs',
  'csv-stringify/sync',
  'acorn',
  'acorn-walk',
  '@hpcc-js/wasm-graphviz',
]
const fileOf = (name) => `./${name.replace('@', '').replaceAll('/', '-')}.cjs`

/** Modules that take milliseconds to load: when the first of their functions is called. */
const LAZY = [
  'ajv',
  'node:child_process',
  'node:crypto',
  'node:net',
  'node:timers/promises',
  'node:tty',
  'yaml',
]

// A build beside a running test must never be seen half made.
const fresh = fs.mkdtempSync(path.join(root, 'dist-'))
process.on('exit', () => fs.rmSync(fresh, { recursive: true, force: true }))
const bundle = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  minify: true,
  metafile: true,
  logLevel: 'warning',
  define: { 'import.meta.url': '__url', 'import.meta.dirname': '__dirname' },
  banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
}
const ofSources = {
  ...bundle,
  define: { 'import.meta.url': 'undefined', 'import.meta.dirname': '__dirname' },
  banner: {},
  format: 'esm',
  splitting: true,
  write: false,
  outdir: fresh,
  // No names that change from build to build with the directory.
  chunkNames: '[name]-[hash]',
  alias: {
    ...Object.fromEntries(SEPARATE.map((name) => [name, fileOf(name)])),
  },
  external: ['*/import-module.cjs', ...SEPARATE.map((name) => `*${fileOf(name).slice(1)}`), 'chokidar'],
}
const entryPoints = [path.join(root, 'src/main.ts')]
/** What no unit needs, the simulator and `building/`, is in the other bundle alone. */
const forUnits = {
  name: 'for units',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(\.\.?\/simulator|(\.\.\/)+(building|insight\/lint))\// }, () => ({
      path: './development.cjs',
      external: true,
    })),
}
/**
 * Node's own modules, each once for all of the bundle (esbuild would copy all that they export for each file that
 * imports them), and those that are loaded late.
 */
const modules = {
  name: 'modules',
  setup({ onResolve, onLoad }) {
    // yargs-parser would load Node's module system for files of options, which nobody gives it.
    onResolve({ filter: /^node:module$/ }, ({ importer }) =>
      importer.includes('/yargs-parser/') ? { path: 'createRequire', namespace: 'nothing' } : undefined,
    )
    onResolve({ filter: new RegExp(`^(node:.*|${LAZY.join('|')})$`) }, ({ kind, path: name, namespace }) =>
      // Of a CommonJS module that is a part of its own, `await import()` would give the default export alone.
      (kind === 'import-statement' || name === 'yaml') && namespace === 'file'
        ? { path: name, namespace: 'module' }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'nothing' }, ({ path: name }) => ({
      contents: `export const ${name} = undefined`,
    }))
    onLoad({ filter: /./, namespace: 'module' }, async ({ path: name }) => {
      // A CommonJS module has itself among its exports, as `module.exports`.
      const names = Object.keys(await import(name)).filter((key) => key !== 'default' && !key.includes('.'))
      const contents = LAZY.includes(name) ? lazily(name, names) : once(name, names)
      return { contents: contents.join('\n'), resolveDir: root }
    })
  },
}

function once(name, names) {
  const one = (key) => `export const ${key} = /* @__PURE__ */ (() => all.${key})()`
  return [`const all = require('${name}')`, 'export default all', ...names.map(one)]
}

/** Functions and classes that load the module when they are used; of its constants only the default export knows. */
function lazily(name, names) {
  return [
    `const load = () => require('${name}')`,
    'const forward = (find) => new Proxy(function () {}, Object.fromEntries(',
    "  ['apply', 'construct', 'defineProperty', 'get'].map((how) => [how, (_, ...words) => Reflect[how](find(), ...words)]),",
    '))',
    'export default forward(load)',
    ...names.map((key) => `export const ${key} = /* @__PURE__ */ forward(() => load().${key})`),
  ]
}

/**
 * One file of the engine. What it imports late, and what such parts share, are functions in it: V8 compiles them when
 * they are called, and a code cache holds no others.
 */
async function buildEngine(name, plugins) {
  const { outputFiles, metafile } = await build({ ...ofSources, entryPoints, plugins })
  const parts = await Promise.all(outputFiles.map(asFunction))
  const text = `(function (exports, require, module, __filename, __dirname) {
const parts = {${parts.join(',')}}
const loaded = Object.create(null)
const load = (name) => {
  if (!(name in parts)) return require(name)
  if (loaded[name] === undefined) {
    loaded[name] = { exports: {} }
    parts[name](loaded[name].exports, load, loaded[name])
  }
  return loaded[name].exports
}
load('./main.js')
})
`
  fs.writeFileSync(outfile(name), text)
  return { metafile }
}

async function asFunction({ path: file, text }) {
  const supported = { 'dynamic-import': false }
  const { code } = await transform(text, { format: 'cjs', target: 'node24', minify: true, supported })
  return `'./${path.basename(file)}'(exports,require,module){${code}}`
}

const outfile = (name) => path.join(fresh, name)
const types = writeTypes(outfile('types'))
const builds = [
  await buildEngine('engine.cjs', [forUnits, modules]),
  await buildEngine('development.cjs', [modules]),
]
for (const name of SEPARATE) {
  // As the bundle imports it: the default export is the module itself.
  const contents = `const all = require('${name}'); module.exports = all.default ?? all`
  const stdin = { contents, resolveDir: root }
  builds.push(await build({ ...bundle, stdin, outfile: outfile(fileOf(name)) }))
}
builds.push(
  await build({
    ...bundle,
    entryPoints: Object.fromEntries(
      Object.entries(ENTRIES).map(([name, file]) => [name, path.join(root, file)]),
    ),
    outdir: fresh,
    format: 'esm',
    define: {},
    // Packages that are CommonJS ask for Node's modules in their own way.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  }),
)
await types
fs.writeFileSync(outfile('report.html'), await reportPage(root))
fs.writeFileSync(outfile('licenses.txt'), licensesOf(builds))
fs.copyFileSync(
  path.join(root, 'src/handlers/javascript/import-module.cjs'),
  path.join(fresh, 'import-module.cjs'),
)
fs.copyFileSync(path.join(root, 'src/build/loader.cjs'), path.join(fresh, 'main.cjs'))
fs.chmodSync(fresh, 0o755)
fs.rmSync(dist, { recursive: true, force: true })
fs.renameSync(fresh, dist)
warmUp()

/** Run hooks of a charm with handlers in bash, and in Python, and a command, and keep the code that they needed. */
function warmUp() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-build-'))
  try {
    fs.mkdirSync(path.join(dir, 'reactive'))
    fs.writeFileSync(path.join(dir, 'metadata.yaml'), 'name: warm-up\n')
    fs.writeFileSync(path.join(dir, 'config.yaml'), 'options: {}\n')
    const handlers = ['#!/bin/bash', 'source charms.reactive.sh', '@when_not a', 'f() { set_flag a; }']
    fs.writeFileSync(path.join(dir, 'reactive/f.sh'), [...handlers, 'reactive_handler_main', ''].join('\n'), {
      mode: 0o755,
    })
    for (const [tool, answer] of Object.entries({
      'config-get': '{}',
      'is-leader': 'false',
      'leader-get': '{}',
    })) {
      fs.writeFileSync(path.join(dir, tool), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 })
    }
    const { PATH, CHARMS_REACTIVE_NODE = '' } = process.env
    const hook = { JUJU_CONTEXT_ID: 'warm-up', JUJU_UNIT_NAME: 'warm-up/0' }
    const env = { ...hook, PATH: `${dir}:${PATH}`, CHARM_DIR: dir, CHARMS_REACTIVE_NODE }
    const run = (...words) => {
      const launcher = path.join(root, 'shell/charms.reactive')
      const { status, stderr } = spawnSync(launcher, words, { cwd: dir, env, encoding: 'utf8' })
      if (status !== 0) throw new Error(`the built engine does not run: ${stderr}`)
    }
    // Later hooks know what the first one has read from YAML files: one of them shall leave its code.
    run('main', 'install')
    for (const name of fs.readdirSync(dist)) if (name.endsWith('.cache')) fs.rmSync(path.join(dist, name))
    run('main', 'update-status')
    // Where the machine has no Python, the first hook of a charm that needs it leaves its code.
    if (spawnSync('python3', ['--version']).status === 0) {
      const text = "from charms.reactive import set_flag, when\n\n@when('a')\ndef g():\n    set_flag('b')\n"
      fs.writeFileSync(path.join(dir, 'reactive/p.py'), text)
      run('main', 'update-status')
    }
    run('set_flag', 'b')
    // Ends at once: its owner is nobody.
    run('test-kit', '--owner', '0', dir)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}
