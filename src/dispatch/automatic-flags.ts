// The flags that the engine sets from what Juju says (documentation 2.2, 2.3.3, 2.8.3). Handler files are
// registered before, so triggers see these changes from the very first hook on. Each group of flags is a
// row of the table: what it asks Juju, its flags at the start of a hook, and at its end.

import type { Session } from '../unit/session.ts'
import { CONFIG_FLAGS } from './automatic-flags/config-flags.ts'
import { ENDPOINT_FLAGS } from './automatic-flags/endpoint-flags.ts'
import type { FlagGroup } from './automatic-flags/flag-group.ts'
import { LEADERSHIP_FLAGS } from './automatic-flags/leadership-flags.ts'
import { SECRET_FLAGS } from './automatic-flags/secret-flags.ts'
import { CHARM_FLAGS, SERIES_FLAGS } from './automatic-flags/upgrade-flags.ts'

const GROUPS: readonly FlagGroup[] = [
  CONFIG_FLAGS,
  LEADERSHIP_FLAGS,
  SERIES_FLAGS,
  CHARM_FLAGS,
  SECRET_FLAGS,
  ENDPOINT_FLAGS,
]

/** Ask Juju while handler files register. It never fails: what goes wrong is said when the flags are set. */
export async function askEarly(session: Session): Promise<void> {
  await Promise.allSettled(GROUPS.map((group) => group.askEarly?.(session)))
}

/** Set the automatic flags of this hook. Not in a restricted hook, where no tool answers. */
export async function startAutomaticFlags(session: Session): Promise<void> {
  const asked = await Promise.allSettled(GROUPS.map((group) => group.ask?.(session)))
  const failed = asked.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  for (const group of GROUPS) await group.atStart(session)
}

/** Clear the flags that live for one hook, and remember what the next one compares with. */
export async function endAutomaticFlags(session: Session): Promise<void> {
  for (const group of GROUPS) await group.atEnd?.(session)
}
