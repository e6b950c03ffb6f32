import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { renewCommandPage } from '../../src/build/command-page.ts'

const PAGE = fileURLToPath(new URL('../../docs/commands.md', import.meta.url))

// `npm run docs` runs this with --update, which writes the page.
it('lists every command as the command table has it; if not, npm run docs renews the list', async () => {
  await expect(renewCommandPage(fs.readFileSync(PAGE, 'utf8'))).toMatchFileSnapshot(PAGE)
})
