// Juju's hook tools, one function per tool, all through one `run`. Facts about each tool are said where
// they are odd. Always `--format=json`: the smart format cannot tell null from the empty string.

import { execFile } from 'node:child_process'
import type { Context } from './context.ts'
import { HookToolError } from './errors.ts'

/** Run a hook tool and give its stdout. Throws a HookToolError when it fails or is not there. */
export function runHookTool(context: Context, tool: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // execFile is several times faster than a library around it, and hook tools are called by the hundred.
    const options = { env: context.env, cwd: context.charmDir, maxBuffer: 64 * 1024 * 1024 }
    execFile(tool, [...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      const status = typeof error.code === 'number' ? error.code : 127
      reject(new HookToolError(tool, args, status, stderr || error.message, error))
    })
  })
}

async function runJson(context: Context, tool: string, args: readonly string[]): Promise<unknown> {
  const stdout = await runHookTool(context, tool, [...args, '--format=json'])
  try {
    return stdout.trim() === '' ? null : JSON.parse(stdout)
  } catch (error) {
    throw new HookToolError(tool, args, 0, `answered with something that is not JSON: ${stdout}`, error)
  }
}

/** All configuration values; an option that is not set and has no default is missing or null. */
export async function configGet(context: Context): Promise<Record<string, unknown>> {
  const values = await runJson(context, 'config-get', ['--all'])
  return typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {}
}

/** Whether this unit leads. The tool exits 0 for both answers. */
export async function isLeader(context: Context): Promise<boolean> {
  return (await runJson(context, 'is-leader', [])) === true
}

/** The ids of an endpoint's relations, as Juju lists them. */
export async function relationIds(context: Context, endpoint: string): Promise<string[]> {
  return toList(await runJson(context, 'relation-ids', [endpoint]))
}

/** The units of a relation. In its own `-departed` hook the departing unit is no longer among them. */
export async function relationList(context: Context, relation: string): Promise<string[]> {
  return toList(await runJson(context, 'relation-list', ['-r', relation]))
}

function toList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Set the unit's workload status, at once: Juju does not roll it back. */
export async function statusSet(context: Context, status: string, message = ''): Promise<void> {
  await runHookTool(context, 'status-set', [status, message])
}
