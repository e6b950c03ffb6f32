// The action that is running: its parameters, results, log and failure. Only in actions.

import type { Context } from '../context.ts'
import { pairs, run, runJson, toMap, withWords } from './run.ts'

/** All parameters of the action. Reads. */
export async function actionGet(context: Context): Promise<Record<string, unknown>> {
  return toMap(await runJson(context, 'action-get', []))
}

/** Set results; a key with dots nests. Immediate: they are returned also when the action fails later. */
export async function actionSet(context: Context, results: Readonly<Record<string, string>>): Promise<void> {
  await run(context, 'action-set', withWords([], pairs(results)))
}

/** Report the progress of the action to the operator. Immediate. */
export async function actionLog(context: Context, message: string): Promise<void> {
  await run(context, 'action-log', withWords([], [message]))
}

/** Mark the action as failed; it goes on, and with status 0 what it changed is kept. Immediate. */
export async function actionFail(context: Context, message?: string): Promise<void> {
  await run(context, 'action-fail', withWords([], message === undefined ? [] : [message]))
}
