// An assertion and its refutation from one row: the row looks at the unit once and says what it found, as the failure
// of either. `assert_NAME` fails where something is missing, `refute_NAME` where something is there.

import { AssertionFailure, type Failure, formatFailure } from './failure.ts'
import type { TestKit } from './kit.ts'
import { check, type KitFunction } from './kit-function.ts'
import type { Options } from './words.ts'

/** What was found. Of a list both may be there: some of it is missing, some is there. */
export interface Finding {
  missing?: Failure | undefined
  present?: Failure | undefined
}

export interface Assertion extends Omit<KitFunction, 'run'> {
  /** Throws a ReactiveError for a request without sense. */
  examine(kit: TestKit, words: string[], options: Options): Finding | Promise<Finding>
  /** What stands below either failure, unless the failure itself says. */
  explain?(kit: TestKit, words: string[], options: Options): string
}

/** `assert_NAME` and `refute_NAME`. */
export function assertion(name: string, row: Assertion): Record<string, KitFunction> {
  return { ...assertOnly(`assert_${name}`, row), ...refuteOnly(`refute_${name}`, row) }
}

/** An assertion whose refutation is called otherwise, or makes no sense. */
export function assertOnly(name: string, row: Assertion): Record<string, KitFunction> {
  return { [name]: failingWith('missing', row) }
}

export function refuteOnly(name: string, row: Assertion): Record<string, KitFunction> {
  return { [name]: failingWith('present', row) }
}

function failingWith(which: keyof Finding, { examine, explain, ...row }: Assertion): KitFunction {
  return {
    ...row,
    run: check(async (kit, words, options) => {
      const failure = (await examine(kit, words, options))[which]
      if (failure === undefined) return
      const [title, pairs, own = () => explain?.(kit, words, options) ?? ''] = failure
      throw new AssertionFailure(formatFailure([title, pairs, own]))
    }),
  }
}

/** The finding of what either holds or does not. */
export function either(holds: boolean, missing: Failure, present: Failure): Finding {
  return holds ? { present } : { missing }
}
