// The charm's own script for an event. Once a charm has a `dispatch`, Juju never looks at hooks/* and
// actions/*: the dispatch runs hooks/NAME or actions/NAME itself, unless it is a stub of ours.

import fs from 'node:fs'
import path from 'node:path'
import { ScriptError } from '../errors.ts'
import { endOf, handlerEnvironment, startExecutable } from '../handlers/children.ts'
import type { Context } from '../juju/context.ts'
import { isExecutableFile } from '../system/executables.ts'
import { isRegularFile } from '../system/regular-files.ts'
import type { Session } from '../unit/session.ts'
import { isHookTemplate } from './hook-template.ts'

/** A file of a charm is a stub of ours if this line is in it, and only then. */
export const STUB_MARKER = '# Written by charms.reactive hooks install, which replaces this file.'

/** Whether `hooks install` wrote the file, or a file that the name links to. */
export function isStub(file: string): boolean {
  try {
    return fs.readFileSync(file, 'latin1').split('\n', 5).includes(STUB_MARKER)
  } catch {
    return false
  }
}

/** Whether a hook is the stub of the Python original, or leads to one. */
export function isOriginalStub(charmDir: string, name: string): boolean {
  try {
    return name.startsWith('hooks/') && isHookTemplate(fs.readFileSync(path.join(charmDir, name), 'utf8'))
  } catch {
    return false
  }
}

/** The script for this event, relative to the charm dir. None where Juju runs hooks/NAME by itself. */
export function findOwnScript({ context, log }: Session): string | undefined {
  const { charmDir, eventPath } = context
  if (eventPath === '' || !isExecutableFile(path.join(charmDir, 'dispatch'))) return undefined
  const file = path.join(charmDir, eventPath)
  if (!isRegularFile(file) || isStub(file) || isOriginalStub(charmDir, eventPath)) return undefined
  if (isExecutableFile(file)) return eventPath
  log.warning(`the charm's own script is not executable, and does not run: ${eventPath}`)
  return undefined
}

/** Run the script to its end. Its output is that of the hook or action; its failure is a ScriptError. */
export async function runOwnScript(context: Context, script: string, channelPath: string): Promise<void> {
  const child = await startExecutable(context, script, [], {
    // A script that has lost the channel and starts another dispatch must not be run by that one.
    env: { ...handlerEnvironment(context, channelPath), CHARMS_REACTIVE_SCRIPT: script },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const { status } = await endOf(child)
  if (status !== 0) throw new ScriptError(script, status)
}
