// `charms.reactive simulate WORD...` in this process. What it refuses is thrown.

import { answerOnFiles } from '../../../src/cli/cli.ts'
import { parse } from '../../../src/cli/parse.ts'
import type { Reply } from '../../../src/system/channel.ts'

export async function simulateWords(words: readonly string[]): Promise<Reply> {
  const call = parse(['simulate', ...words])
  if (!('runOnFiles' in call.command)) throw new Error('simulate works on files')
  const unused = () => {
    throw new Error('simulate needs no unit')
  }
  const place = { cwd: process.cwd(), env: process.env, shellDir: '', charmDir: unused, inUnit: unused }
  const reply = await answerOnFiles(call, call.command, place)
  if (reply.stderr !== undefined) throw Object.assign(new Error(reply.stderr), { exitStatus: reply.status })
  return reply
}
