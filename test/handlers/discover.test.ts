import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { discover } from '../../src/handlers/discover.ts'
import { contextOf, makeCharm } from '../test-unit.ts'

const BASH = '#!/bin/bash\n'

function found(files: Record<string, string>, prepare: (dir: string) => void = () => undefined) {
  const dir = makeCharm(files)
  prepare(dir)
  return discover(contextOf(dir))
}

describe('the handler files of a charm', () => {
  it('are those of three directories, in C order of their paths', () => {
    const names = [
      'reactive/b.sh',
      'reactive/a/z.sh',
      'reactive/B.sh',
      'reactive/ü',
      'hooks/reactive/a',
      'hooks/relations/db/requires.sh',
    ]
    const { files } = found(
      Object.fromEntries([...names, 'lib/x.sh', 'hooks/install'].map((name) => [name, BASH])),
    )
    expect(files.map((file) => file.path)).toEqual([
      'hooks/reactive/a',
      'hooks/relations/db/requires.sh',
      'reactive/B.sh',
      'reactive/a/z.sh',
      'reactive/b.sh',
      'reactive/ü',
    ])
  })

  it('are told apart by their first line or content', () => {
    const { files, nearMisses } = found(
      {
        'reactive/a.js': '',
        'reactive/b.mjs': '',
        'reactive/c.cjs': '',
        'reactive/d': '#!/usr/bin/env bash\n',
        'reactive/e.txt': '#! /bin/sh -e\n',
        'reactive/f': '#!/usr/bin/python3\n',
        'reactive/g': '#!/usr/bin/env -S perl -w\n',
        'reactive/i.py': '',
      },
      (dir) => fs.copyFileSync('/bin/true', path.join(dir, 'reactive/h')),
    )
    expect(files.map(({ path: file, kind }) => `${file} ${kind}`)).toEqual([
      'reactive/a.js javascript',
      'reactive/b.mjs javascript',
      'reactive/c.cjs javascript',
      'reactive/d script',
      'reactive/e.txt script',
      'reactive/f executable',
      'reactive/g executable',
      'reactive/h executable',
      'reactive/i.py python',
    ])
    expect(nearMisses).toEqual([])
  })

  it('are none of what editors and Python leave behind, and of documents', () => {
    const names = ['.hidden', 'a.sh~', '#a.sh#', '.a.sh.swp', 'a.sh.rej', '__pycache__/a.pyc', '.git/hooks/x']
    const scripts = Object.fromEntries(names.map((name) => [`reactive/${name}`, BASH]))
    expect(found({ ...scripts, 'reactive/README.md': '# x\n', 'reactive/a.yaml': 'a: 1\n' })).toEqual({
      files: [],
      nearMisses: [],
    })
  })

  it('have near misses, each with its reason', () => {
    const { files, nearMisses } = found(
      {
        'reactive/b.sh': 'x\n',
        'reactive/c': BASH,
        'reactive/d': 'text\n',
      },
      (dir) => {
        fs.chmodSync(path.join(dir, 'reactive/c'), 0o644)
        fs.chmodSync(path.join(dir, 'reactive/d'), 0o755)
      },
    )
    expect(files).toEqual([])
    expect(nearMisses.map(({ path: file, reason }) => `${file}: ${reason}`)).toEqual([
      'reactive/b.sh: it is not executable, and no other handler file sources it',
      'reactive/c: it is not executable, and no other handler file sources it',
      'reactive/d: it is executable, but has no #! line',
    ])
  })

  it('are none of the copies that are switched off, which are named', () => {
    const endings = '.disabled .off .old .orig .save .bak .dpkg-old .dpkg-dist .rpmnew .rpmsave .1 .12'.split(
      ' ',
    )
    const copies = endings.map((ending) => `reactive/a.sh${ending}`)
    const { files, nearMisses } = found({
      ...Object.fromEntries(copies.map((name) => [name, BASH])),
      'reactive/b.mjs.off': 'x\n',
      'reactive/notes.txt.old': 'x\n',
      'reactive/mysql-5.7': BASH,
    })
    expect(files.map((file) => file.path)).toEqual(['reactive/mysql-5.7'])
    expect(nearMisses.map(({ path: file }) => file)).toEqual([...copies, 'reactive/b.mjs.off'].sort())
    expect(nearMisses[0]?.reason).toBe('its ending .1 says that it is switched off')
  })

  it('are no pictures, archives and object files, which a checkout of mode 0755 makes executable', () => {
    const elf = (type: number) =>
      Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(9), Buffer.from([type, 0, 62, 0])])
    const contents = {
      'icon.png': Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
      'notes.tgz': Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
      'module.o': elf(1),
      program: elf(2),
      position_independent: elf(3),
    }
    const { files, nearMisses } = found({ 'reactive/README': '' }, (dir) => {
      for (const [name, content] of Object.entries(contents))
        fs.writeFileSync(path.join(dir, 'reactive', name), content, { mode: 0o755 })
    })
    expect(files.map((file) => file.path)).toEqual(['reactive/position_independent', 'reactive/program'])
    expect(nearMisses.map(({ path: file, reason }) => `${file}: ${reason}`)).toEqual([
      'reactive/icon.png: it is executable, but is not a program',
      'reactive/module.o: it is executable, but is not a program',
      'reactive/notes.tgz: it is executable, but is not a program',
    ])
  })

  it('may source others, which need not be executable', () => {
    const { nearMisses } = found({
      'reactive/a.sh': `${BASH}  source "$CHARM_DIR/reactive/lib+1.sh"\n`,
      'reactive/lib+1.sh': 'x\n',
    })
    expect(nearMisses).toEqual([])
  })

  it('come in the order of their layers where the charm has a build manifest', () => {
    const manifest = {
      layers: [{ url: 'layer:basic' }, { url: 'layer:apt' }, { url: 'app' }],
      signatures: {
        'reactive/z.sh': ['layer:basic', 'static', 'x'],
        'reactive/b.sh': ['layer:apt', 'static', 'x'],
        'reactive/a.sh': ['app', 'static', 'x'],
      },
    }
    const names = ['reactive/a.sh', 'reactive/b.sh', 'reactive/new.sh', 'reactive/z.sh']
    const scripts = Object.fromEntries(names.map((name) => [name, BASH]))
    const { files } = found({ ...scripts, '.build.manifest': JSON.stringify(manifest) })
    expect(files.map((file) => file.path)).toEqual([
      'reactive/z.sh',
      'reactive/b.sh',
      'reactive/a.sh',
      'reactive/new.sh',
    ])
    expect(() => found({ ...scripts, '.build.manifest': '{' })).toThrow('the build manifest cannot be read')
  })

  it('are found behind links, each directory once', () => {
    const { files } = found({ 'reactive/dir/a.sh': BASH }, (dir) => {
      fs.symlinkSync('..', path.join(dir, 'reactive/dir/up'))
      fs.symlinkSync('dir/a.sh', path.join(dir, 'reactive/linked'))
      fs.symlinkSync('nowhere', path.join(dir, 'reactive/dangling'))
    })
    expect(files.map((file) => file.path)).toContain('reactive/linked')
    expect(files.length).toBeLessThanOrEqual(4)
  })
})
