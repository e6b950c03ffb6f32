// Charm files that are no charm files.

import { directory, endless, fifo, HANDLER, link, loop, RAN, unreadable } from './given.ts'
import type { Row } from './row.ts'

/** A list of ten, of which each next one holds ten of the one before. */
const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefgh'].map((name, index) => {
    const alias = `*${'abcdefgh'[index]}`
    return `${name}: &${name} [${Array(10).fill(alias).join(', ')}]`
  }),
  '',
].join('\n')

const HUGE = `name: app\noptions:\n${Array.from({ length: 10_000 }, (_, index) => `  o${index}: {type: string}\n`).join('')}`

/** What the file holds, and what is said of it behind its path. */
const TEXTS: [what: string, text: string | Buffer, fault: string][] = [
  ['a list', '- a\n- b\n', ':1:1: the file must be a map: ["a","b"]'],
  ['a text', 'just text\n', ':1:1: the file must be a map: "just text"'],
  ['a number', '7\n', ':1:1: the file must be a map: 7'],
  [
    'broken syntax',
    'a: [1\nb: }\n',
    ':2:1: Flow sequence in block collection must be sufficiently indented and end with a ]: b: }',
  ],
  ['an open quote', 'name: "app\n', ':1:7: a quote is not closed: name: "app'],
  ['tabs', 'name: app\n\toptions: x\n', ':2:1: Tabs are not allowed as indentation: options: x'],
  ['noise', Buffer.from([0, 1, 2, 0xff]), ':1:4: not valid UTF-8: byte 0xff'],
  ['NUL', 'name: a\0b\n', ':1:8: YAML does not allow the character: U+0000'],
  ['UTF-16', Buffer.from('\ufeffname: app\n', 'utf16le'), ':1:1: not valid UTF-8: byte 0xff'],
  ['two documents', 'name: app\n---\nname: b\n', ':2:1: expected a single document, but found another: ---'],
  [
    '600 levels',
    `a: ${'['.repeat(600)}${']'.repeat(600)}\n`,
    ':1:504: nested too deeply: more than 500 levels',
  ],
  ['a bomb of aliases', BOMB, ':6:36: too many values once its aliases are expanded: 1000000'],
  ['an alias to itself', 'a: &a [*a]\n', ':1:8: an alias to a value that contains it: *a'],
  ['an alias of nothing', 'a: *b\n', ':1:4: an alias without an anchor: *b'],
]

const FILES = ['metadata.yaml', 'config.yaml', 'layer.yaml']

const texts: Row[] = FILES.flatMap((name) =>
  TEXTS.map(([what, text, fault]) => ({
    given: `a ${name} with ${what}`,
    files: { ...HANDLER, [name]: text },
    says: `main: DIR/${name}${fault}`,
    flags: [],
  })),
)

/** Only who looks at a charm's actions reads them: the engine runs whatever handlers there are. */
const actions: Row[] = TEXTS.map(([what, text, fault]) => ({
  given: `an actions.yaml with ${what}`,
  files: { 'actions.yaml': text },
  words: ['simulate', '.', 'action:backup'],
  says: `simulate: DIR/actions.yaml${fault}`,
}))

const READ = (name: string, reason: string) => `main: a charm file cannot be read: DIR/${name}: ${reason}`

const noFiles: Row[] = FILES.flatMap((name) => [
  {
    given: `a directory as ${name}`,
    prepare: directory(name),
    says: READ(name, 'EISDIR: illegal operation on a directory'),
  },
  { given: `a FIFO as ${name}`, prepare: fifo(name), says: READ(name, 'it is not a regular file') },
  { given: `an endless ${name}`, prepare: endless(name), says: READ(name, 'it is not a regular file') },
  { given: `an unreadable ${name}`, prepare: unreadable(name), says: READ(name, 'EIO: i/o error') },
  {
    given: `a ${name} that links to itself`,
    prepare: loop(name),
    says: READ(name, 'ELOOP: too many symbolic links encountered'),
  },
])

const MANIFEST = (reason: string) => `main: the build manifest cannot be read: DIR/.build.manifest: ${reason}`
const manifests: Row[] = [
  ['empty', { files: { '.build.manifest': '' } }, 'Unexpected end of JSON input'],
  ['no JSON', { files: { '.build.manifest': 'x\n' } }, `Unexpected token 'x', "x\\n" is not valid JSON`],
  [
    'a directory',
    { prepare: directory('.build.manifest') },
    'EISDIR: illegal operation on a directory, read',
  ],
  ['a FIFO', { prepare: fifo('.build.manifest') }, 'it is not a regular file'],
  ['endless', { prepare: endless('.build.manifest') }, 'it is not a regular file'],
].map(([what, more, reason]) => ({
  given: `a build manifest that is ${what}`,
  says: MANIFEST(String(reason)),
  ...(more as object),
}))

/** The definition of the option `o` in layer.yaml, and what asking for it says. */
const schema = (given: string, text: string, says?: string): Row => ({
  given: `a layer.yaml with ${given}`,
  files: { 'layer.yaml': text },
  words: ['layer_option', 'app', 'o'],
  ...(says === undefined ? { status: 0 } : { says: `layer_option: DIR/layer.yaml:${says}` }),
})

const schemas: Row[] = [
  schema(
    'an option of another type than it defines',
    'options: {app: {o: x}}\ndefines:\n  app:\n    o: {type: integer}\n',
    '1:20: layer option app o must be integer: "x"',
  ),
  schema(
    'a pattern that is none',
    'options: {app: {o: x}}\ndefines:\n  app:\n    o: {type: string, pattern: "("}\n',
    '4:8: the definition of layer option app o cannot be used: Invalid regular expression: /(/: Unterminated group',
  ),
  schema(
    'a reference to elsewhere',
    'options: {app: {o: x}}\ndefines:\n  app:\n    o: {$ref: "http://nowhere/x"}\n',
    "4:8: the definition of layer option app o cannot be used: can't resolve reference http://nowhere/x from id #",
  ),
  schema('options that are no map', 'options: {app: 3}\n', '1:16: options.app must be a map: 3'),
  schema('a type that there is not', 'defines:\n  app:\n    o: {type: nonsense}\n'),
]

export const YAML_ROWS: Row[] = [
  ...texts,
  ...actions,
  ...noFiles,
  ...manifests,
  ...schemas,
  {
    given: 'an empty metadata.yaml',
    files: { 'metadata.yaml': '' },
    says: 'main: DIR/metadata.yaml:1:1: the file must be a map: null',
  },
  {
    given: 'no metadata.yaml',
    files: { 'metadata.yaml': null },
    says: 'main: the charm has no metadata.yaml: DIR/metadata.yaml',
  },
  {
    given: 'a metadata.yaml that links to nothing',
    prepare: link('metadata.yaml', 'nowhere'),
    says: 'main: the charm has no metadata.yaml: DIR/metadata.yaml',
  },
  {
    given: 'empty config.yaml and layer.yaml',
    files: { ...HANDLER, 'config.yaml': '', 'layer.yaml': '' },
    status: 0,
    says: RAN,
    flags: ['ran'],
  },
  {
    given: 'neither config.yaml nor layer.yaml',
    files: { ...HANDLER, 'config.yaml': null, 'layer.yaml': null },
    status: 0,
    says: RAN,
    flags: ['ran'],
  },
  {
    given: 'a config.yaml of 10,000 options',
    files: { ...HANDLER, 'config.yaml': HUGE },
    status: 0,
    says: RAN,
  },
  {
    given: 'an endpoint called __proto__',
    files: { ...HANDLER, 'metadata.yaml': 'name: app\nprovides: {__proto__: http, constructor: http}\n' },
    status: 0,
    says: RAN,
  },
  {
    given: 'a layer called __proto__',
    files: { 'layer.yaml': 'options: {__proto__: {polluted: 1}}\n' },
    words: ['layer_option', 'other', 'polluted'],
    status: 2,
    says: 'layer_option: no such layer in layer.yaml: "other"',
  },
]
