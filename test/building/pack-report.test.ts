import { describe, expect, it } from 'vitest'
import { packReport } from '../../src/building/pack-report.ts'

describe('the report of packing', () => {
  it('has sizes by part, and their sum', () => {
    const parts = {
      runtime: { files: 1, bytes: 45_361_000, unpacked: 126_600_000 },
      toolkit: { files: 57, bytes: 350_000, unpacked: 1_130_000 },
      charm: { files: 25, bytes: 9_000, unpacked: 12_000 },
    }
    const one = {
      file: 'app_amd64.charm',
      bytes: 45_730_000,
      bases: 'ubuntu@24.04',
      basesFrom: 'charmcraft.yaml',
      parts,
      runtime: '24.1.0',
      addedPeer: 'reactive-leadership',
      packages: { installed: ['tornado'], expected: [] },
      missing: [{ module: 'yaml', file: 'reactive/app.py', line: 2 }],
    }
    const report = packReport([one, { ...one, file: 'other.charm' }] as unknown as Parameters<
      typeof packReport
    >[0])
    expect(report.split('\napp_amd64.charm')).toHaveLength(1)
    expect(report).toContain('\n\nother.charm\n')
    expect(report.slice(0, report.indexOf('\n\n') + 1)).toMatchInlineSnapshot(`
      "app_amd64.charm
                                         packed    unpacked
        runtime (Node.js 24.1.0)       45.36 MB   126.60 MB      1 file
        toolkit                         0.35 MB     1.13 MB    57 files
        charm                           0.01 MB     0.01 MB    25 files
        together                       45.73 MB   127.74 MB    83 files
        bases: ubuntu@24.04 (charmcraft.yaml)
        added: the peer relation reactive-leadership, for leader settings under Juju 4
        not carried, the unit installs it with pip: tornado
        imported, and the unit may not have it: yaml (reactive/app.py:2)
      "
    `)
  })
})
