import { describe, expect, it } from 'vitest'
import { type Node, parseDocument, type YAMLMap } from 'yaml'
import { deletePath, mergeMaps } from '../../../src/building/composing/merge-maps.ts'
import type { YamlNode } from '../../../src/building/composing/yaml-nodes.ts'
import { ReactiveError } from '../../../src/errors.ts'

const read = (text: string) => {
  const document = parseDocument(text)
  return { document, map: document.contents as unknown as YAMLMap<Node, YamlNode> }
}

function merged(upper: string, lower: string, upperFirst: string[] = []): string {
  const { document, map } = read(upper)
  const fail = (keys: readonly string[], what: string) => new ReactiveError(`${keys.join('.')}: ${what}`)
  mergeMaps(map, read(lower).map, { fail, upperFirst })
  return document.toString()
}

describe('the map of an upper layer', () => {
  it.each([
    ['keeps its value', 'a: 1\n', 'a: 2\n', 'a: 1\n'],
    ['gets keys that it lacks behind its own', 'b: 1 # why\n', 'a: 2\nb: 3\n', 'b: 1 # why\na: 2\n'],
    ['is merged with the lower one key by key', 'm: {x: 1}\n', 'm: {x: 2, y: 3}\n', 'm: { x: 1, y: 3 }\n'],
    ['has the lower list first, and each item once', 'l: [c, a]\n', 'l: [a, b]\n', 'l: [ a, b, c ]\n'],
    ['takes a list or map for an empty section', 'l:\n', 'l: [a]\n', 'l: [ a ]\n'],
    ['is not emptied by a lower one', 'l: [a]\n', 'l:\n', 'l: [ a ]\n'],
    ['keeps no value where the lower one has a text', 'a:\n', 'a: x\n', 'a:\n'],
    [
      'takes a comment along with the item that it is about',
      'm:\n  # of x\n  x: 1\n',
      'm:\n  y: 2\n',
      'm:\n  # of x\n  x: 1\n  y: 2\n',
    ],
  ])('%s', (_, upper, lower, expected) => {
    expect(merged(upper, lower)).toBe(expected)
  })

  it('has its own items first in the lists that are named', () => {
    expect(merged('l: [c, a]\nm: {l: [c, a]}\n', 'l: [a, b]\nm: {l: [a, b]}\n', ['l'])).toBe(
      'l: [ c, a, b ]\nm: { l: [ a, b, c ] }\n',
    )
  })

  it('cannot be merged with a list', () => {
    expect(() => merged('a: {b: {c: 1}}\n', 'a: {b: [1]}\n')).toThrow(
      'a.b: a map cannot be merged with the list of a lower layer: a.b',
    )
  })
})

it.each([
  ['a', true, 'b.c: 2\nd: { e.f: { g: 3 } }\n'],
  ['b.c', true, 'a: 1\nd: { e.f: { g: 3 } }\n'],
  ['d.e.f.g', true, 'a: 1\nb.c: 2\nd: { e.f: {} }\n'],
  ['d.e.g', false, 'a: 1\nb.c: 2\nd: { e.f: { g: 3 } }\n'],
  ['a.x', false, 'a: 1\nb.c: 2\nd: { e.f: { g: 3 } }\n'],
])('deletes the path %s, whose keys may have dots', (path, wasThere, left) => {
  const { document, map } = read('a: 1\nb.c: 2\nd: { e.f: { g: 3 } }\n')
  expect(deletePath(map, path)).toBe(wasThere)
  expect(document.toString()).toBe(left)
})
