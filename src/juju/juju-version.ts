// What depends on the version of Juju (docs/juju.md 7). The engine asks for nothing that this Juju does not have. Juju
// names its version in every hook in which its tools answer; where it does not, or names it in a way that nobody can
// read, what is on PATH decides.

import path from 'node:path'
import { findExecutable } from '../system/executables.ts'
import type { Context } from './context.ts'

/** Whether the version is that one or a later one; `2.8` is a version, too. */
export function versionAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) =>
    text.split(/[.-]/).map((part) => Number.parseInt(part, 10)),
  )
  for (const [index, number] of (want ?? []).entries()) {
    const other = have?.[index] ?? 0
    if (other !== number) return other > number
  }
  return true
}

/** Data of applications in relations, since 2.7. Where no Juju names its version, all is taken to be there. */
export function hasApplicationData({ jujuVersion }: Context): boolean {
  return !isVersion(jujuVersion) || versionAtLeast(jujuVersion, '2.7')
}

/** leader-get and leader-set, until 4.0. The launcher decides in the same way. */
export function hasLeaderSettings({ jujuVersion, env }: Context): boolean {
  if (isVersion(jujuVersion)) return !versionAtLeast(jujuVersion, '4.0')
  // Outside of a hook no tool is there, and one that is asked for says so.
  if (env.JUJU_CONTEXT_ID === undefined) return true
  return findExecutable('leader-get', env.PATH ?? '') !== undefined
}

function isVersion(text: string): boolean {
  return /^\d/.test(text)
}

/** What stands on PATH for tools that charms call and this Juju lacks. */
export function standInDir(context: Context): string | undefined {
  return hasLeaderSettings(context) ? undefined : path.join(context.shellDir, 'juju4')
}
