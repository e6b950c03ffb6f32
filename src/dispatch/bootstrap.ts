// The charm's own packages (documentation 2.3.4 and 2.3.5), installed before its handlers: options of the layer
// `basic` in layer.yaml, and the wheelhouse. Called by `prepare-unit.ts`. What was installed is remembered, and
// looked at again only when it is no longer what is wanted, or when the charm or the system was upgraded.

import { isDeepStrictEqual } from 'node:util'
import { KEY } from '../unit/keys.ts'
import type { Session } from '../unit/session.ts'
import { installDebianPackages } from './bootstrap/debian-packages.ts'
import { readBasicOptions } from './bootstrap/options.ts'
import { installPython, planPython } from './bootstrap/python-packages.ts'

const RENEWING = new Set(['upgrade-charm', 'post-series-upgrade'])

/** Install what the charm needs and does not have yet. */
export async function bootstrap(session: Session): Promise<void> {
  const { charmDir, hookName } = session.context
  const options = readBasicOptions(charmDir)
  const renew = RENEWING.has(hookName)
  await installPackages(session, [...new Set(options.packages)].sort(), renew)
  await installPython(session, planPython(charmDir, options), renew)
}

async function installPackages(session: Session, packages: string[], renew: boolean): Promise<void> {
  const { state } = session
  if (!renew && isDeepStrictEqual(state.get(KEY.debianPackages) ?? [], packages)) return
  if (packages.length > 0) await installDebianPackages(session, packages)
  state.set(KEY.debianPackages, packages)
  // A later failure of the hook does not undo what was installed.
  await state.commit()
}
