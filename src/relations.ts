// Methods of endpoints, as `relation_call` reaches them. A handler file in JavaScript provides the object
// that answers for an endpoint.

import { ReactiveError, UsageError } from './errors.ts'
import { isFlagSet } from './flags.ts'
import type { Session } from './session.ts'

/** Methods by name; their results are JSON values. */
export type EndpointMethods = Record<string, (...args: string[]) => unknown>

/** Let an object answer `relation_call` for an endpoint, in this dispatch. */
export function provideEndpoint(session: Session, endpoint: string, methods: EndpointMethods): void {
  session.endpointMethods.set(endpoint, methods)
}

/** Call a method of the endpoint with this name, or of the one that the flag belongs to. */
export async function relationCall(
  session: Session,
  { flag, endpoint }: { flag: string | undefined; endpoint: string | undefined },
  method: string,
  args: readonly string[],
): Promise<unknown> {
  if ((flag === undefined) === (endpoint === undefined)) {
    throw new UsageError('relation_call needs exactly one of --flag and --endpoint')
  }
  if (flag !== undefined && !isFlagSet(session, flag)) throw new ReactiveError(`the flag is not set: ${flag}`)
  const name = endpoint ?? endpointOfFlag(session, flag ?? '')
  const methods = session.endpointMethods.get(name)
  if (methods === undefined) throw new ReactiveError(`nothing answers for the endpoint: ${name}`)
  if (!Object.hasOwn(methods, method))
    throw new ReactiveError(`the endpoint ${name} has no method: ${method}`)
  return methods[method]?.(...args)
}

/** The id of the endpoint's relation that a remote unit, or a unit of a remote application, belongs to. */
export async function relationId(session: Session, endpoint: string, remote: string): Promise<string> {
  const { relationIds, relationList } = await import('./hook-tools.ts')
  for (const id of await relationIds(session.context, endpoint)) {
    const units = await relationList(session.context, id)
    if (units.some((unit) => unit === remote || unit.split('/')[0] === remote)) return id
  }
  throw new ReactiveError(`no relation of ${endpoint} has the unit or application: ${remote}`)
}

/** `db.database.available` and `endpoint.db.joined` belong to the endpoint `db`. */
function endpointOfFlag(session: Session, flag: string): string {
  const parts = flag.split('.')
  const name = (parts[0] === 'endpoint' ? parts[1] : parts[0]) ?? ''
  if (!session.endpointMethods.has(name)) throw new ReactiveError(`no endpoint belongs to the flag: ${flag}`)
  return name
}
