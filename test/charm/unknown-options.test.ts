import { describe, expect, it } from 'vitest'
import { unknownOptions } from '../../src/charm/layer-options/unknown.ts'
import { makeCharm } from '../test-unit.ts'

const found = (layer: string) => unknownOptions(makeCharm({ 'layer.yaml': layer }))

describe('an option in layer.yaml that nobody defines', () => {
  it.each([
    ['reactive: {strct: true}', 'reactive: strct: did you mean strict?'],
    ['reactive: {on-loop: warn, strict: true}', 'reactive: on-loop: did you mean on_loop?'],
    ['basic: {package: [git]}', 'basic: package: did you mean packages?'],
    ['basic: {python: [git]}', 'basic: python'],
  ])('of %s is named', (options, what) => {
    expect(found(`options:\n  ${options}\n`)).toEqual([`layer.yaml: no such option of layer ${what}`])
  })

  it('of the toolkit with a value that it does not take is named', () => {
    const options = 'trace: debug, kept_traces: 1.5, on_loop: warn, strict: 1'
    expect(found(`options: {reactive: {${options}}}\n`)).toEqual([
      'layer.yaml: layer option reactive trace takes log: "debug"',
      'layer.yaml: layer option reactive kept_traces takes a number from 0 to 1000: 1.5',
      'layer.yaml: layer option reactive strict takes true or false: 1',
    ])
  })

  it("is named for the charm's own layer and others that have definitions, and for no other", () => {
    const layer = `options:
  app: {prot: 1, host: x}
  nginx: {site: a, sites: b}
  built: {anything: 1}
defines:
  port: {type: integer}
  host: {type: string}
  nginx: {site: {type: string}}
`
    expect(found(layer)).toEqual([
      'layer.yaml: no such option of layer app: prot: did you mean port?',
      'layer.yaml: no such option of layer nginx: sites: did you mean site?',
    ])
  })

  it('is nothing where layer.yaml is missing, right or broken: others say what is wrong with it', () => {
    expect(unknownOptions(makeCharm())).toEqual([])
    expect(found('options: {reactive: {strict: true}, basic: {packages: [git]}}')).toEqual([])
    expect(found('options: [')).toEqual([])
    expect(found('options: {app: {a: 1}}\ndefines: {a: 1}')).toEqual([])
    expect(found('options: {reactive: x}')).toEqual([])
  })
})
