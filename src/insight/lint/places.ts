// Where in a source something of a handler stands: its decorators, and the words in them.

import type { CharmModel, ModelHandler } from '../charm-model.ts'
import type { Call } from '../sources/source.ts'

/** The place of a word of a handler's conditions; the handler's own where it stands nowhere as it is. */
export function placeOfWord({ sources }: CharmModel, handler: ModelHandler, word: string) {
  const source = sources.find(({ path }) => path === handler.file)
  const line = handler.line ?? 1
  const candidates = (source?.calls ?? [])
    .filter(isDecorator)
    .flatMap(({ words }) => words)
    .filter(({ text }) => expanded(text, handler) === word)
  // Decorators stand above the function, or around it.
  const distance = (at: number) => (at > line ? (at - line) * 2 : line - at)
  const [nearest] = candidates.sort((one, other) => distance(one.line) - distance(other.line))
  return {
    file: handler.file,
    line: nearest?.line ?? line,
    column: nearest?.column ?? 1,
    handler: handler.id,
  }
}

function isDecorator({ name }: Call): boolean {
  return /^@|^(when|hook|action|not_unless|collect_metrics|only_once)/.test(name)
}

function expanded(text: string, { endpoint = '' }: ModelHandler): string {
  return text.replaceAll('{endpoint_name}', endpoint).replaceAll('{relation_name}', endpoint)
}
