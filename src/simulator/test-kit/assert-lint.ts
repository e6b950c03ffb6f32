// The assertion on the charm's own files: what `charms.reactive lint` finds in them.

import path from 'node:path'
import { ReactiveError } from '../../errors.ts'
import { ownPlace } from '../../juju/context.ts'
import { runProcess } from '../process.ts'
import { findShellDir } from '../unit-files.ts'
import { type Assertion, assertOnly } from './assertion.ts'
import type { KitFunction } from './kit-function.ts'

const TIMEOUT_MS = 60_000

const LINT_CLEAN: Assertion = {
  words: '[--strict]',
  options: { strict: 'alone' },
  // A command of its own: it loads what the kit has no use for.
  examine: async ({ unit: { charmDir } }, _, { strict }) => {
    const words = ['lint', charmDir, ...(strict === true ? ['--strict'] : [])]
    const { exitStatus, stdout, stderr } = await runProcess(
      [path.join(findShellDir(), 'charms.reactive'), ...words],
      { cwd: charmDir, env: { PATH: ownPlace().env.PATH ?? '' }, timeoutMs: TIMEOUT_MS },
    )
    if (exitStatus > 1) throw new ReactiveError(`lint could not be done: ${stderr.trim()}`)
    return exitStatus === 0 ? {} : { missing: ['lint finds mistakes', {}, () => stdout.trim()] }
  },
}

export const LINT_ASSERTIONS: Record<string, KitFunction> = assertOnly('assert_lint_clean', LINT_CLEAN)
