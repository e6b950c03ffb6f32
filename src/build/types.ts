// The declarations of what the package exports, for editors, for TypeScript and for docs/javascript.md: made by the
// compiler. Only those files stay to which the entries refer. Whoever installs the package gets no other one with it, so
// none of them may refer to another package. Called by `build.mjs`.

import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** What other programs import, by the names of the bundles; package.json gives each its address. */
export const ENTRIES = { api: 'src/handlers/javascript/api.ts', testing: 'src/simulator/testing.ts' }

/** Where the declarations of an entry are below `to`. */
export const declarationsOf = (to: string, entry: string) => path.join(to, entry.replace(/\.ts$/, '.d.ts'))

/** Write them below `to`, as the sources lie below the project. */
export async function writeTypes(to: string): Promise<void> {
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc')
  const words = [tsc, '-p', import.meta.dirname, '--outDir', to]
  await promisify(execFile)(process.execPath, words).catch(({ stdout, stderr }) => {
    throw new Error(`no declarations: ${stdout}${stderr}`)
  })
  const needed = new Set<string>()
  for (const entry of Object.values(ENTRIES)) visit(declarationsOf(to, entry), needed)
  for (const name of fs.readdirSync(to, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(to, name)
    if (fs.statSync(file).isFile() && !needed.has(file)) fs.rmSync(file)
  }
  removeEmpty(to)
}

function visit(file: string, needed: Set<string>): void {
  if (needed.has(file)) return
  needed.add(file)
  const text = fs.readFileSync(file, 'utf8')
  const foreign = /(?:from|import\() ?'(?!\.|node:)([^']+)'/.exec(text)
  if (foreign) throw new Error(`declarations must not need a package: ${foreign[1]}: ${file}`)
  for (const [, name] of text.matchAll(/(?:from|import\() ?'(\.[^']+)\.ts'/g))
    visit(path.resolve(path.dirname(file), `${name}.d.ts`), needed)
}

function removeEmpty(dir: string): void {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true }))
    if (entry.isDirectory()) removeEmpty(path.join(dir, entry.name))
  if (fs.readdirSync(dir).length === 0) fs.rmdirSync(dir)
}
