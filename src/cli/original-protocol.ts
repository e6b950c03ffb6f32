// The original's protocol between a bash file and the command line: `charms.reactive test SPEC…`, each
// SPEC quoted as for a shell, `NAME ID [TEST ARGS]…`, the ARGS quoted once more. In an interface layer the answer
// names the endpoint as well.

import { split } from 'shlex'
import { UsageError } from '../errors.ts'
import { makeCondition } from '../handlers/conditions.ts'
import { forEndpoints, testConditions } from '../handlers/handlers.ts'
import type { Session } from '../unit/session.ts'

/** The names of the handlers whose tests all hold: `NAME`, or in an interface layer `NAME:ENDPOINT`. */
export function testSpecs(session: Session, specs: readonly string[]): string[] {
  return specs
    .map((spec) => parse(spec))
    .flatMap(({ name, id, conditions }) => {
      const file = id.split(':')[0] ?? ''
      return forEndpoints(session, { id, file, conditions })
        .filter((expanded) => testConditions(session, expanded.conditions, expanded.id).matches)
        .map((expanded) => name + expanded.id.slice(id.length))
    })
}

function parse(spec: string) {
  const [name, id, ...tests] = words(spec)
  if (name === undefined || id === undefined || tests.length % 2 === 1) {
    throw new UsageError(`a spec is written NAME ID [TEST ARGS]...: ${spec}`)
  }
  const conditions = tests.flatMap((test, index) =>
    index % 2 === 0 ? [makeCondition(test, test === 'only_once' ? [] : words(tests[index + 1] ?? ''))] : [],
  )
  return { name, id, conditions }
}

function words(text: string): string[] {
  try {
    return split(text)
  } catch {
    throw new UsageError(`the quotes do not match: ${text}`)
  }
}
