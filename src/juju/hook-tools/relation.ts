// Relations: their ids, members and data.

import type { Context } from '../context.ts'
import { withPrivateAddress } from './private-address.ts'
import { databag, run, runJson, toList, toText, toTexts, yamlMap } from './run.ts'

/** The ids of an endpoint's relations, as Juju lists them. Reads. */
export async function relationIds(context: Context, endpoint: string): Promise<string[]> {
  return toList(await runJson(context, 'relation-ids', [], [endpoint]))
}

/** The units of a relation. In its own `-departed` hook the departing unit is no longer among them. Reads. */
export async function relationList(context: Context, relation: string): Promise<string[]> {
  return toList(await runJson(context, 'relation-list', ['-r', relation]))
}

/** The application at the other end of a relation. Reads. */
export async function relationApplication(context: Context, relation: string): Promise<string | null> {
  return toText(await runJson(context, 'relation-list', ['-r', relation, '--app']))
}

/**
 * The data of a unit, or with `application` of an application. The unit's own data has what this hook has
 * set. No value is empty: that is how one is taken away. Reads.
 */
export async function relationGet(
  context: Context,
  relation: string,
  name: string,
  options: { application?: boolean } = {},
): Promise<Record<string, string>> {
  const data = toTexts(await runJson(context, 'relation-get', databag(relation, options), ['-', name]))
  return options.application ? data : withPrivateAddress(data)
}

/**
 * Set data of this unit, or with `application` of its application, which only the leader may. Null and the
 * empty string take a value away. Buffered until the hook succeeds.
 */
export async function relationSet(
  context: Context,
  relation: string,
  data: Readonly<Record<string, string | null>>,
  options: { application?: boolean } = {},
): Promise<void> {
  const texts = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value ?? '']))
  await run(context, 'relation-set', [...databag(relation, options), '--file', '-'], yamlMap(texts))
}

/** The UUID of the model at the other end; without a relation that of the hook. Reads. */
export async function relationModelGet(context: Context, relation?: string): Promise<string | null> {
  const answer = await runJson(context, 'relation-model-get', relation === undefined ? [] : ['-r', relation])
  const isMap = typeof answer === 'object' && answer !== null && 'uuid' in answer
  return toText(isMap ? answer.uuid : answer)
}
