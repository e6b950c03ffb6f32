// What a group of automatic flags is: a row of the table in automatic-flags.ts.

import type { Session } from '../../unit/session.ts'

export interface FlagGroup {
  /** Ask Juju what depends on no handler file, while they register; `ask` fails where a tool did. */
  askEarly?(session: Session): Promise<unknown>
  /** Ask Juju. All groups ask at the same time, before any flag changes. */
  ask?(session: Session): Promise<unknown>
  /** Set and clear the flags at the start of a hook. */
  atStart(session: Session): void | Promise<void>
  /** Clear the flags that live for one hook, and remember what the next one compares with. */
  atEnd?(session: Session): void | Promise<void>
}
