// The layer options of layer:basic with the machine's own apt-get and pip. A sample asks apt-get what it would do; a full
// run installs a package as root, and removes it, and makes a virtual environment.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { isFull } from '../effort.ts'
import { bash, remarks, startUnit, temporaryDir } from '../end-to-end/charm.ts'

const isInstalled = isFull && process.getuid?.() === 0
const simulated = '#!/bin/sh\nexec /usr/bin/apt-get --simulate "$@"\n'

it(`the real apt-get ${isInstalled ? 'installs' : 'would install'} a Debian package`, {
  timeout: 180_000,
}, async () => {
  const [name = ''] = ['hello', 'sl', 'cowsay'].filter((one) => !fs.existsSync(`/usr/share/doc/${one}`))
  const unit = await startUnit(
    { 'layer.yaml': `options: {basic: {packages: [libc6, ${name}]}}\n` },
    isInstalled ? { allow: ['apt-get'], isolate: false } : { commands: { 'apt-get': simulated } },
  )
  try {
    const result = await unit.run({ name: 'install', timeoutMs: 170_000 })
    expect(remarks(result)[0]).toBe(`INFO Installing packages: ${name}`)
    expect(remarks(result).filter((line) => line.startsWith('ERROR'))).toEqual([])
    expect(result.exitStatus).toBe(0)
    expect(fs.existsSync(`/usr/share/doc/${name}`)).toBe(isInstalled)
  } finally {
    if (isInstalled) execFileSync('apt-get', ['purge', '-qq', '-y', name], { timeout: 60_000 })
  }
})

it.runIf(isFull)(
  'a real virtual environment gives handlers in any language the interpreter that has the packages',
  {
    timeout: 60_000,
  },
  async () => {
    const handler = 'import charm_fact; open("fact", "w").write(charm_fact.FACT + "\\n")'
    const unit = await startUnit({
      'wheelhouse/charm_fact-1.0-py3-none-any.whl': wheel('charm_fact', 'FACT = "from the wheelhouse"\n'),
      'reactive/fact': `#!/usr/bin/env python3\nimport sys\nif sys.argv[1] == "--invoke":\n    ${handler}\n`,
      'reactive/app.sh': bash('@hook install\nf() { command -v python3 >which; }'),
    })
    const venv = path.join(path.dirname(unit.charmDir), '.venv')
    const result = await unit.run({ name: 'install', timeoutMs: 55_000 })
    expect(remarks(result)).toContain(`INFO Making the virtual environment ${venv}`)
    expect(result.exitStatus).toBe(0)
    expect(fs.readFileSync(path.join(unit.charmDir, 'fact'), 'utf8')).toBe('from the wheelhouse\n')
    expect(fs.readFileSync(path.join(unit.charmDir, 'which'), 'utf8')).toBe(`${venv}/bin/python3\n`)
  },
)

/** A wheel with one module. */
function wheel(name: string, text: string): Buffer {
  const file = path.join(temporaryDir(), `${name}.whl`)
  const program = `
import sys, zipfile
name, text, file = sys.argv[1:]
info = name + '-1.0.dist-info/'
with zipfile.ZipFile(file, 'w') as archive:
    archive.writestr(name + '.py', text)
    archive.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: ' + name + '\\nVersion: 1.0\\n')
    archive.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    archive.writestr(info + 'RECORD', '')
`
  execFileSync('python3', ['-c', program, name, text, file], { timeout: 20_000 })
  return fs.readFileSync(file)
}
