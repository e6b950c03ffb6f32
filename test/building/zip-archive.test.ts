import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Entry, sortEntries, textEntry } from '../../src/building/entries.ts'
import { writeArchive } from '../../src/building/zip-archive.ts'
import { makeDir } from '../test-unit.ts'

/** What Python's reader finds: name, mode and type, contents. */
const READ = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps([
        [one.filename, oct(one.external_attr >> 16), archive.read(one).decode()[:20], one.date_time[0]]
        for one in archive.infolist()
    ]))
`

function read(file: string): [string, string, string, number][] {
  return JSON.parse(execFileSync('python3', ['-c', READ, file], { encoding: 'utf8' }))
}

const ENTRIES: Entry[] = sortEntries([
  textEntry('run', '#!/bin/sh\n', true),
  textEntry('files/grüße', 'hello'),
  textEntry('files/Z', 'x'),
  { path: 'files/link', kind: 'link', target: 'grüße' },
  { path: 'empty', kind: 'directory' },
])

describe('an archive', () => {
  it('has modes, links, empty directories, names in UTF-8, and no time', () => {
    const file = path.join(makeDir(), 'x.charm')
    writeArchive(file, ENTRIES)
    expect(read(file)).toEqual([
      ['empty/', '0o40755', '', 1980],
      ['files/Z', '0o100644', 'x', 1980],
      ['files/grüße', '0o100644', 'hello', 1980],
      ['files/link', '0o120777', 'grüße', 1980],
      ['run', '0o100755', '#!/bin/sh\n', 1980],
    ])
  })

  it('has the same bytes in every time zone', () => {
    const dir = makeDir()
    const zone = process.env.TZ
    const hashes = ['UTC', 'Pacific/Kiritimati', 'America/New_York'].map((name) => {
      process.env.TZ = name
      writeArchive(path.join(dir, 'x'), ENTRIES)
      return fs.readFileSync(path.join(dir, 'x')).toString('base64')
    })
    process.env.TZ = zone
    expect(new Set(hashes).size).toBe(1)
  })

  it('tells the size of each entry, and how far it is', () => {
    const dir = makeDir()
    fs.writeFileSync(path.join(dir, 'zeros'), Buffer.alloc(3_000_000))
    const entry: Entry = {
      path: 'zeros',
      kind: 'file',
      isExecutable: false,
      content: { file: path.join(dir, 'zeros') },
      size: 3_000_000,
    }
    const steps: number[] = []
    const sizes = writeArchive(path.join(dir, 'x'), [entry], (bytes) => steps.push(bytes))
    expect(steps).toEqual([1 << 20, 1 << 20, 3_000_000 - (2 << 20)])
    expect(sizes.get(entry)).toBeGreaterThan(1000)
    expect(sizes.get(entry)).toBeLessThan(20_000)
  })

  it('is not there at all where it could not be finished', () => {
    const dir = makeDir()
    const gone: Entry = {
      path: 'gone',
      kind: 'file',
      isExecutable: false,
      content: { file: `${dir}/gone` },
      size: 1,
    }
    expect(() => writeArchive(path.join(dir, 'x'), [textEntry('a', 'a'), gone])).toThrow(
      'the file cannot be read: gone: ENOENT',
    )
    expect(fs.readdirSync(dir)).toEqual([])
    expect(() => writeArchive(path.join(dir, 'no/x'), [])).toThrow('the archive cannot be written: ENOENT')
  })

  it('refuses what its format has no room for', () => {
    const huge: Entry = {
      path: 'huge',
      kind: 'file',
      isExecutable: false,
      content: { file: '/' },
      size: 2 ** 32,
    }
    const write = (entries: Entry[]) => writeArchive(path.join(makeDir(), 'x'), entries)
    expect(() => write([huge])).toThrow('a file in an archive must be smaller than 4 GiB: huge')
    const many = Array.from({ length: 65536 }, (_, index) => textEntry(`${index}`, ''))
    expect(() => write(many)).toThrow('an archive holds 65535 files at most: 65536')
  })
})
