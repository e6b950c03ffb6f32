import { expect, it } from 'vitest'
import { readCharm } from '../../../src/building/build.ts'
import { originsOf, originsText, why, whyText } from '../../../src/building/layers/why.ts'
import { makeLayers } from '../layers-on-disk.ts'

it('the layers of each file are told, and what each says about a key or an option', () => {
  const dir = makeLayers({
    top: {
      'metadata.yaml': 'name: app\n',
      'layer.yaml': 'includes: [../a]\noptions: {a: {size: 3}, basic: {packages: [git]}}\noverwrites: [x]\n',
      'config.yaml': 'options: {port: {default: 81}}\n',
      x: 'top',
    },
    a: {
      'layer.yaml': "includes: ['layer:basic']\ndefines: {size: {type: integer, default: 1}}\n",
      'config.yaml': 'options: {port: {type: int, default: 80}, a.b: {type: string}}\n',
      x: 'a',
    },
  })
  const surroundings = { cwd: dir, env: { PATH: process.env.PATH } }
  const { composition } = readCharm('top', surroundings, { output: 'charm' }, () => {})
  const origins = originsOf(composition)
  expect(origins.files).toMatchObject({ x: ['../a', 'app'], 'metadata.yaml': ['app'] })
  expect(origins.layers.map(({ from }) => from.replace(dir, ''))).toEqual([
    'the toolkit',
    'the toolkit',
    '/a',
    '/top',
  ])
  expect(originsText(origins)).toMatch(/^x +\.\.\/a, app$/m)
  const text = (...words: string[]) => whyText(why(composition, words))
  expect(text('x')).toBe('../a: x\napp: x\n')
  expect(text('config.port.default')).toBe('../a: 80\napp: 81\n')
  expect(text('config.a.b')).toBe('../a: { type: string }\n')
  expect(text('option', 'a.size')).toBe('../a (default): 1\napp: 3\n')
  expect(text('option', 'basic.packages')).toMatch(/^layer:basic \(default\): \[\s*\]\napp: \[ ?git ?\]\n$/)
  expect(() => text('confg.yaml')).toThrow(
    'the charm has no such file: confg.yaml: did you mean config.yaml?',
  )
  expect(() => text('config.nothing')).toThrow('no layer has it: config.nothing')
  expect(() => text('a', 'b')).toThrow('why takes FILE, config.KEY, or option LAYER.NAME: a b')
})
