// A charm whose wheelhouse has the original and charmhelpers, from PyPI: installed by a real pip that reaches no
// registry, into a real virtual environment.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isFull } from '../effort.ts'
import { type CharmFiles, lines, remarks, startUnit } from '../end-to-end/charm.ts'
import { originalWheelhouse } from './original-venv.ts'

const wheelhouse = isFull ? originalWheelhouse() : undefined

const HANDLERS = `import importlib.metadata, sys
import charms.reactive
from charmhelpers.core import hookenv, unitdata
from charms.reactive import when_not

@when_not('never')
def tell():
    kv = unitdata.kv()
    kv.set('count', kv.get('count', 0) + 1)
    installed = importlib.metadata.version('charms.reactive')
    ours = not charms.reactive.__file__.startswith(sys.prefix)
    with open('seen', 'a') as seen:
        print(hookenv.hook_name(), kv.get('count'), installed, ours, sys.prefix.endswith('/.venv'), file=seen)
`

function charm(dir: string): CharmFiles {
  const names = fs.readdirSync(dir).filter((name) => name !== 'complete')
  return {
    'layer.yaml': "includes: ['layer:basic']\noptions: {basic: {use_venv: true}}\n",
    'reactive/app.py': HANDLERS,
    ...Object.fromEntries(names.map((name) => [`wheelhouse/${name}`, fs.readFileSync(path.join(dir, name))])),
  }
}

describe.skipIf(wheelhouse === undefined)('A wheelhouse with the original and charmhelpers', () => {
  it('is installed without a network in the first hook, and our package is used all the same', async () => {
    const unit = await startUnit(charm(wheelhouse ?? ''))
    const env = { PIP_INDEX_URL: 'http://127.0.0.1:9/' }
    const first = await unit.run({ name: 'install', env, timeoutMs: 500_000 })
    expect(remarks(first)).toEqual([expect.stringMatching('INFO Making the virtual environment ')])
    expect(first).toMatchObject({ exitStatus: 0 })
    const second = await unit.run({ name: 'start', env })
    expect(remarks(second)).toEqual([])
    expect(lines(unit, 'seen')).toEqual(['install 1 1.5.3 True True', 'start 2 1.5.3 True True'])
  }, 600_000)
})
