import { expect, it } from 'vitest'
import { SECRET_FLAGS } from '../../../src/dispatch/automatic-flags/secret-flags.ts'
import { getFlags } from '../../../src/unit/flags.ts'
import { startSession } from '../../test-unit.ts'

it.each([
  ['secret-changed', { JUJU_SECRET_LABEL: 'own key', JUJU_SECRET_ID: 'id' }, ['secret.changed.own key']],
  ['secret-rotate', { JUJU_SECRET_ID: 'id' }, ['secret.rotate.id']],
  ['secret-expired', { JUJU_SECRET_LABEL: 'x' }, ['secret.expired.x']],
  ['secret-remove', { JUJU_SECRET_LABEL: 'x' }, []],
  ['toString', { JUJU_SECRET_LABEL: 'x' }, []],
  ['secret-changed', { JUJU_SECRET_LABEL: 'a\nb' }, []],
])('in %s with %j the flags are %j', async (hook, env, flags) => {
  const session = await startSession({ env: { JUJU_HOOK_NAME: hook, ...env } })
  await SECRET_FLAGS.atStart(session)
  expect(getFlags(session)).toEqual(flags)
  expect(session.logged.length).toBe(Object.values(env).includes('a\nb') ? 1 : 0)
})
