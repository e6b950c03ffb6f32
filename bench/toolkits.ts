// The two that run a charm: the engine of this checkout, and the Python original from checkouts of its own.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Toolkit } from './charm.ts'
import type { Workspace } from './workspace.ts'

/** Directories of checkouts of the original. */
export interface OriginalCheckouts {
  charmsReactive: string
  charmHelpers: string
}

export function engineOf({ root }: Workspace): Toolkit {
  const shell = path.join(root, 'shell')
  return {
    name: 'engine',
    path: [shell],
    env: {},
    // As `charms.reactive hooks install` writes it.
    entry: () => ({ file: 'dispatch', text: `#!/bin/sh\nexec '${shell}/charms.reactive' main\n` }),
    state: '.reactive-state.db',
  }
}

/** The original with the `python3` of the caller's PATH, without the shims that may be around that. */
export function originalOf(workspace: Workspace, checkouts: OriginalCheckouts): Toolkit {
  const bin = workspace.makeDir('python')
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  }).trim()
  for (const name of ['python', 'python3']) fs.symlinkSync(python, path.join(bin, name))
  const { charmsReactive, charmHelpers } = checkouts
  const env = {
    PYTHONPATH: `${charmsReactive}:${charmHelpers}`,
    PYTHONPYCACHEPREFIX: workspace.makeDir('pycache'),
  }
  try {
    const options = { env: { ...env, PATH: bin }, stdio: 'pipe' } as const
    execFileSync(path.join(bin, 'python3'), ['-c', 'import charms.reactive.cli, yaml, jinja2'], options)
  } catch (error) {
    throw new Error(`the original does not run: ${error instanceof Error ? error.message : error}`)
  }
  return {
    name: 'original',
    path: [bin, path.join(charmsReactive, 'bin')],
    env,
    entry: (hook) => ({
      file: `hooks/${hook}`,
      text: '#!/usr/bin/env python3\nfrom charms.reactive import main\nmain()\n',
    }),
    state: '.unit-state.db',
  }
}
