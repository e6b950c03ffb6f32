// Which endpoints a session has asked for, if any: most commands never do, and need not even load what they are.

import type { Session } from '../unit/session.ts'
import type { CharmEndpoints } from './endpoints.ts'

/** Filled by `endpointsOf`. */
export const sessionEndpoints = new WeakMap<Session, CharmEndpoints>()
