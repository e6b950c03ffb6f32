import { expect, it } from 'vitest'
import { HeldOutput } from '../../../src/handlers/bash/held-output.ts'
import { run } from '../../test-unit.ts'

it('keeps the end of what came, whether it is held or printed', () => {
  const output = new HeldOutput()
  output.receive(Buffer.from('a'.repeat(9000)))
  output.receive(Buffer.from('end'))
  expect(output.text).toBe(`${'a'.repeat(8189)}end`)
})

it('prints what was held once it may, and what comes then at once', async () => {
  const script = `
import { HeldOutput } from ${JSON.stringify(new URL('../../../src/handlers/bash/held-output.ts', import.meta.url).href)}
const [held, never] = [new HeldOutput(), new HeldOutput()]
never.receive(Buffer.from('never '))
held.receive(Buffer.from('first '))
process.stderr.write('begin ')
held.print()
held.receive(Buffer.from('then '))
held.print()
`
  const { stderr } = await run(process.execPath, ['--input-type=module', '-e', script])
  expect(stderr).toBe('begin first then ')
})
