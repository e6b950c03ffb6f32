import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CharmScript, isOriginalStub, isStub, STUB_MARKER } from '../../src/dispatch/charm-script.ts'
import { ScriptError } from '../../src/errors.ts'
import { makeCharm, startSession } from '../test-unit.ts'

const ENTRY = '#!/bin/sh\ntrue\n'
const SCRIPTS = { dispatch: ENTRY, 'hooks/install': ENTRY, 'actions/backup': ENTRY }
const HOOK = { JUJU_HOOK_NAME: 'install', JUJU_DISPATCH_PATH: 'hooks/install' }
const ACTION = { JUJU_ACTION_NAME: 'backup', JUJU_DISPATCH_PATH: 'actions/backup' }

/** The script runs; while it does, it asks what is said. */
async function runScript(env: Record<string, string>, asked: string[][] = [], error?: Error) {
  const session = await startSession({ files: SCRIPTS, env })
  const script = new CharmScript(session)
  const calls: string[] = []
  const react = async () => {
    calls.push('react')
    if (error !== undefined) throw error
  }
  const answers: unknown[] = []
  const openChannel = () => {
    for (const words of asked) answers.push(script.answer(words))
    return ''
  }
  await script.run({ openChannel }, react).catch((thrown) => expect(thrown).toBe(error))
  const { isThere, hasDoneAction } = script
  return { isThere, hasDoneAction, calls, answers: await Promise.all(answers), late: script.answer(['main']) }
}

describe("the charm's own script", () => {
  it('does an action alone only where it is one, and has not asked for handlers', async () => {
    const common = { isThere: true, calls: ['react'], late: undefined }
    expect(await runScript(HOOK)).toMatchObject({ ...common, hasDoneAction: false })
    expect(await runScript(ACTION)).toMatchObject({ ...common, hasDoneAction: true })
    expect(await runScript(ACTION, [['main']])).toMatchObject({ ...common, hasDoneAction: false })
  })

  it('may ask for the reactive part once, and by its name is an entry only', async () => {
    const answered = await runScript(HOOK, [['get_flags'], ['main', 'install'], ['main']])
    expect(answered).toMatchObject({
      isThere: false,
      calls: ['react'],
      answers: [undefined, { status: 0 }, undefined],
    })
  })

  it('gets the status of the reactive part that has failed', async () => {
    const refused = await runScript(HOOK, [['main']], new ScriptError('hooks/install', 5))
    expect(refused.answers).toEqual([{ status: 5 }])
    const broken = await runScript(HOOK, [['main']], new TypeError('a bug'))
    expect(broken.answers).toEqual([{ status: 70 }])
  })
})

describe('a stub', () => {
  it('of ours has the line that says so at its top, and one of the original is a hook', () => {
    const template = `#!/usr/bin/env python3
from charms.layer import basic
basic.bootstrap_charm_deps()
from charms.reactive import main
main()
`
    const dir = makeCharm({
      ours: `#!/bin/sh\n${STUB_MARKER}\n`,
      quotes: `#!/bin/sh\n\n\n\n\n# ${STUB_MARKER}\n${STUB_MARKER}\n`,
      'hooks/install': template,
      'actions/backup': template,
    })
    const file = (name: string) => path.join(dir, name)
    fs.symlinkSync('ours', file('link'))
    expect(['ours', 'link', 'quotes', 'none'].map((name) => isStub(file(name)))).toEqual([
      true,
      true,
      false,
      false,
    ])
    const names = ['hooks/install', 'actions/backup', 'hooks/none']
    expect(names.map((name) => isOriginalStub(dir, name))).toEqual([true, false, false])
  })
})
