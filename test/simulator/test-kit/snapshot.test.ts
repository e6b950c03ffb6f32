import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { differences, takeSnapshot } from '../../../src/simulator/test-kit/snapshot.ts'
import { simulateUnit } from '../../../src/simulator/unit.ts'
import { makeCharm } from '../test-charm.ts'

describe('differences', () => {
  it('are one line each: flags, key/value data, files, what Juju knows', async () => {
    const unit = await simulateUnit(makeCharm({}), { isolate: false })
    try {
      const write = (name: string, text: string) => fs.writeFileSync(path.join(unit.root, name), text)
      for (const name of ['gone', 'mode', 'same', 'text']) write(name, 'old')
      Object.assign(unit.state, { flags: ['a', 'b'], kv: { x: 1, y: [1] } })
      const before = takeSnapshot(unit)
      expect(differences(before, takeSnapshot(unit))).toEqual([])

      fs.rmSync(path.join(unit.root, 'gone'))
      fs.chmodSync(path.join(unit.root, 'mode'), 0o600)
      write('same', 'old')
      write('text', 'new')
      write('new', '')
      Object.assign(unit.state, { flags: ['b', 'c'], kv: { x: 2, y: [1] }, version: '2' })
      const after = takeSnapshot(unit)
      expect(differences(before, after)).toEqual([
        'flag set: c',
        'flag cleared: a',
        'key/value data: x: 1 → 2',
        'file removed: /gone',
        'mode changed: /mode: 0644 → 0600',
        'file created: /new',
        'file changed: /text',
        'juju: version: "" → "2"',
      ])
      expect(differences(before, after, ['kv'])).toEqual(['key/value data: x: 1 → 2'])
      // The same text again is no difference, but it was written.
      expect(after.files['/same']?.content).toBe(before.files['/same']?.content)
      expect(after.files['/same']?.written).not.toBe(before.files['/same']?.written)
    } finally {
      await unit.close()
    }
  })
})
