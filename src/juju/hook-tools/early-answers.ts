// What nearly every hook asks Juju, asked by the launcher (shell/begin-hook.sh) while Node started: a hook has to wait for
// the slower of the two only, and need not copy a process as large as the engine for each question. The launcher
// leaves a line `DESCRIPTOR TOOL WORD…` for each in CHARMS_REACTIVE_ASKED; behind the descriptor are stdout, the
// status and stderr, each ended by NUL, and then, where the launcher has gone on from the answer, the same for
// further questions, each behind its own words.

import fs from 'node:fs'
import { promisify } from 'node:util'
import type { Context } from '../context.ts'

export interface EarlyAnswer {
  stdout: string
  status: number
  stderr: string
}

/** A question that was asked early, and its answer; where that was lost, undefined comes later. */
export interface EarlyCall {
  /** For how many other answers the launcher has waited before. */
  depth: number
  answer: Promise<EarlyAnswer | undefined>
}

/** The calls by their words; those behind a descriptor are read when they are asked for. */
type Questions = Map<string, () => EarlyCall>

const questions = new WeakMap<Context, Questions>()

/** The call with these words if it was made early, once. */
export function earlyAnswer(context: Context, tool: string, args: readonly string[]): EarlyCall | undefined {
  const asked = questionsOf(context)
  const question = [tool, ...args].join(' ')
  const call = asked.get(question)
  asked.delete(question)
  return call?.()
}

function questionsOf(context: Context): Questions {
  const known = questions.get(context)
  if (known !== undefined) return known
  const asked: Questions = new Map()
  for (const line of context.asked.split('\n').filter(Boolean)) {
    const [descriptor, ...words] = line.split(' ')
    asked.set(words.join(' '), () => ({ depth: 0, answer: readAnswers(Number(descriptor), asked) }))
  }
  questions.set(context, asked)
  return asked
}

/** The first answer; the others are there when they are asked for. */
async function readAnswers(descriptor: number, asked: Questions): Promise<EarlyAnswer | undefined> {
  const text = await promisify(fs.readFile)(descriptor, 'utf8').catch(() => '')
  fs.close(descriptor, () => undefined)
  const [stdout, status, stderr, ...rest] = text.split('\0')
  while (rest.length > 4) {
    const [question = '', ...answer] = rest.splice(0, 4)
    asked.set(question, () => ({ depth: 1, answer: Promise.resolve(answerOf(answer)) }))
  }
  return rest.length === 0 ? undefined : answerOf([stdout, status, stderr])
}

/** A tool that was not found, or was killed, is asked again: that says why. */
function answerOf([stdout = '', status, stderr = '']: (string | undefined)[]): EarlyAnswer | undefined {
  return Number(status) >= 127 ? undefined : { stdout, status: Number(status), stderr }
}
