// What has to be there before the handlers of a hook or action are even registered, in this order: what
// `exec.d` of the charm does to the machine, then the charm's packages. Any hook can be the first one, so
// every dispatch asks; where nothing is to do, that takes a look at a few files and starts no process.

import type { Session } from '../unit/session.ts'
import { bootstrap } from './bootstrap.ts'
import { runPreInstalls } from './exec-d.ts'

/** Prepare the unit. `openChannel` gives the path of the channel to a script that is started. */
export async function prepareUnit(session: Session, openChannel: () => string): Promise<void> {
  // No hook tool works in a restricted hook, and Juju runs it beside the life of the unit.
  if (session.context.restricted) return
  await runPreInstalls(session, openChannel)
  await bootstrap(session)
}
