import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { type Entry, textEntry } from '../../src/building/entries.ts'
import { unpackWheels } from '../../src/building/wheels.ts'

function wheel(path: string, files: Record<string, string>): Entry {
  const zipped = zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
  )
  return { path, kind: 'file', isExecutable: false, content: Buffer.from(zipped), size: zipped.length }
}

const textOf = (entries: readonly Entry[], path: string) => {
  const entry = entries.find((one) => one.path === path)
  return entry?.kind === 'file' && Buffer.isBuffer(entry.content) ? entry.content.toString() : undefined
}

it('pure wheels are unpacked, the charm’s own files stay, and what cannot be carried is named', () => {
  const metadata =
    'Name: Foo_Bar\nRequires-Dist: PyYAML>=5\nRequires-Dist: six\nRequires-Dist: x; extra == "y"\n\nText'
  const { entries, installed, expected } = unpackWheels([
    textEntry('lib/own.py', 'own'),
    textEntry('wheelhouse.txt', '# layer:a\nfoo.bar>=1\ncryptography\ncharms.reactive\nlocal\n'),
    textEntry('wheelhouse/local-1.0.tar.gz', ''),
    wheel('wheelhouse/Foo_Bar-1.0-py2.py3-none-any.whl', {
      'foo/__init__.py': 'foo',
      'own.py': 'foo',
      'Foo_Bar-1.0.dist-info/METADATA': metadata,
      'Foo_Bar-1.0.data/scripts/tool': '',
      'Foo_Bar-1.0.data/purelib/more.py': 'more',
    }),
    wheel('wheelhouse/six-1.17-py3-none-any.whl', { 'six.py': '' }),
    wheel('wheelhouse/charms.reactive-1.5.3-py3-none-any.whl', { 'charms/reactive/__init__.py': '' }),
    wheel('wheelhouse/cryptography-1.0-cp310-cp310-linux_x86_64.whl', {}),
  ])
  expect(entries.map(({ path }) => path).sort()).toEqual([
    'lib/Foo_Bar-1.0.dist-info/METADATA',
    'lib/foo/__init__.py',
    'lib/more.py',
    'lib/own.py',
    'lib/six.py',
    'wheelhouse.txt',
    'wheelhouse/cryptography-1.0-cp310-cp310-linux_x86_64.whl',
    'wheelhouse/local-1.0.tar.gz',
  ])
  expect(textOf(entries, 'lib/own.py')).toBe('own')
  expect(textOf(entries, 'wheelhouse.txt')).toBe(
    '# layer:a\n# foo.bar>=1  # the charm carries it\ncryptography\n# charms.reactive  # the charm carries it\nlocal\n',
  )
  expect({ installed, expected }).toEqual({ installed: [], expected: ['pyyaml'] })
})

it('what only wheelhouse.txt names is left to pip, and named', () => {
  expect(unpackWheels([textEntry('wheelhouse.txt', 'charmhelpers>=1\n')])).toMatchObject({
    installed: ['charmhelpers'],
    expected: [],
  })
})

it.each([
  [
    'no archive',
    textEntry('wheelhouse/a-1-py3-none-any.whl', 'x'),
    'not a wheel: wheelhouse/a-1-py3-none-any.whl',
  ],
  [
    'files outside of it',
    wheel('wheelhouse/a-1-py3-none-any.whl', { '../x': '' }),
    'a file of a wheel leads out of it: ../x: wheelhouse/a-1-py3-none-any.whl',
  ],
])('a wheel with %s is refused', (_, entry, message) => {
  expect(() => unpackWheels([entry])).toThrow(message)
})
