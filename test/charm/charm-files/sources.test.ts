import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { splitTexts } from '../../../src/charm/charm-files/sources.ts'
import { readActions, readConfigOptions, readMetadata } from '../../../src/charm/charm-files.ts'
import { makeDir, writeFiles } from '../../test-unit.ts'

describe('a charm with charmcraft.yaml alone', () => {
  it('is split into the files that Juju reads', () => {
    const dir = makeDir()
    writeFiles(dir, {
      'charmcraft.yaml': `
type: charm
name: app
title: The app
summary: "yes"
base: ubuntu@24.04
platforms: {amd64: null}
charm-user: non-root
assumes: [juju >= 3.6]
links:
  contact: A <a@example.com>
  documentation: https://example.com/docs
  issues: [https://example.com/issues]
parts: {charm: {plugin: charm}}
peers: {cluster: {interface: app}}
config:
  options:
    mode: {type: string, default: "on"}
actions:
  backup: {description: Back up}
`,
    })
    const texts = [...splitTexts(dir)].map(([name, text]) => [name, parse(text, { version: '1.1' })])
    expect(Object.fromEntries(texts)).toEqual({
      'metadata.yaml': {
        name: 'app',
        summary: 'yes',
        'display-name': 'The app',
        'charm-user': 'non-root',
        assumes: ['juju >= 3.6'],
        maintainers: ['A <a@example.com>'],
        docs: 'https://example.com/docs',
        issues: ['https://example.com/issues'],
        peers: { cluster: { interface: 'app' } },
      },
      'config.yaml': { options: { mode: { type: 'string', default: 'on' } } },
      'actions.yaml': { backup: { description: 'Back up' } },
    })
  })

  it('keeps the files that it has besides', () => {
    const dir = makeDir()
    writeFiles(dir, {
      'charmcraft.yaml': 'name: app\nconfig: {options: {}}\n',
      'config.yaml': 'options: {}\n',
    })
    expect([...splitTexts(dir).keys()]).toEqual(['metadata.yaml'])
  })

  it('is read as those files are', () => {
    const dir = makeDir()
    writeFiles(dir, {
      'charmcraft.yaml':
        'name: app\nsubordinate: true\nrequires: {db: {interface: sql}}\nconfig: {options: {port: {type: int, default: 80}}}\nactions: {backup: {params: {to: {type: string}}}}\n',
    })
    expect(readMetadata(dir)).toMatchObject({
      name: 'app',
      subordinate: true,
      endpoints: [{ name: 'db', role: 'requires', interface: 'sql' }],
    })
    expect(readConfigOptions(dir).get('port')).toMatchObject({ type: 'int', default: 80 })
    expect(readActions(dir).get('backup')?.params).toMatchObject({ to: { type: 'string' } })
  })

  it('is named where something is wrong in it', () => {
    const dir = makeDir()
    writeFiles(dir, {
      'charmcraft.yaml': 'name: app\nconfig:\n  options:\n    port: {type: number}\n',
    })
    expect(() => readConfigOptions(dir)).toThrow(
      `${dir}/charmcraft.yaml:4:18: options.port.type must be one of string, int, float, boolean, secret: "number"`,
    )
  })
})
