// Statuses that handlers propose for the unit. Several handlers of one hook that set a status overwrite each other;
// of those that they propose the worst is set at the end of the hook, unless somebody sets one plainly after the last.

import { messageOf, UsageError } from '../errors.ts'
import { statusSet } from '../juju/hook-tools.ts'
import type { Session } from './session.ts'

/** From the worst to the best. */
const STATUSES = ['error', 'blocked', 'maintenance', 'waiting', 'active']

export interface StatusCandidate {
  status: string
  message: string
}

/** Propose a status. Outside of a dispatch, where no other can follow, it is set. */
export async function addStatusCandidate(session: Session, candidate: StatusCandidate): Promise<void> {
  if (!STATUSES.includes(candidate.status))
    throw new UsageError(`a status is ${STATUSES.join(', ')}: ${candidate.status}`)
  if (session.inDispatch) session.statusCandidates.push(candidate)
  else await setStatus(session, candidate)
}

/** Somebody has set the unit's status plainly: what was proposed before no longer counts. */
export function forgetStatusCandidates({ statusCandidates }: Session): void {
  statusCandidates.length = 0
}

/** At the end of a hook that succeeds: set the worst, of equal ones the first. */
export async function setWorstStatus(session: Session): Promise<void> {
  const [worst] = session.statusCandidates.toSorted((one, other) => rank(one) - rank(other))
  if (worst === undefined) return
  await setStatus(session, worst).catch((error: unknown) => {
    session.log.warning(`the status stays as it is: ${messageOf(error)}`)
  })
}

function rank({ status }: StatusCandidate): number {
  return STATUSES.indexOf(status)
}

/** Juju lets no charm set `error`, which is what a hook that fails has. */
function setStatus({ context }: Session, { status, message }: StatusCandidate): Promise<void> {
  return statusSet(context, status === 'error' ? 'blocked' : status, message)
}
