// Whether this unit leads its application.

import * as hookTools from '../juju/hook-tools.ts'
import type { Session } from './session.ts'

/** Whether this unit leads, from the one is-leader of the hook; asked once, also when it fails. */
export function isLeader(session: Session): Promise<boolean> {
  session.leadership.leader ??= hookTools.isLeader(session.context)
  return session.leadership.leader
}
