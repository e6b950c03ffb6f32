import { expect, it } from 'vitest'
import { externalFile } from '../../src/handlers/external-files.ts'
import { HandlerOutput } from '../../src/handlers/handler-output.ts'
import { atEnd, startSession } from '../test-unit.ts'

async function handlerOf(script: string) {
  const session = await startSession({ files: { 'reactive/x': `#!/bin/bash\n${script}\n` } })
  const output = new HandlerOutput(session, [])
  atEnd(() => output.close())
  const [handler] = externalFile('reactive/x', { channelPath: '', output, watchedFiles: undefined }).handlers
  if (handler === undefined) throw new Error('no handler')
  return { session, handler }
}

it.each([
  ['exit 0', true, []],
  ['exit 1', false, []],
  ['exit 2', false, ['WARNING reactive/x --test exited with status 2, which counts as no']],
  ['exit 125', false, ['WARNING reactive/x --test exited with status 125, which counts as no']],
  ['sleep 5 & exit 0', true, []],
])('takes `%s` of --test as %s', async (script, matches, logged) => {
  const { session, handler } = await handlerOf(script)
  expect((await handler.test(session)).matches).toBe(matches)
  await session.log.flush()
  expect(session.logged).toEqual(logged)
})

it.each([
  ['exit 126', 126, 'status 126'],
  ['exit 127', 127, 'status 127'],
  ['kill -SEGV $$', 139, 'killed by SIGSEGV'],
])('takes `%s` of --test as an error', async (script, exitStatus, message) => {
  const { session, handler } = await handlerOf(`ulimit -c 0; ${script}`)
  await expect(handler.test(session)).rejects.toMatchObject({
    exitStatus,
    message: expect.stringContaining(message),
  })
})

it('hands the first line of --test to --invoke, empty if there was none', async () => {
  for (const [said, status] of [
    ['a b', 0],
    ['', 5],
    ['a b\\nmore', 0],
  ] as const) {
    const { session, handler } = await handlerOf(`[[ $1 == --test ]] && { printf '${said}'; exit 0; }
      [[ $# == 2 && $2 == "a b" ]] || exit 5`)
    await handler.test(session)
    const ran = handler.run(session)
    if (status === 0) await ran
    else await expect(ran).rejects.toMatchObject({ exitStatus: status })
  }
})
