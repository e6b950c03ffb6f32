import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readCharmTree } from '../../src/building/charm-tree.ts'
import { missingModules } from '../../src/building/missing-modules.ts'
import { packCharm } from '../../src/building/pack.ts'
import type { Bringing } from '../../src/building/python-modules.ts'
import { makeCharm, makeDir } from '../test-unit.ts'
import { fakeRuntime } from './fake-runtime.ts'

const NOTHING: Bringing = { packages: [], debianPackages: [] }

/** What is missing of a charm with these files: `!MODULE` where it certainly fails, and the place. */
function missing(files: Record<string, string>, bringing: Partial<Bringing> = {}): string[] {
  const charm = makeCharm(files)
  const found = missingModules(
    charm,
    readCharmTree(charm, () => false),
    { ...NOTHING, ...bringing },
  )
  return found.map(({ module, file, line, isCertain }) => `${isCertain ? '!' : ''}${module} ${file}:${line}`)
}

const APP = 'reactive/app.py'

it('a module is missing that neither Python, the toolkit nor the charm has', () => {
  const files = {
    [APP]: `from __future__ import annotations
import os.path, distutils
from charms.reactive import when
from charms.layer import basic, options, own, other
from charms import layer, apt
import charms.layer.own, charms.docker.image
import charmhelpers.core.hookenv, hooks.tools, tools, lib.single, single, native
import requests, requests.sessions
from relations.web import requires
`,
    'reactive/worker.py': 'import absent.part\n',
    'lib/charms/layer/own.py': '',
    'lib/charmhelpers/__init__.py': '',
    'lib/single.py': '',
    'lib/native.cpython-312-x86_64-linux-gnu.so': '',
    'hooks/tools/run.py': '',
    'hooks/relations/web/requires.py': 'import of_no_endpoint\n',
    'actions/act.py': 'import of_an_action\n',
  }
  expect(missing(files)).toEqual([
    '!charms.layer.other reactive/app.py:4',
    '!charms.apt reactive/app.py:5',
    '!charms.docker reactive/app.py:6',
    'requests reactive/app.py:8',
    '!of_no_endpoint hooks/relations/web/requires.py:1',
    '!absent reactive/worker.py:1',
  ])
})

it('an import is certain where the first hook always gets to it', () => {
  const found = missing({
    [APP]: `"""Text."""
import typing
if typing.TYPE_CHECKING:
    import for_types
try:
    import caught
except ImportError:
    import instead
try:
    import not_caught
except ValueError:
    pass
finally:
    import at_the_end
class A:
    import in_class
def f():
    import in_function
    from charms import of_a_function
for x in []:
    import in_loop
import behind_loop
`,
    'reactive/bare.py':
      'try:\n    import bare\nexcept:\n    bare = None\nelse:\n    import with_bare\nimport after\n',
    'reactive/path.py': 'import sys\nsys.path.append("elsewhere")\nimport elsewhere\n',
    'reactive/through.py': 'from charms.layer import tool\n',
    'lib/charms/layer/tool.py': 'import deep\nfrom . import sibling, setup\nimport behind_setup\n',
    'lib/charms/layer/sibling.py': 'import deeper\n',
    'lib/charms/layer/setup.py': 'import os\nos.system("true")\n',
    'lib/unused.py': 'import nobody_asks\n',
    'reactive/broken.py': 'import (\n',
  })
  expect(found).toEqual([
    '!not_caught reactive/app.py:10',
    '!at_the_end reactive/app.py:14',
    '!in_class reactive/app.py:16',
    'in_function reactive/app.py:18',
    'charms.of_a_function reactive/app.py:19',
    'in_loop reactive/app.py:21',
    'behind_loop reactive/app.py:22',
    'with_bare reactive/bare.py:6',
    'after reactive/bare.py:7',
    'elsewhere reactive/path.py:3',
    '!deep lib/charms/layer/tool.py:1',
    '!deeper lib/charms/layer/sibling.py:1',
    'behind_setup lib/charms/layer/tool.py:3',
  ])
})

it('what the unit installs may bring it, and what is said to be there is no word', () => {
  const files = { [APP]: 'import yaml\nimport foo_bar\nimport baz\n' }
  expect(missing(files)).toEqual([
    'yaml reactive/app.py:1',
    '!foo_bar reactive/app.py:2',
    '!baz reactive/app.py:3',
  ])
  expect(missing(files, { packages: ['charmhelpers'] })).toEqual([
    '!foo_bar reactive/app.py:2',
    '!baz reactive/app.py:3',
  ])
  expect(missing(files, { packages: ['Foo-Bar>=1', 'charmhelpers'] })).toEqual(['baz reactive/app.py:3'])
  expect(missing(files, { debianPackages: ['python3-yaml', 'python3-baz=1.0'] })).toEqual([
    'foo_bar reactive/app.py:2',
  ])
  expect(missing(files, { debianPackages: ['git'] })).toContain('!baz reactive/app.py:3')
  expect(missing({ ...files, 'exec.d/x/charm-pre-install': '' })).toContain('baz reactive/app.py:3')
  expect(missing({ [APP]: '# reactive: ignore missing-module\nimport baz\n' })).toEqual([])
})

it('pack refuses what certainly fails, in one line, and packs it all the same when that is wanted', () => {
  const charm = makeCharm({ [APP]: 'import os\nimport yaml, foo\nimport bar\n' })
  const dir = makeDir()
  fs.writeFileSync(path.join(dir, 'node'), fakeRuntime('24.9.9'), { mode: 0o755 })
  const options = { bases: [], node: 'node', output: 'x.charm' }
  expect(() => packCharm(charm, dir, options)).toThrow(
    /^units do not have the module .*: reactive\/app\.py:2:1: foo: add it to .* \[missing-module\] \(and 1 more\)$/,
  )
  expect(fs.existsSync(path.join(dir, 'x.charm'))).toBe(false)
  const [{ missing: left } = { missing: [] }] = packCharm(charm, dir, { ...options, allowMissing: true })
  expect(left.map(({ module }) => module)).toEqual(['yaml', 'foo', 'bar'])
})
