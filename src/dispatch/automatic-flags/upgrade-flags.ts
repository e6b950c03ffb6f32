// The flags of upgrades: of the machine's series (documentation 2.8.3), and of the charm.

import { clearFlag, setFlag } from '../../unit/flags.ts'
import type { FlagGroup } from './flag-group.ts'

/** Set from pre-series-upgrade until post-series-upgrade. */
export const SERIES_FLAGS: FlagGroup = {
  atStart(session) {
    const { hookName } = session.context
    if (hookName === 'pre-series-upgrade') setFlag(session, 'upgrade.series.in-progress')
    if (hookName === 'post-series-upgrade') clearFlag(session, 'upgrade.series.in-progress')
  },
}

/** Set during upgrade-charm. In other hooks the flag is left alone. */
export const CHARM_FLAGS: FlagGroup = {
  atStart(session) {
    if (session.context.hookName === 'upgrade-charm') setFlag(session, 'charm.upgraded')
  },
  atEnd(session) {
    if (session.context.hookName === 'upgrade-charm') clearFlag(session, 'charm.upgraded')
  },
}
