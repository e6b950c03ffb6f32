import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { statOfProcess } from '../../src/system/processes.ts'
import { makeDir } from '../test-unit.ts'

it('tells the state, the parent and the start of a process, whatever its name holds', async () => {
  const program = path.join(makeDir(), 'a) Z 1 (')
  fs.copyFileSync('/bin/sleep', program)
  fs.chmodSync(program, 0o755)
  const child = spawn(program, ['60'])
  await once(child, 'spawn')
  const found = statOfProcess(child.pid ?? 0)
  expect(found).toMatchObject({ state: expect.stringMatching(/[SRD]/), parent: process.pid })
  expect(Number(found?.started)).toBeGreaterThanOrEqual(Number(statOfProcess(process.pid)?.started))
  child.kill()
  await once(child, 'exit')
  expect(statOfProcess(child.pid ?? 0)).toBeUndefined()
})
