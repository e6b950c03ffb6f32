import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { renewLintPage } from '../../src/build/lint-page.ts'

const PAGE = fileURLToPath(new URL('../../docs/lint.md', import.meta.url))

// `npm run docs` runs this with --update, which writes the page.
it('lists every rule of lint as the table has it; if not, npm run docs renews the list', async () => {
  await expect(renewLintPage(fs.readFileSync(PAGE, 'utf8'))).toMatchFileSnapshot(PAGE)
})
