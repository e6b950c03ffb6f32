// The original's protocol between a bash file and the command line: `charms.reactive test SPEC…`, each
// SPEC quoted as for a shell, `NAME ID [TEST ARGS]…`, the ARGS quoted once more.

import { split } from 'shlex'
import { makeCondition } from './conditions.ts'
import { UsageError } from './errors.ts'
import { testConditions } from './handlers.ts'
import type { Session } from './session.ts'

/** The names of the handlers whose tests all hold. */
export function testSpecs(session: Session, specs: readonly string[]): string[] {
  return specs
    .map((spec) => parse(spec))
    .flatMap(({ name, id, conditions }) => {
      return testConditions(session, conditions, id).matches ? [name] : []
    })
}

function parse(spec: string) {
  const [name, id, ...tests] = words(spec)
  if (name === undefined || id === undefined || tests.length % 2 === 1) {
    throw new UsageError(`a spec is NAME ID [TEST ARGS]...: ${spec}`)
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
