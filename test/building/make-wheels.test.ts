import fs from 'node:fs'
import path from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { build, makeLayers, read } from './layers-on-disk.ts'

/** A wheel, as pip takes it. */
function makeWheel(dir: string, name: string, files: Record<string, string>, tag = 'py3-none-any'): void {
  const info = `${name}-1.0.dist-info`
  const all = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n${files.requires ?? ''}`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    [`${info}/RECORD`]: '',
  }
  const zipped = zipSync(Object.fromEntries(Object.entries(all).map(([file, text]) => [file, strToU8(text)])))
  fs.writeFileSync(path.join(dir, `${name}-1.0-${tag}.whl`), zipped)
}

it('pure wheels that pip finds are unpacked into the charm, others are named, and a failure of pip is one line', () => {
  const dir = makeLayers({
    top: { 'metadata.yaml': 'name: app\n', 'wheelhouse.txt': 'one\n# why\n', 'lib/own.py': 'own' },
    index: {},
  })
  const index = path.join(dir, 'index')
  makeWheel(index, 'one', { 'one/__init__.py': 'one', 'own.py': 'one', requires: 'Requires-Dist: two\n' })
  makeWheel(index, 'two', { 'two.py': 'two', requires: 'Requires-Dist: three\n' })
  makeWheel(index, 'three', { 'three.py': '' }, 'py3-none-linux_x86_64')
  const env = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: index, PIP_CONFIG_FILE: '/dev/null', HOME: dir }
  const { notes } = build(dir, { wheels: true }, env)
  expect(notes).toEqual([
    'not carried, since it fits only one version of Python: three-1.0-py3-none-linux_x86_64.whl',
  ])
  expect(['lib/one/__init__.py', 'lib/own.py', 'lib/two.py'].map((name) => read(dir, name))).toEqual([
    'one',
    'own',
    'two',
  ])
  expect(fs.existsSync(path.join(dir, 'charm/wheelhouse'))).toBe(false)
  expect(read(dir, 'wheelhouse.txt')).toBe('# app\n# one  # the charm carries it\n# why\n')
  const { signatures } = JSON.parse(read(dir, '.build.manifest'))
  expect(signatures['lib/two.py'].slice(0, 2)).toEqual(['__pip__', 'dynamic'])
  expect(build(dir, { wheels: true }, env)).toMatchObject({ written: [], removed: [] })
  fs.writeFileSync(path.join(dir, 'top/wheelhouse.txt'), 'four\n')
  expect(() => build(dir, { wheels: true }, env)).toThrow(
    /^pip wheel failed with status 1: ERROR: No matching distribution found for four$/,
  )
  const source = {
    'five-1.0/pyproject.toml': '[build-system]\nrequires = ["no-such-tool"]\n',
    'five-1.0/PKG-INFO': 'Metadata-Version: 1.0\nName: five\nVersion: 1.0\n',
  }
  const zipped = zipSync(
    Object.fromEntries(Object.entries(source).map(([file, text]) => [file, strToU8(text)])),
  )
  fs.writeFileSync(path.join(index, 'five-1.0.zip'), zipped)
  fs.writeFileSync(path.join(dir, 'top/wheelhouse.txt'), 'five\n')
  expect(() => build(dir, { wheels: true }, env)).toThrow(
    /^pip wheel failed with status 1: ERROR: No matching distribution found for no-such-tool/,
  )
})
