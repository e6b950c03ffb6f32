import { describe, expect, it } from 'vitest'
import { bash, errors, lines, ran, startUnit } from './charm.ts'

describe('the namespace of layers', () => {
  it('is there for JavaScript, by import and by require', async () => {
    const unit = await startUnit({
      'lib/charms/layer/my_db.js': `import { setFlag } from 'charms.reactive'
export const helper = (text) => { setFlag('helped'); return text + '!' }`,
      'lib/charms/layer/other.mjs': `export { helper as again } from 'charms.layer/my-db'`,
      'lib/charms/layer/both.cjs': `exports.both = 'cjs'`,
      'lib/charms/layer/both.mjs': `export const both = 'mjs'`,
      'lib/charms/layer/folder/index.js': `export default 'folder'`,
      'lib/charms/layer/folder/part_one.js': `export const part = 'part'`,
      'reactive/a.mjs': `import fs from 'node:fs'
import { hook } from 'charms.reactive'
import { helper } from 'charms.layer/my-db'
import { again } from 'charms.layer/other'
import { both } from 'charms.layer/both'
import folder from 'charms.layer/folder'
import { part } from 'charms.layer/folder/part-one'
hook('install', function f() { fs.writeFileSync('seen', [helper('a'), again === helper, both, folder, part, ''].join('\\n')) })`,
      'reactive/b.cjs': `const { hook } = require('charms.reactive')
const { both } = require('charms.layer/both')
const { again } = require('charms.layer/other')
hook('install', function f() { require('fs').appendFileSync('seen', both + again('z') + '\\n') })`,
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual(['a!', 'true', 'mjs', 'folder', 'part', 'mjsz!'])
  })

  it('says in one line which module of a layer is missing', async () => {
    for (const [name, text] of [
      ['a.mjs', `import 'charms.layer/no-such'`],
      ['a.cjs', `require('charms.layer/no-such')`],
    ] as const) {
      const unit = await startUnit({ [`reactive/${name}`]: text })
      const result = await unit.run({ name: 'install' })
      expect(result.exitStatus).toBe(3)
      expect(result.stderr).toBe('')
      expect(errors(result)).toEqual([
        expect.stringMatching(
          /^the file cannot be imported: reactive\/a\.[cm]js:\d+: no layer has such a module: charms\.layer\/no-such$/,
        ),
      ])
    }
  })

  it('is there for bash, once per process, also with handlers of its own', async () => {
    const unit = await startUnit({
      'lib/charms/layer/my_db.sh': `echo sourced with $# words >>seen
my_db_helper() { echo "helps $1" >>seen; }
declare -gA my_db_map=([a]=b)
@hook install
my_db_handler() { echo own >>seen; }
`,
      'reactive/a.sh': bash(`set -euo pipefail
layer_lib my-db
layer_lib my_db
@hook install
f() { layer_lib my-db; my_db_helper "\${my_db_map[a]}"; [[ $- == *e*u* ]]; }`),
      'reactive/b.sh': bash(`
@hook install
f() { layer_lib my-db; my_db_helper b; layer_lib no-such 2>>seen; echo "$?" >>seen; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(ran(result)).toEqual([
      'lib/charms/layer/my_db.sh:my_db_handler',
      'reactive/a.sh:f',
      'reactive/b.sh:f',
    ])
    expect(lines(unit, 'seen')).toEqual([
      'sourced with 0 words',
      'sourced with 0 words',
      'own',
      'helps b',
      'sourced with 0 words',
      'helps b',
      'charms.reactive: layer_lib: no layer has such a file: lib/charms/layer/no_such.sh',
      '3',
    ])
  })

  it('is there for Python', async () => {
    const unit = await startUnit({
      'lib/charms/layer/my_db.py': 'def helper():\n    return "helps"\n',
      'reactive/a': `#!/usr/bin/env python3
import sys
from charms.layer.my_db import helper
if sys.argv[1] == '--invoke': open('seen', 'a').write(helper() + '\\n')
`,
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0 })
    expect(lines(unit, 'seen')[0]).toBe('helps')
  })
})
