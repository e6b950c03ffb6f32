// What depends on the version of Juju (docs/juju.md 7). The engine asks for nothing that this Juju does not have.

import path from 'node:path'
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
  return jujuVersion === '' || versionAtLeast(jujuVersion, '2.7')
}

/** leader-get and leader-set, until 4.0. */
export function hasLeaderSettings({ jujuVersion }: Context): boolean {
  return jujuVersion === '' || !versionAtLeast(jujuVersion, '4.0')
}

/** What stands on PATH for tools that charms call and this Juju lacks, or answers otherwise. */
export function standInDir(context: Context): string | undefined {
  return hasLeaderSettings(context) ? undefined : path.join(context.shellDir, 'juju4')
}
