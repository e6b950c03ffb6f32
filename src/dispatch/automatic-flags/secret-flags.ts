// The flags of secrets: what has happened to one, by its label. Set by the engine, cleared by the charm, as those of
// changed relation data are.

import { flagNameFault, setFlag } from '../../unit/flags.ts'
import type { FlagGroup } from './flag-group.ts'

/** By hook. */
const FLAGS: Readonly<Record<string, string>> = {
  'secret-changed': 'secret.changed',
  'secret-rotate': 'secret.rotate',
  'secret-expired': 'secret.expired',
}

export const SECRET_FLAGS: FlagGroup = {
  atStart(session) {
    const { hookName, secret } = session.context
    const prefix = Object.hasOwn(FLAGS, hookName) ? FLAGS[hookName] : undefined
    if (prefix === undefined) return
    const flag = `${prefix}.${secret.label || secret.id}`
    const fault = flagNameFault(flag)
    if (fault === undefined) setFlag(session, flag)
    else session.log.warning(`the secret has no flag, ${fault}: ${JSON.stringify(secret.label)}`)
  },
}
