// Networks and ports.

import type { Context } from '../context.ts'
import { option, run, runJson, toList, toMap, withWords } from './run.ts'

/** The addresses of a binding, for one relation if it is named. Reads. */
export async function networkGet(
  context: Context,
  binding: string,
  relation?: string,
): Promise<Record<string, unknown>> {
  const flags = relation === undefined ? [] : ['-r', relation]
  return toMap(await runJson(context, 'network-get', flags, [binding]))
}

/** Open `80/tcp`, `8000-8100/udp` or `icmp`, for some endpoints or for all. Buffered until the hook succeeds. */
export async function openPort(
  context: Context,
  port: string,
  endpoints: readonly string[] = [],
): Promise<void> {
  await run(context, 'open-port', withWords(endpointsOption(endpoints), [port]))
}

/** Close what `openPort` opened. Buffered until the hook succeeds. */
export async function closePort(
  context: Context,
  port: string,
  endpoints: readonly string[] = [],
): Promise<void> {
  await run(context, 'close-port', withWords(endpointsOption(endpoints), [port]))
}

/** The ports that are open, without what this hook has changed; with `endpoints`, `80/tcp (a, b)`. Reads. */
export async function openedPorts(
  context: Context,
  options: { endpoints?: boolean } = {},
): Promise<string[]> {
  return toList(await runJson(context, 'opened-ports', option('endpoints', options.endpoints)))
}

function endpointsOption(endpoints: readonly string[]): string[] {
  return option('endpoints', endpoints.join(',') || undefined)
}
