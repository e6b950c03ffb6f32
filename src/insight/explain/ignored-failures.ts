// Commands in a handler in bash whose failure nobody notices: `COMMAND || true`.

import type { ModelHandler } from '../charm-model.ts'
import type { UnitFacts } from './unit-facts.ts'

/** A sentence for each. */
export function ignoredFailures({ model }: UnitFacts, handler: ModelHandler): string[] {
  const source = model.sources.find(({ path }) => path === handler.file)
  const body = source?.functions.find(
    ({ name, line }) => name === handler.function && line >= (handler.line ?? 0),
  )
  if (source?.language !== 'bash' || body === undefined) return []
  const calls = source.calls.filter(({ line }) => body.line <= line && line <= body.end)
  return calls.flatMap((call, index) => {
    const next = calls[index + 1]
    const isIgnored = call.asked === true && next?.line === call.line && /^(true|:)$/.test(next.name)
    if (!isIgnored) return []
    return [`a failure of ${call.name} at ${handler.file}:${call.line} is ignored (|| ${next.name})`]
  })
}
