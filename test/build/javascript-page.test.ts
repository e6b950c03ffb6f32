import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { readModules, renewJavaScriptPage } from '../../src/build/javascript-page.ts'
import { writeTypes } from '../../src/build/types.ts'

const PAGE = fileURLToPath(new URL('../../docs/javascript.md', import.meta.url))

let types: string

beforeAll(async () => {
  types = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-types-'))
  await writeTypes(types)
  return () => fs.rmSync(types, { recursive: true })
}, 60_000)

// `npm run docs` runs this with --update, which writes the page.
it('lists what the package exports as its declarations have it; if not, npm run docs renews the list', async () => {
  await expect(renewJavaScriptPage(fs.readFileSync(PAGE, 'utf8'), types)).toMatchFileSnapshot(PAGE)
})

it('everything that the package exports has a doc comment', () => {
  for (const [address, exports] of Object.entries(readModules(types))) {
    expect(exports.length).toBeGreaterThan(10)
    const silent = exports.flatMap(({ name, summary, calls }) =>
      [[name, summary], ...calls].filter(([, text]) => text === '').map(([what]) => `${address}: ${what}`),
    )
    expect(silent).toEqual([])
  }
})
