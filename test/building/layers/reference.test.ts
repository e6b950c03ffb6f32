import { expect, it } from 'vitest'
import { parseReference } from '../../../src/building/layers/reference.ts'

it.each([
  ['layer:basic', { kind: 'layer', name: 'basic' }],
  ['interface:http', { kind: 'interface', name: 'http' }],
  ['layer:basic@v1.2', { kind: 'layer', name: 'basic', revision: 'v1.2' }],
  ['layers/mysql', { name: 'mysql', path: 'layers/mysql' }],
  ['../layer-apache', { name: 'apache', path: '../layer-apache' }],
  ['https://example.com/x/layer-web.git', { name: 'web', repository: 'https://example.com/x/layer-web.git' }],
  [
    'interface:ssh://git@example.com/x/interface-web@main',
    { kind: 'interface', name: 'web', repository: 'ssh://git@example.com/x/interface-web', revision: 'main' },
  ],
  [
    'git@example.com:x/juju-relation-db.git',
    { name: 'db', repository: 'git@example.com:x/juju-relation-db.git' },
  ],
  ['file:///srv/layer-a@0123abc', { name: 'a', repository: 'file:///srv/layer-a', revision: '0123abc' }],
])('%s is understood', (text, expected) => {
  expect(parseReference(text)).toMatchObject({ text, ...expected })
})

it.each([
  ['', 'it names nothing: '],
  ['layer:', 'it names nothing: layer:'],
  ['layer:-x', 'it would be an option of git: layer:-x'],
  ['--upload-pack=x', 'it would be an option of git: --upload-pack=x'],
  ['ext::sh -c id', 'git would run a command for it: ext::sh -c id'],
  ['layer:foo::https://x/y', 'git would run a command for it'],
  ['layer:a\nb', 'a name has no control characters'],
  ['lp:~me/layer', 'layers come from directories and from git: lp:~me/layer'],
  ['bzr+ssh://host/x', 'layers come from directories and from git'],
  ['hg://host/x', 'layers come from directories and from git'],
  ['cs:mysql', 'layers come from directories and from git'],
  ['ftp://host/x', 'git knows no such kind of address'],
  ['https://-oProxyCommand=x/y', 'git knows no such kind of address'],
  ['layer:a/b', 'a name has letters, digits, dots, dashes and underscores'],
  ['layer:a b', 'a name has letters, digits, dots, dashes and underscores'],
  ['layer:..', 'its last part is not a name: layer:..'],
  ['../..', 'its last part is not a name: ../..'],
  ['layer:a@-x', 'not a revision of git'],
  ['layer:a@x..y', 'not a revision of git'],
  ['layer:a@', 'not a revision of git'],
])('%s is refused', (text, message) => {
  expect(() => parseReference(text)).toThrow(`this cannot name a layer: ${message}`)
})
