import { expect, it } from 'vitest'
import { endOf, handlerEnvironment, startExecutable } from '../../src/handlers/children.ts'
import { contextOf, makeCharm, SHELL } from '../test-unit.ts'

it("puts the toolkit first and the charm's bin last on PATH", () => {
  const charm = makeCharm()
  const env = handlerEnvironment(
    contextOf(charm, { PATH: '/a:/b', PYTHONPATH: '/p', JUJU_DISPATCH_PATH: 'hooks/install' }),
    '/proc/1/fd/9',
  )
  expect(env).toMatchObject({
    PATH: `${SHELL}:/a:/b:${charm}/bin`,
    PYTHONPATH: `/p:${charm}/lib`,
    CHARM_DIR: charm,
    JUJU_CHARM_DIR: charm,
    JUJU_HOOK_NAME: 'install',
    CHARMS_REACTIVE_CHANNEL: '/proc/1/fd/9',
    CHARMS_REACTIVE_SHELL: SHELL,
  })
})

it.each([
  ['exit 0', { status: 0, signal: null }],
  ['exit 7', { status: 7, signal: null }],
  ['kill -TERM $$', { status: 143, signal: 'SIGTERM' }],
  ['sleep 5 & exit 1', { status: 1, signal: null }],
])('knows the end of `%s`, also later', async (script, ending) => {
  const context = contextOf(makeCharm({ x: `#!/bin/bash\n${script}\n` }))
  const child = await startExecutable(context, 'x', [], { stdio: 'ignore' })
  expect(await endOf(child)).toEqual(ending)
  expect(await endOf(child)).toEqual(ending)
})

it.each(['#!/no/such/interpreter\n', '\x7fELF nonsense\n'])(
  'names a file that cannot be executed: %j',
  async (text) => {
    const context = contextOf(makeCharm({ x: `#!${text}` }))
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`${context.charmDir}/x`, text)
    await expect(startExecutable(context, 'x', [], {})).rejects.toThrow(/^BrokenHandler: .*: x: /)
  },
)
