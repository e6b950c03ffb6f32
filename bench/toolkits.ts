// What runs a charm: the engine of this checkout, and its peers from PyPI.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Toolkit } from './charm.ts'
import type { Workspace } from './workspace.ts'

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

/** The versions that were measured: a peer that is newer may be faster or slower. */
const PEERS = ['charms.reactive==1.5.3', 'charmhelpers==1.2.1', 'Jinja2', 'PyYAML', 'ops==3.9.0']

/** The Python original and ops, in a virtual environment with the `python3` of the caller's PATH. */
export function peersOf(workspace: Workspace): { original: Toolkit; ops: Toolkit } {
  const venv = workspace.makeDir('peers')
  const bin = path.join(venv, 'bin')
  run('python3', '-m', 'venv', venv)
  run(path.join(bin, 'python3'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PEERS)
  const peer = { path: [bin], env: {}, state: '.unit-state.db' }
  return {
    original: {
      ...peer,
      name: 'original',
      env: { PYTHONPATH: ubuntu(workspace) },
      entry: (hook) => ({
        file: `hooks/${hook}`,
        text: '#!/usr/bin/env python3\nfrom charms.reactive import main\nmain()\n',
      }),
    },
    ops: {
      ...peer,
      name: 'ops',
      env: { JUJU_VERSION: '3.6.0', JUJU_MODEL_NAME: 'bench' },
      // As charmcraft writes it.
      entry: () => ({ file: 'dispatch', text: '#!/bin/sh\nexec ./src/charm.py\n' }),
    },
  }
}

/** What tells charmhelpers, which the original loads in any case, that it is at home: it refuses Debian. */
function ubuntu(workspace: Workspace): string {
  const dir = workspace.makeDir('ubuntu')
  const text = "import charmhelpers.osplatform\ncharmhelpers.osplatform.get_platform = lambda: 'ubuntu'\n"
  fs.writeFileSync(path.join(dir, 'sitecustomize.py'), text)
  return dir
}

function run(command: string, ...words: string[]): void {
  try {
    execFileSync(command, words, { stdio: 'pipe' })
  } catch (error) {
    throw new Error(`the peers cannot be installed: ${error instanceof Error ? error.message : error}`)
  }
}
