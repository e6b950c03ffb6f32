import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkCharm, manifestText, metadataText } from '../../src/building/charm-texts.ts'
import { makeCharm, makeDir, writeFiles } from '../test-unit.ts'

describe('the metadata of a packed charm', () => {
  it('are the same bytes where Juju refuses nothing of them', () => {
    const text = '# A comment\nname:   app\nsummary: "x"\n'
    expect(metadataText(makeCharm({ 'metadata.yaml': text }))).toBe(text)
  })

  it('lose series, and min-juju-version becomes an assumption', () => {
    const text = [
      '# A comment',
      'name: app # the name',
      'series: [focal, jammy]',
      'description: |',
      '  A text of   several',
      '  lines.',
      'min-juju-version: 2.9.0',
      'subordinate: yes',
      'provides: {website: {interface: http, optional: on}}',
      '',
    ].join('\n')
    expect(metadataText(makeCharm({ 'metadata.yaml': text }))).toMatchInlineSnapshot(`
      "# A comment
      name: app # the name
      description: |
        A text of   several
        lines.
      subordinate: yes
      provides: { website: { interface: http, optional: on } }
      assumes:
        - juju >= 2.9.0
      "
    `)
  })

  it.each([
    ['assumes: [k8s-api]\n', ['k8s-api', 'juju >= 3.1']],
    ['assumes:\n- juju >= 3.6\n', ['juju >= 3.6']],
    ['assumes:\n- any-of: [juju >= 3.6, k8s-api]\n', [{ 'any-of': ['juju >= 3.6', 'k8s-api'] }]],
  ])('keep what the charm assumes itself: %j', (assumes, expected) => {
    const text = `name: app\nmin-juju-version: "3.1"\n${assumes}`
    expect(parse(metadataText(makeCharm({ 'metadata.yaml': text })))).toEqual({
      name: 'app',
      assumes: expected,
    })
  })

  it('have a peer relation more where leader settings need one', () => {
    const charm = makeCharm({ 'metadata.yaml': '# A comment\nname: app\nseries: [jammy]\npeers:\n' })
    expect(metadataText(charm, true)).toBe(
      '# A comment\nname: app\npeers:\n  reactive-leadership:\n    interface: reactive-leadership\n',
    )
  })

  it('must be there', () => {
    const dir = makeDir()
    expect(() => checkCharm(dir)).toThrow(`not a charm dir, it has no metadata.yaml: ${dir}`)
    writeFiles(dir, { 'charmcraft.yaml': 'type: charm\nbase: ubuntu@24.04\n' })
    expect(() => metadataText(dir)).toThrow(`the charm has no metadata.yaml: ${dir}/metadata.yaml`)
  })
})

describe('the manifest of a packed charm', () => {
  const bases = [{ name: 'ubuntu', channel: '24.04', architectures: ['amd64'] }]

  it('has the bases, with channels that are text', () => {
    expect(manifestText(makeCharm(), bases)).toMatchInlineSnapshot(`
      "bases:
        - name: "ubuntu"
          channel: "24.04"
          architectures:
            - "amd64"
      "
    `)
  })

  it('keeps what else the charm had in it', () => {
    const own =
      'charmcraft-version: "3.4.0"\nbases: [{name: ubuntu, channel: "20.04"}]\nanalysis: {attributes: []}\n'
    expect(parse(manifestText(makeCharm({ 'manifest.yaml': own }), bases))).toEqual({
      'charmcraft-version': '3.4.0',
      bases,
      analysis: { attributes: [] },
    })
  })
})
