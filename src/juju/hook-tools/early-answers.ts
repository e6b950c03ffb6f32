// What nearly every hook asks Juju, asked by the launcher (shell/charms.reactive) while Node started: a hook has to wait for
// the slower of the two only, and need not copy a process as large as the engine for each question. The launcher
// leaves a line `DESCRIPTOR TOOL WORD…` for each in CHARMS_REACTIVE_ASKED; behind the descriptor are stdout, the
// status and stderr, each ended by NUL.

import fs from 'node:fs'
import { promisify } from 'node:util'
import type { Context } from '../context.ts'

export interface EarlyAnswer {
  stdout: string
  status: number
  stderr: string
}

const questions = new WeakMap<Context, Map<string, number>>()

/** The answer to the question if it was asked early, once; where it was lost, undefined comes later. */
export function earlyAnswer(
  context: Context,
  tool: string,
  args: readonly string[],
): Promise<EarlyAnswer | undefined> | undefined {
  const asked = questionsOf(context)
  const question = [tool, ...args].join(' ')
  const descriptor = asked.get(question)
  asked.delete(question)
  return descriptor === undefined ? undefined : readAnswer(descriptor)
}

async function readAnswer(descriptor: number): Promise<EarlyAnswer | undefined> {
  const text = await promisify(fs.readFile)(descriptor, 'utf8').catch(() => '')
  fs.close(descriptor, () => undefined)
  const [stdout = '', status, stderr = '', end] = text.split('\0')
  // A tool that was not found, or was killed, is asked again: that says why.
  if (end === undefined || Number(status) >= 127) return undefined
  return { stdout, status: Number(status), stderr }
}

function questionsOf(context: Context): Map<string, number> {
  const known = questions.get(context)
  if (known !== undefined) return known
  const lines = context.asked.split('\n').filter(Boolean)
  const read = new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), Number(line.split(' ')[0])]))
  questions.set(context, read)
  return read
}
