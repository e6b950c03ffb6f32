import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { diffText } from '../../src/building/build-report.ts'
import { build, type Layers, makeLayers, read } from './layers-on-disk.ts'

it('the changes of a build are a unified diff, with modes, and nothing is written', () => {
  const layers: Layers = {
    top: { 'metadata.yaml': 'name: app\n', text: 'one\ntwo\n', gone: 'x\n', 'bin/tool': '', picture: 'a\0' },
  }
  const dir = makeLayers(layers)
  build(dir)
  const top = (name: string) => path.join(dir, 'top', name)
  const before = read(dir, '.build.manifest')
  fs.writeFileSync(top('text'), 'one\nthree\n')
  fs.writeFileSync(top('picture'), 'b\0')
  fs.writeFileSync(top('new'), 'n\n')
  fs.symlinkSync('text', top('link'))
  fs.chmodSync(top('bin/tool'), 0o755)
  fs.rmSync(top('gone'))
  let diff = ''
  const built = build(dir, { dryRun: true }, {}, (changes) => {
    diff = diffText(changes.filter(([name]) => name !== '.build.manifest'))
  })
  expect(diff).toMatchInlineSnapshot(`
    "bin/tool: file becomes program
    --- a/gone
    +++ /dev/null
    @@ -1,1 +0,0 @@
    -x
    link: nothing becomes link
    --- /dev/null
    +++ b/link
    @@ -0,0 +1,1 @@
    +text
    --- /dev/null
    +++ b/new
    @@ -0,0 +1,1 @@
    +n
    Binary file picture changes
    --- a/text
    +++ b/text
    @@ -1,2 +1,2 @@
     one
    -two
    +three
    "
  `)
  expect(built.removed).toEqual(['gone'])
  expect(read(dir, '.build.manifest')).toBe(before)
  expect(read(dir, 'text')).toBe('one\ntwo\n')
})
