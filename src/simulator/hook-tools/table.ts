// THE table of simulated hook tools, by name.

import { versionAtLeast } from '../../juju/juju-version.ts'
import { ACTION_TOOLS } from './action-tools.ts'
import type { HookTool } from './hook-tool.ts'
import { MODEL_TOOLS } from './model-tools.ts'
import { NETWORK_TOOLS } from './network-tools.ts'
import { RELATION_TOOLS } from './relation-tools.ts'
import { SECRET_TOOLS } from './secret-tools.ts'
import { STORAGE_TOOLS } from './storage-tools.ts'
import { UNIT_TOOLS } from './unit-tools.ts'

const TABLES = [
  UNIT_TOOLS,
  RELATION_TOOLS,
  NETWORK_TOOLS,
  ACTION_TOOLS,
  STORAGE_TOOLS,
  SECRET_TOOLS,
  MODEL_TOOLS,
]

export const HOOK_TOOLS: ReadonlyMap<string, HookTool> = new Map(
  TABLES.flatMap((tools) => Object.entries(tools)),
)

/** Names of the tools that a Juju of this version has. */
export function hookToolsOf(jujuVersion: string): string[] {
  return [...HOOK_TOOLS.keys()].filter((name) => !isLacking(name, jujuVersion))
}

/** Names of the tools that other versions have. */
export function lackingToolsOf(jujuVersion: string): string[] {
  return [...HOOK_TOOLS.keys()].filter((name) => isLacking(name, jujuVersion))
}

/** Whether a Juju of this version does not have a tool that others have. */
export function isLacking(name: string, jujuVersion: string): boolean {
  const { since, until }: Pick<HookTool, 'since' | 'until'> = HOOK_TOOLS.get(name) ?? {}
  const isThere =
    (since === undefined || versionAtLeast(jujuVersion, since)) &&
    (until === undefined || !versionAtLeast(jujuVersion, until))
  return !isThere
}
