// What code in Python may ask the engine: a table of operations, each with JSON values. The Python process asks
// over its own connection; threads, forked children and other processes ask over the channel by the word
// `_python` and one JSON text, `[OPERATION, ARGUMENT…]`, and get `[VALUE]`.

import { ReactiveError } from '../../errors.ts'
import type { Reply } from '../../system/channel.ts'
import type { Session } from '../../unit/session.ts'
import { refusalOf } from './connection.ts'
import { ENDPOINT_OPERATIONS } from './endpoint-operations.ts'
import { KV_OPERATIONS } from './kv-operations.ts'
import { STATE_OPERATIONS } from './state-operations.ts'

/** Runs an operation. What it gives is a JSON value; undefined is null. */
export type Operation = (session: Session, ...args: never[]) => unknown

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...STATE_OPERATIONS,
  ...KV_OPERATIONS,
  ...ENDPOINT_OPERATIONS,
}

/** Run the operation of this name. */
export function runOperation(session: Session, name: string, args: readonly unknown[]): unknown {
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined
  if (operation === undefined) throw new ReactiveError(`the engine has no such operation: ${name}`)
  return operation(session, ...(args as never[]))
}

/** Answer the word `_python` of the channel. */
export async function answerPython(session: Session, text: string): Promise<Reply> {
  try {
    const [name, ...args] = JSON.parse(text) as unknown[]
    const value = await runOperation(session, String(name), args)
    return { status: 0, stdout: JSON.stringify([value ?? null]) }
  } catch (error) {
    return { status: 3, stdout: JSON.stringify(refusalOf(error)) }
  }
}
