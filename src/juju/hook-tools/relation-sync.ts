// The relation tools that a property of an endpoint's object may need at once: the engine waits for them.

import type { Context } from '../context.ts'
import { withPrivateAddress } from './private-address.ts'
import { databag, runJsonSync, toText, toTexts } from './run.ts'

/** The application at the other end of a relation. Reads. */
export function relationApplicationSync(context: Context, relation: string): string | null {
  return toText(runJsonSync(context, 'relation-list', ['-r', relation, '--app']))
}

/** The data of a unit, or with `application` of an application. Reads. */
export function relationGetSync(
  context: Context,
  relation: string,
  name: string,
  options: { application?: boolean } = {},
): Record<string, string> {
  const data = toTexts(runJsonSync(context, 'relation-get', databag(relation, options), ['-', name]))
  return options.application ? data : withPrivateAddress(data)
}
