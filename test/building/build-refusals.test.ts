// What nobody can build: one line with the place, and status 3 (2 for what the caller has written wrong). The words of
// `includes` are in layers/reference.test.ts.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ReactiveError } from '../../src/errors.ts'
import { build, type Layers, makeLayers } from './layers-on-disk.ts'

const NAME = 'name: app\n'

/** A top layer, with one below it. */
const two = (top: Record<string, string>, a: Record<string, string> = {}): Layers => ({
  top: { 'metadata.yaml': NAME, 'layer.yaml': 'includes: [layer:a]\n', ...top },
  a,
})

/** A top layer alone. */
const one = (top: Record<string, string>): Layers => ({ top: { 'metadata.yaml': NAME, ...top } })

function refusal(layers: Layers, change: (dir: string) => void = () => {}): string {
  const dir = makeLayers(layers)
  change(dir)
  try {
    build(dir)
  } catch (error) {
    if (!(error instanceof ReactiveError)) throw error
    expect(error.message).not.toContain('\n')
    expect(error.exitStatus).toBe(3)
    expect(fs.existsSync(path.join(dir, 'charm'))).toBe(false)
    return error.message.replaceAll(`${dir}/`, '')
  }
  return 'nothing was refused'
}

const BOMB = Array.from({ length: 9 }, (_, index) => {
  const items = index === 0 ? 'x' : Array.from({ length: 9 }, () => `*a${index - 1}`).join(', ')
  return `a${index}: &a${index} [${items}]\n`
}).join('')

describe('layers', () => {
  const layer = (text: string) => ({ 'layer.yaml': text })
  it.each<[string, Layers, string]>([
    [
      'that are not there',
      one(layer('includes: [layer:none]\n')),
      'top/layer.yaml:1:12: the layer is not on this machine: layer:none: fetch it with: charms.reactive layers fetch',
    ],
    [
      'with a slip in the name',
      one(layer('includes: [layer:baisc]\n')),
      'top/layer.yaml:1:12: the layer is not on this machine: layer:baisc: did you mean basic?',
    ],
    [
      'below a path that is not there',
      one(layer('includes: [../none]\n')),
      'top/layer.yaml:1:12: there is no such directory: ../none',
    ],
    [
      'that include themselves',
      one(layer('includes: [../top]\n')),
      'top/layer.yaml:1:12: layers include each other: app -> ../top',
    ],
    [
      'that include each other',
      two({}, layer('includes:\n  - ../top\n')),
      'a/layer.yaml:2:5: layers include each other: app -> layer:a -> ../top',
    ],
    [
      'under two names',
      two({ ...layer('includes: [layer:a, ../a/../b]\n') }, {}),
      'top/layer.yaml:1:21: there is no such directory: ../a/../b',
    ],
    [
      'of one name in two places',
      { ...two(layer('includes: [layer:a, ../x/a]\n')), 'x/a': {} },
      'top/layer.yaml:1:21: two layers have the same name: a: a and x/a',
    ],
    [
      'that are files',
      { ...one({ ...layer('includes: [../file]\n') }), '.': { file: '' } },
      'top/layer.yaml:1:12: a layer is a directory: ../file: file',
    ],
    [
      'in no list',
      one(layer('includes: {a: b}\n')),
      'top/layer.yaml:1:11: includes must be a list: {"a":"b"}',
    ],
    [
      'that are numbers',
      one(layer('includes: [layer:basic, 7]\n')),
      'top/layer.yaml:1:25: includes must be a list of texts: 7',
    ],
    [
      'with a name that is none',
      two(layer('name: a/b\n')),
      'top/layer.yaml:1:7: not the name of a layer: "a/b"',
    ],
    [
      'by a path as a name',
      one(layer("includes: ['layer:../a']\n")),
      'top/layer.yaml:1:12: there is no such directory: layer:../a',
    ],
    [
      'that git would run',
      one(layer("includes: ['ext::sh -c id']\n")),
      'top/layer.yaml:1:12: this cannot name a layer: git would run a command for it: ext::sh -c id',
    ],
    ['with a list of layer.yaml', one(layer('- a\n')), 'top/layer.yaml:1:1: the file must be a map: ["a"]'],
    [
      'with tabs',
      one(layer('includes:\n\t- layer:a\n')),
      'top/layer.yaml:2:1: Tabs are not allowed as indentation',
    ],
    [
      'with a pattern that is a map',
      one(layer('ignore: [{a: b}]\n')),
      'top/layer.yaml:1:10: ignore must be a list of texts: {"a":"b"}',
    ],
    [
      'with overwrites that are a number',
      one(layer('overwrites: 3\n')),
      'top/layer.yaml:1:13: overwrites must be a list: 3',
    ],
    [
      'with deletes that are a map',
      one(layer('config: {deletes: {a: b}}\n')),
      'top/layer.yaml:1:19: config.deletes must be a list: {"a":"b"}',
    ],
    [
      'with deletes that are numbers',
      one(layer('config: {deletes: [1]}\n')),
      'top/layer.yaml:1:20: config.deletes must be a list of keys: 1',
    ],
  ])('%s', (_, layers, expected) => {
    expect(refusal(layers)).toContain(expected)
  })

  it('one under two names', () => {
    const layers = two({ 'layer.yaml': 'includes: [layer:a, ../b]\n' })
    expect(refusal(layers, (dir) => fs.symlinkSync('a', path.join(dir, 'b')))).toBe(
      'top/layer.yaml:1:21: one layer has two names: layer:a and ../b: a',
    )
  })
})

describe('merged files', () => {
  it.each<[string, Layers, string]>([
    ['no metadata at all', { top: { 'layer.yaml': '' } }, 'no layer has a metadata.yaml: top'],
    [
      'metadata without a name',
      { top: { 'metadata.yaml': 'summary: x\n' } },
      'top/metadata.yaml:1:1: is missing: name',
    ],
    ['metadata that are a list', { top: { 'metadata.yaml': '- a\n' } }, 'the file must be a map: ["a"]'],
    [
      'a list and a map',
      two({ 'metadata.yaml': 'name: app\ntags: [x]\n' }, { 'metadata.yaml': 'tags: {x: y}\n' }),
      'top/metadata.yaml:2:7: a list cannot be merged with the map of a lower layer: tags',
    ],
    [
      'a map and a list',
      two(
        { 'config.yaml': 'options:\n  a: {enum: {x: y}}\n' },
        { 'config.yaml': 'options: {a: {enum: [x]}}\n' },
      ),
      'top/config.yaml:2:13: a map cannot be merged with the list of a lower layer: options.a.enum',
    ],
    [
      'a key twice',
      two(
        { 'config.yaml': 'options:\n  a: {type: int}\n  a: {type: string}\n' },
        { 'config.yaml': 'options: {}\n' },
      ),
      'top/config.yaml:3:6: the key is given twice: options.a',
    ],
    [
      'a bomb',
      two({ 'config.yaml': BOMB }, { 'config.yaml': 'x: 1\n' }),
      'too many values once its aliases are expanded: 1000000',
    ],
    [
      'an alias without an anchor',
      two({ 'config.yaml': 'a: *b\n' }, { 'config.yaml': 'x: 1\n' }),
      'top/config.yaml:1:4: an alias without an anchor: *b',
    ],
    [
      'an alias to what contains it',
      two({ 'config.yaml': 'a: &a {b: *a}\n' }, { 'config.yaml': 'x: 1\n' }),
      'an alias to a value that contains it: *a',
    ],
    [
      'a tag of Python',
      two({ 'config.yaml': 'a: !!python/name:os.system x\n' }, { 'config.yaml': 'x: 1\n' }),
      'a tag that cannot be used here: !!python/name:os.system',
    ],
    [
      'two documents',
      two({ 'config.yaml': 'a: 1\n---\nb: 2\n' }, { 'config.yaml': 'x: 1\n' }),
      'expected a single document',
    ],
    [
      'an open quote',
      two({ 'config.yaml': 'a: "b\n' }, { 'config.yaml': 'x: 1\n' }),
      'top/config.yaml:1:4: a quote is not closed',
    ],
    [
      'a control character',
      two({ 'config.yaml': 'a: \u0007\n' }, { 'config.yaml': 'x: 1\n' }),
      'top/config.yaml:1:4: YAML does not allow the character: U+0007',
    ],
    [
      'a single value',
      two({ 'actions.yaml': 'go\n' }, { 'actions.yaml': 'x: {}\n' }),
      'top/actions.yaml:1:1: the file must be a map: "go"',
    ],
    [
      'deep nesting',
      two({ 'config.yaml': `a: ${'['.repeat(600)}${']'.repeat(600)}\n` }, { 'config.yaml': 'x: 1\n' }),
      'nested too deeply: more than 500 levels',
    ],
  ])('%s', (_, layers, expected) => {
    expect(refusal(layers)).toContain(expected)
  })

  it('bytes that are not UTF-8', () => {
    const layers = two({}, { 'config.yaml': 'x: 1\n' })
    const spoil = (dir: string) =>
      fs.writeFileSync(path.join(dir, 'top/config.yaml'), Buffer.from('a: \xff\n', 'latin1'))
    expect(refusal(layers, spoil)).toBe('top/config.yaml:1:4: not valid UTF-8: byte 0xff')
  })
})

describe('options', () => {
  const defines = {
    'layer.yaml':
      'defines:\n  size: {type: integer, maximum: 9}\n  kind: {enum: [x, y], default: x}\n  list: {type: array, items: {type: string}}\n',
  }
  const set = (text: string) => two({ 'layer.yaml': `includes: [layer:a]\noptions:\n${text}` }, defines)
  it.each<[string, Layers, string]>([
    [
      'of another type',
      set('  a:\n    size: big\n'),
      'top/layer.yaml:4:11: options.a.size must be integer: "big"',
    ],
    ['beyond a limit', set('  a: {size: 10}\n'), 'top/layer.yaml:3:13: options.a.size must be <= 9: 10'],
    [
      'of no enumerated value',
      set('  a: {kind: z}\n'),
      'top/layer.yaml:3:13: options.a.kind must be one of ["x","y"]: "z"',
    ],
    [
      'with a wrong item',
      set('  a: {list: [x, 3]}\n'),
      'top/layer.yaml:3:17: options.a.list.1 must be string: 3',
    ],
    [
      'with a slip',
      set('  a: {sise: 3}\n'),
      'top/layer.yaml:3:13: no such option of layer a: sise: did you mean size?',
    ],
    ['of a layer that is not there', set('  aa: {size: 3}\n'), 'no such layer in this charm: aa'],
    ['of a layer, as a list', set('  a: [size]\n'), 'top/layer.yaml:3:6: options.a must be a map: ["size"]'],
    [
      'of basic, of another type',
      set('  basic: {packages: git}\n'),
      'options.basic.packages must be array: "git"',
    ],
    [
      'of basic, misspelled',
      set('  basic: {package: [git]}\n'),
      'no such option of layer basic: package: did you mean packages?',
    ],
    [
      'of the toolkit, misspelled',
      set('  reactive: {stric: true}\n'),
      'no such option of layer reactive: stric: did you mean strict?',
    ],
    ['one level too high', set('  packages: [unzip]\n'), 'no such layer in this charm: packages'],
    ['that are a list', set('  - a\n'), 'top/layer.yaml:3:3: options must be a map: ["a"]'],
    [
      'whose default is wrong',
      two({}, { 'layer.yaml': 'defines: {n: {type: integer, default: x}}\n' }),
      'a/layer.yaml:1:14: options.a.n must be integer: "x"',
    ],
    [
      'with definitions that are a list',
      two({}, { 'layer.yaml': 'defines: [n]\n' }),
      'a/layer.yaml:1:10: defines must be a map: ["n"]',
    ],
  ])('%s', (_, layers, expected) => {
    expect(refusal(layers)).toContain(expected)
  })
})

describe('files', () => {
  const inA = (change: (a: string) => void) => (dir: string) => change(path.join(dir, 'a'))
  it.each<[string, Layers, (dir: string) => void, string]>([
    [
      'a link that leads out',
      two({}),
      inA((a) => fs.symlinkSync('../top/x', path.join(a, 'x'))),
      'layer:a: a link leads out of the charm: x -> ../top/x',
    ],
    [
      'an absolute link',
      two({}),
      inA((a) => fs.symlinkSync('/etc/passwd', path.join(a, 'x'))),
      'layer:a: a link leads out of the charm: x -> /etc/passwd',
    ],
    [
      'a name that is not UTF-8',
      two({}),
      inA((a) => fs.writeFileSync(Buffer.from(`${a}/\xff`, 'latin1'), '')),
      'layer:a: the name of a file is not UTF-8',
    ],
    [
      'a file where another layer has a directory',
      two({ 'x/y': '' }, { x: '' }),
      () => {},
      'a file of layer:a has the name of a directory of app: x',
    ],
    [
      'a file over another one',
      two({ x: '1' }, { x: '2' }),
      () => {},
      'give --allow-overwrites: x (app over layer:a)',
    ],
    [
      'a program over the same text',
      two({ x: '#!' }, { x: '#!' }),
      inA((a) => fs.chmodSync(path.join(a, 'x'), 0o644)),
      'x (app over layer:a)',
    ],
    [
      'an interface without the role',
      {
        ...one({
          'metadata.yaml': 'name: app\nprovides: {w: web}\n',
          'layer.yaml': 'includes: [interface:web]\n',
        }),
        'interface-web': { 'requires.sh': '' },
      },
      () => {},
      'interface:web has no provides for the endpoint w',
    ],
    [
      'a lock that is no JSON',
      one({ 'build.lock': '{' }),
      () => {},
      'the lock file cannot be read: top/build.lock',
    ],
    [
      'a lock without locks',
      one({ 'build.lock': '{}' }),
      () => {},
      'the lock file has no list of locks: top/build.lock',
    ],
    [
      'a lock with an option for a commit',
      one({ 'build.lock': '{"locks": [{"type": "layer", "item": "x", "commit": "--x"}]}' }),
      () => {},
      'the lock file has something that is not a commit: --x',
    ],
    [
      'a lock that names a command',
      two({
        'layer.yaml': 'includes: [layer:z]\n',
        'build.lock': '{"locks": [{"type": "layer", "item": "layer:z", "url": "ext::sh", "commit": "x"}]}',
      }),
      () => {},
      'not the address of a git repository: ext::sh',
    ],
  ])('%s', (_, layers, change, expected) => {
    expect(refusal(layers, change)).toContain(expected)
  })

  it('a named pipe', () => {
    const pipe = inA((a) => execFileSync('mkfifo', [`${a}/x`]))
    expect(refusal(two({}), pipe)).toBe('layer:a: Juju does not accept this kind of file: x: named pipe')
  })
})

describe('targets', () => {
  it.each([
    [
      'that is not empty and no build',
      { 'charm/mine': 'x' },
      {},
      'the target is neither empty nor a built charm: charm',
    ],
    ['that is a file', { charm: 'x' }, {}, 'the target is not a directory: charm'],
    ['that is the layer', {}, { output: 'top' }, 'a build would replace the layer itself: top'],
    [
      'where the system makes no directory',
      {},
      { output: '/proc/x/y' },
      "ENOENT: no such file or directory, mkdir '/proc/x'",
    ],
    ['that has the layer in it', {}, { output: '.' }, 'a build would replace the layer itself'],
  ])('%s', (_, files, options, expected) => {
    const dir = makeLayers({ ...one({}), '.': files })
    let message = ''
    try {
      build(dir, options)
    } catch (error) {
      message = String(error).replaceAll(`${dir}/`, '')
    }
    expect(message).toContain(expected)
  })
})
