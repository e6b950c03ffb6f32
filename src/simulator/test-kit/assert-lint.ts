// The assertion on the charm's own files: what `charms.reactive lint` finds in them.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { ReactiveError } from '../../errors.ts'
import { ownPlace } from '../../juju/context.ts'
import { findShellDir } from '../unit-files.ts'
import { type Assertion, assertOnly } from './assertion.ts'
import type { KitFunction } from './kit-function.ts'

const LINT_CLEAN: Assertion = {
  words: '[--strict]',
  options: { strict: 'alone' },
  // A command of its own: it loads what the kit has no use for.
  examine: async ({ unit: { charmDir } }, _, { strict }) => {
    const words = ['lint', charmDir, ...(strict === true ? ['--strict'] : [])]
    const launcher = path.join(findShellDir(), 'charms.reactive')
    const { exitStatus, stdout, stderr } = await run(launcher, words)
    if (exitStatus > 1) throw new ReactiveError(`lint could not be done: ${stderr.trim()}`)
    return exitStatus === 0 ? {} : { missing: ['lint finds mistakes', {}, () => stdout.trim()] }
  },
}

export const LINT_ASSERTIONS: Record<string, KitFunction> = assertOnly('assert_lint_clean', LINT_CLEAN)

function run(file: string, words: string[]): Promise<{ exitStatus: number; stdout: string; stderr: string }> {
  const env = { PATH: ownPlace().env.PATH ?? '' }
  return new Promise((resolve) => {
    const child = execFile(file, words, { env }, (_, stdout, stderr) =>
      resolve({ exitStatus: child.exitCode ?? 3, stdout, stderr }),
    )
  })
}
