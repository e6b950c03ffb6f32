import { expect, it } from 'vitest'
import { mergeWheelhouses, requiredName } from '../../../src/building/composing/wheelhouse-text.ts'
import type { Layer } from '../../../src/building/layers/layer.ts'

it.each([
  ['PyYAML<6', 'pyyaml'],
  ['  zope.interface ~= 5', 'zope-interface'],
  ['setuptools_scm[toml]>=1 # why', 'setuptools-scm'],
  ['charms.reactive', 'charms-reactive'],
  ['git+https://x/y.git#egg=Own_Package', 'own-package'],
  ['tool @ https://x/y.tar.gz', 'tool'],
  ['# flask', undefined],
  ['', undefined],
  ['--no-binary :all:', undefined],
  ['./wheels/x.whl', undefined],
])('the line %j requires %s', (line, name) => {
  expect(requiredName(line)).toBe(name)
})

it('what an upper layer requires otherwise, the toolkit brings or a bootstrap needs is a comment', () => {
  const part = (name: string, text: string) => ({ layer: { name, url: `layer:${name}` } as Layer, text })
  expect(
    mergeWheelhouses([
      part('basic', 'pip>=18,<19\nPyYAML==5\ncharms.reactive>=1\n# kept\n\n'),
      part('app', 'pyyaml>5\npip\n'),
    ]).split('\n'),
  ).toEqual([
    '# layer:basic',
    '# pip>=18,<19  # an upper layer requires it otherwise',
    '# PyYAML==5  # an upper layer requires it otherwise',
    "# charms.reactive>=1  # the toolkit's own",
    '# kept',
    '',
    '# layer:app',
    'pyyaml>5',
    'pip',
    '',
  ])
  expect(mergeWheelhouses([part('basic', 'wheel')])).toContain('# wheel  # for a bootstrap in Python')
})
