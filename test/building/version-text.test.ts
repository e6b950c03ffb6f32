import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { versionText } from '../../src/building/version-text.ts'
import { makeCharm } from '../test-unit.ts'

it('the version of a charm is what git calls its commit, else what its own file says', () => {
  const charm = makeCharm()
  expect(versionText(charm)).toBeUndefined()
  fs.writeFileSync(path.join(charm, 'version'), '1.2.3\n')
  expect(versionText(charm)).toBe('1.2.3\n')
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', charm, '-c', 'user.name=x', '-c', 'user.email=x@x', ...words], {
      encoding: 'utf8',
    })
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'x')
  expect(versionText(charm)).toMatch(/^[0-9a-f]{7,}$/)
  git('tag', '-am', 'x', 'v7')
  expect(versionText(charm)).toBe('v7')
  fs.writeFileSync(path.join(charm, 'metadata.yaml'), 'name: other\n')
  expect(versionText(charm)).toBe('v7-dirty')
})
