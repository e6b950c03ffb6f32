// `npm run bench`: bundles the suite into a fresh temporary directory outside of the project, runs it there, and
// removes the directory whatever happens. Needs the built engine, and a C compiler.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-bench-')))
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }))
for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })) {
  process.on(signal, () => process.exit(128 + number))
}

// Packages stay outside of the bundle, esbuild's native one among them.
fs.symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'))
const outfile = path.join(dir, 'bench.mjs')
// Not written by esbuild itself, which does not know when the directory is gone.
const { outputFiles } = await build({
  entryPoints: [path.join(root, 'bench/main.ts')],
  outfile,
  write: false,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  logLevel: 'warning',
})
fs.writeFileSync(outfile, outputFiles[0].contents)
const { main } = await import(pathToFileURL(outfile).href)
process.exitCode = await main(process.argv.slice(2), { root, dir })
