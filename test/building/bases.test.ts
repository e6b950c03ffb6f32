import { describe, expect, it } from 'vitest'
import { basesOf, textOf } from '../../src/building/bases.ts'
import { makeCharm } from '../test-unit.ts'

function of(files: Record<string, string>, given: string[] = [], architecture = 'amd64' as const): string {
  const { bases, source } = basesOf(makeCharm(files), given, architecture)
  return `${textOf(bases)} (${source})`
}

describe('the bases of a packed charm', () => {
  it.each<[string, Record<string, string>, string]>([
    ['are two where nobody names one', {}, 'ubuntu@22.04, ubuntu@24.04 (the charm names no base)'],
    [
      'come from its manifest first',
      {
        'manifest.yaml': 'bases: [{name: ubuntu, channel: "24.04/stable"}]\n',
        'metadata.yaml': 'name: app\nseries: [jammy]\n',
      },
      'ubuntu@24.04 (manifest.yaml)',
    ],
    [
      'come from the bases of charmcraft that it runs on',
      {
        'charmcraft.yaml':
          'bases:\n- build-on: [{name: ubuntu, channel: "22.04"}]\n  run-on: [{name: ubuntu, channel: "24.04"}, {name: ubuntu, channel: "22.04"}]\n',
      },
      'ubuntu@24.04, ubuntu@22.04 (charmcraft.yaml)',
    ],
    [
      'come from the short form of charmcraft',
      { 'charmcraft.yaml': 'bases: [{name: ubuntu, channel: "22.04", architectures: [amd64]}]\n' },
      'ubuntu@22.04 (charmcraft.yaml)',
    ],
    [
      'come from the base and the platforms of charmcraft',
      { 'charmcraft.yaml': 'base: ubuntu@24.04\nplatforms: {amd64: null, arm64: null}\n' },
      'ubuntu@24.04 (charmcraft.yaml)',
    ],
    [
      'come from platforms of charmcraft with several bases',
      {
        'charmcraft.yaml':
          'platforms: {"ubuntu@24.04:amd64": null, "ubuntu@22.04:amd64": null, "ubuntu@26.04:arm64": null}\n',
      },
      'ubuntu@24.04, ubuntu@22.04 (charmcraft.yaml)',
    ],
    [
      'come from its series, without those that are too old',
      { 'metadata.yaml': 'name: app\nseries: [noble, jammy, focal, xenial]\n' },
      'ubuntu@24.04, ubuntu@22.04 (metadata.yaml)',
    ],
  ])('%s', (_, files, expected) => {
    expect(of(files)).toBe(expected)
  })

  it('are those of the caller, in the order wanted', () => {
    const given = ['ubuntu@24.04/stable', 'ubuntu@22.04', 'centos@9', 'ubuntu@26.04/edge']
    expect(of({ 'metadata.yaml': 'name: app\nseries: [noble]\n' }, given)).toBe(
      'ubuntu@24.04, ubuntu@22.04, centos@9, ubuntu@26.04/edge (--base)',
    )
  })

  it('are for the one architecture of the archive', () => {
    expect(basesOf(makeCharm(), ['ubuntu@24.04'], 's390x').bases).toEqual([
      { name: 'ubuntu', channel: '24.04', architectures: ['s390x'] },
    ])
  })

  it.each<[string, Record<string, string>, string[], string]>([
    ['a base without a channel', {}, ['ubuntu'], 'a base is NAME@CHANNEL, ubuntu@24.04 for instance: ubuntu'],
    [
      'a system that Juju does not know',
      {},
      ['debian@12'],
      'a base is NAME@CHANNEL, ubuntu@24.04 for instance: debian@12',
    ],
    [
      'an Ubuntu with an old bash',
      {},
      ['ubuntu@20.04'],
      'bash 5.1, which Ubuntu has since 22.04: ubuntu@20.04',
    ],
    [
      'a charm for old series alone',
      { 'metadata.yaml': 'name: app\nseries: [focal, bionic]\n' },
      [],
      'bash 5.1, which Ubuntu has since 22.04: ubuntu@20.04',
    ],
    [
      'a series that nobody knows',
      { 'metadata.yaml': 'name: app\nseries: [kubernetes]\n' },
      [],
      'metadata.yaml: not a base: kubernetes',
    ],
    [
      'a manifest with something else',
      { 'manifest.yaml': 'bases: [{name: ubuntu}]\n' },
      [],
      'manifest.yaml: not a base: {"name":"ubuntu"}',
    ],
    [
      'bases for other architectures alone',
      { 'charmcraft.yaml': 'base: ubuntu@24.04\nplatforms: {arm64: null}\n' },
      [],
      "none of the charm's bases is for amd64: ubuntu@24.04",
    ],
  ])('are refused: %s', (_, files, given, message) => {
    expect(() => of(files, given)).toThrow(message)
  })
})
