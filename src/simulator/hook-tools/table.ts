// THE table of simulated hook tools, by name.

import { versionAtLeast } from '../juju-state.ts'
import { ACTION_TOOLS } from './action-tools.ts'
import type { HookTool } from './hook-tool.ts'
import { NETWORK_TOOLS } from './network-tools.ts'
import { RELATION_TOOLS } from './relation-tools.ts'
import { UNIT_TOOLS } from './unit-tools.ts'

export const HOOK_TOOLS: ReadonlyMap<string, HookTool> = new Map(
  [UNIT_TOOLS, RELATION_TOOLS, NETWORK_TOOLS, ACTION_TOOLS].flatMap((tools) => Object.entries(tools)),
)

/** Names of the tools that a Juju of this version has. */
export function hookToolsOf(jujuVersion: string): string[] {
  const isThere = ({ since, until }: HookTool) =>
    (since === undefined || versionAtLeast(jujuVersion, since)) &&
    (until === undefined || !versionAtLeast(jujuVersion, until))
  return [...HOOK_TOOLS].filter(([, tool]) => isThere(tool)).map(([name]) => name)
}
