// The objects that stand for endpoints, found by name or by flag, and their methods as `relation_call`
// reaches them (documentation 2.7: endpoint_from_name, endpoint_from_flag).

import { messageOf, ofCharm, ReactiveError, UsageError } from '../errors.ts'
import { getFlagValue, isFlagSet } from '../unit/flags.ts'
import { camelCase } from '../unit/names.ts'
import { toConversationFlag } from '../unit/relation-records.ts'
import type { Session } from '../unit/session.ts'
import {
  type AnyEndpoint,
  CALL_METHOD,
  type CharmEndpoints,
  endpointsOf,
  type MethodAnswer,
} from './endpoints.ts'
import { RelationBase } from './old-style/relation-base.ts'

/** The charm's endpoints with what Juju says about them; outside of a dispatch they are read now. */
export async function loadedEndpoints(session: Session): Promise<CharmEndpoints> {
  const endpoints = endpointsOf(session)
  await endpoints.load(session)
  return endpoints
}

/** The object for the endpoint of this name, or undefined. */
export function endpointFromName(session: Session, name: string): AnyEndpoint | undefined {
  return endpointsOf(session).find(name)
}

/**
 * The object for the endpoint that a flag belongs to: `endpoint.db.joined` and `db.ready` belong to `db`, and a
 * flag that a conversation has set to its relation. Undefined when the flag is not set, or no endpoint's.
 */
export function endpointFromFlag(session: Session, flag: string): AnyEndpoint | undefined {
  const value = getFlagValue(session, flag)
  if (value === undefined) return undefined
  const told = toConversationFlag(value)
  if (told !== undefined) return endpointsOf(session).findForConversations(told.relation, told.conversations)
  const found = endpointFromName(session, nameInFlag(flag))
  // A flag that no conversation has set tells of none.
  return found instanceof RelationBase && !flag.startsWith('endpoint.') ? undefined : found
}

function nameInFlag(flag: string): string {
  const [first = '', second = ''] = flag.split('.')
  if (!flag.includes('.')) return ''
  return first === 'endpoint' ? second : first
}

/** Call a method of the endpoint with this name, or of the one that the flag belongs to. */
export async function relationCall(
  session: Session,
  given: { flag: string | undefined; endpoint: string | undefined },
  method: string,
  args: readonly string[],
): Promise<MethodAnswer> {
  await session.registerLayer?.(nameBehind(session, given))
  const endpoints = await loadedEndpoints(session)
  const { name, object } = subjectOf(session, given)
  const file = endpoints.methodOfFile(name, method)
  if (file !== undefined) return file(args)
  const called = `the method ${method} of ${name} failed`
  return { value: toPlain(await ofCharm(called, () => callMethod(object, name, method, args))) }
}

/** The name of the endpoint, before Juju is asked about it. */
function nameBehind(
  session: Session,
  { flag = '', endpoint }: { flag: string | undefined; endpoint: string | undefined },
): string {
  return endpoint ?? toConversationFlag(getFlagValue(session, flag))?.relation ?? nameInFlag(flag)
}

function subjectOf(
  session: Session,
  { flag, endpoint }: { flag: string | undefined; endpoint: string | undefined },
): { name: string; object: AnyEndpoint } {
  if ((flag === undefined) === (endpoint === undefined)) {
    throw new UsageError('relation_call needs exactly one of --flag and --endpoint')
  }
  if (flag !== undefined && !isFlagSet(session, flag)) throw new ReactiveError(`the flag is not set: ${flag}`)
  const object =
    flag === undefined ? endpointFromName(session, endpoint ?? '') : endpointFromFlag(session, flag)
  if (object !== undefined) return { name: object.endpointName, object }
  if (flag !== undefined) throw new ReactiveError(`no endpoint belongs to the flag: ${flag}`)
  throw new ReactiveError(`the charm has no such endpoint: ${endpoint}`)
}

/** Methods and properties of the object's classes; in bash their names may have underscores. */
async function callMethod(
  object: AnyEndpoint,
  endpoint: string,
  method: string,
  args: readonly string[],
): Promise<unknown> {
  if (CALL_METHOD in object) {
    const call = object[CALL_METHOD] as (method: string, args: readonly string[]) => Promise<unknown>
    return call.call(object, method, args)
  }
  const name = [method, camelCase(method)].find((candidate) => isPublic(object, candidate))
  if (name === undefined) throw new ReactiveError(`the endpoint ${endpoint} has no method: ${method}`)
  const member: unknown = Reflect.get(object, name)
  return typeof member === 'function' ? member.apply(object, args) : member
}

/** What every object has is no method of an endpoint; names with an underscore in front are private. */
function isPublic(object: object, name: string): boolean {
  return !name.startsWith('_') && name in object && !(name in Object.prototype)
}

/** The result as JSON tells it: endpoints' own objects become their names. */
function toPlain(result: unknown): unknown {
  try {
    return result === undefined ? null : JSON.parse(JSON.stringify(result) ?? 'null')
  } catch (error) {
    throw new ReactiveError(`the result is not a JSON value: ${messageOf(error)}`, { cause: error })
  }
}

/** The id of the endpoint's relation that a remote unit, or a unit of a remote application, belongs to. */
export async function relationId(session: Session, endpoint: string, remote: string): Promise<string> {
  const { facts } = await loadedEndpoints(session)
  const belongs = (unit: string) => unit === remote || unit.split('/')[0] === remote
  const found = facts.ids(endpoint).find((id) => facts.members(id).some(belongs))
  if (found !== undefined) return found
  throw new ReactiveError(`no relation of ${endpoint} has the unit or application: ${remote}`)
}
