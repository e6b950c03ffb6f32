import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  anyFileChanged,
  dataChanged,
  filesChangedFor,
  hashFiles,
  recordFilesFor,
} from '../../src/unit/file-hashes.ts'
import { parseOrString } from '../../src/unit/python-json.ts'
import type { Session } from '../../src/unit/session.ts'
import { makeDir, startSession, writeFiles } from '../test-unit.ts'

function write(session: Session, files: Record<string, string>): void {
  writeFiles(session.context.charmDir, files)
}

describe('any_file_changed', () => {
  it('is yes once for each change, for all callers together', async () => {
    const session = await startSession({ files: { a: '1', b: '1' } })
    expect(anyFileChanged(session, ['a', 'b'])).toBe(true)
    expect(anyFileChanged(session, ['a', 'b'])).toBe(false)
    write(session, { b: '2' })
    expect(anyFileChanged(session, ['a'])).toBe(false)
    expect(anyFileChanged(session, ['a', 'b'])).toBe(true)
    expect(anyFileChanged(session, ['b'])).toBe(false)
  })

  it('records all files, not only the first that changed', async () => {
    const session = await startSession({ files: { a: '1', b: '1' } })
    anyFileChanged(session, ['a', 'b'])
    expect(anyFileChanged(session, ['b'])).toBe(false)
  })

  it('counts a file that appears or disappears, not one that never was', async () => {
    const session = await startSession()
    expect(anyFileChanged(session, ['a'])).toBe(false)
    write(session, { a: '' })
    expect(anyFileChanged(session, ['a'])).toBe(true)
    fs.rmSync(path.join(session.context.charmDir, 'a'))
    expect(anyFileChanged(session, ['a'])).toBe(true)
    expect(anyFileChanged(session, ['a'])).toBe(false)
  })

  it('records nothing when it only peeks', async () => {
    const session = await startSession({ files: { a: '1' } })
    expect(anyFileChanged(session, ['a'], { peek: true })).toBe(true)
    expect(anyFileChanged(session, ['a'])).toBe(true)
    expect(anyFileChanged(session, ['a'], { peek: true })).toBe(false)
  })

  it('fails for a directory, and for an unknown algorithm', async () => {
    const session = await startSession({ files: { 'dir/a': '1' } })
    expect(() => anyFileChanged(session, ['dir'])).toThrow('the file cannot be watched: dir: EISDIR')
    expect(() => anyFileChanged(session, ['dir/a'], { hashType: 'md55' })).toThrow('unknown hash type: md55')
  })

  it('looks below the root of a simulated unit', async () => {
    const root = makeDir()
    writeFiles(root, { 'etc/app.conf': 'x' })
    const session = await startSession({ env: { CHARMS_REACTIVE_ROOT: root } })
    expect(anyFileChanged(session, ['/etc/app.conf'])).toBe(true)
    expect(anyFileChanged(session, ['metadata.yaml'])).toBe(true)
  })
})

describe('@when_file_changed', () => {
  it('remembers for each handler what it saw when it succeeded', async () => {
    const session = await startSession({ files: { f: '1' } })
    expect(filesChangedFor(session, 'one', ['f'])).toBe(true)
    const seen = hashFiles(session, ['f'])
    write(session, { f: '2' })
    recordFilesFor(session, 'one', seen)
    expect(filesChangedFor(session, 'one', ['f'])).toBe(true)
    recordFilesFor(session, 'one', hashFiles(session, ['f']))
    expect(filesChangedFor(session, 'one', ['f'])).toBe(false)
    expect(filesChangedFor(session, 'two', ['f'])).toBe(true)
    expect(anyFileChanged(session, ['f'])).toBe(true)
  })
})

describe('data_changed', () => {
  it('compares and records at once', async () => {
    const session = await startSession()
    const changed = (data: unknown, record = true) => dataChanged(session, 'id', data, { record })
    expect(changed({ a: 1, b: [2] }, false)).toBe(true)
    expect(changed({ a: 1, b: [2] })).toBe(true)
    expect(changed({ b: [2], a: 1 })).toBe(false)
    expect(changed({ b: [2], a: 2 }, false)).toBe(true)
    expect(changed({ b: [2], a: 1 })).toBe(false)
    expect(dataChanged(session, 'other', null, { record: true })).toBe(true)
  })

  it('hashes what Python would', async () => {
    const session = await startSession()
    dataChanged(session, 'id', parseOrString('{"b": 1.0, "a": "é"}'), { record: true })
    const text = '{"a": "\\u00e9", "b": 1.0}'
    expect(session.state.get('data:id')).toBe(createHash('md5').update(text).digest('hex'))
    dataChanged(session, 'id', 'x', { record: true, hashType: 'sha256' })
    expect(session.state.get('data:id')).toBe(createHash('sha256').update('"x"').digest('hex'))
  })
})
