import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { refuseFaults } from '../../src/building/refuse-faults.ts'
import { makeDir } from '../test-unit.ts'

function makeCharm(handler: string): string {
  const charm = fs.mkdtempSync(path.join(os.tmpdir(), 'refuse-faults-'))
  onTestFinished(() => fs.rmSync(charm, { recursive: true }))
  fs.mkdirSync(path.join(charm, 'reactive'))
  fs.writeFileSync(path.join(charm, 'metadata.yaml'), 'name: app\n')
  const text = `#!/bin/bash\nsource charms.reactive.sh\n${handler}\nreactive_handler_main\n`
  fs.writeFileSync(path.join(charm, 'reactive/app.sh'), text, { mode: 0o755 })
  return charm
}

it('refuses a charm in which lint finds an error, and no other', async () => {
  await expect(refuseFaults(makeCharm('@when_not a\nf() { set_flag a; }'))).resolves.toBeUndefined()
  await expect(
    refuseFaults(makeCharm('@when_not a\nf() { config_get x; config_get y; set_flag a; }')),
  ).rejects.toThrow(
    'lint finds an error (--no-lint packs anyway): reactive/app.sh:4:18: no such option in ' +
      'config.yaml: x [unknown-option], and 1 more errors, which charms.reactive lint shows',
  )
})

it('tells the errors of a charm at every build, and looks at one without errors once', () => {
  const looks = path.join(makeDir(), 'looks')
  const layer = makeCharm(`@when_not a\nf() { config_get x; set_flag a; }\necho >>${looks}`)
  fs.writeFileSync(path.join(layer, 'layer.yaml'), 'includes: []\n')
  const launcher = path.resolve(import.meta.dirname, '../../shell/charms.reactive')
  const build = () => {
    const { status, stdout } = spawnSync(launcher, ['build', layer], { encoding: 'utf8' })
    return { status, stdout, looks: fs.readFileSync(looks, 'utf8').length }
  }
  for (const _ of ['first', 'again']) {
    const { status, stdout } = build()
    expect(stdout).toMatch(
      /^reactive\/app\.sh:4:18: error: no such option in config\.yaml: x \[unknown-option\]$/m,
    )
    expect(status).toBe(1)
  }
  fs.writeFileSync(
    path.join(layer, 'config.yaml'),
    'options: {x: {type: string, default: "", description: X}}\n',
  )
  const mended = build()
  expect(mended.status).toBe(0)
  expect(build()).toMatchObject({ status: 0, looks: mended.looks })
  fs.rmSync(path.join(layer, 'config.yaml'))
  expect(build()).toMatchObject({ status: 1 })
})
