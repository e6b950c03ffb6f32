import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventResult } from '../../src/simulator/events.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { oneIn } from '../effort.ts'
import { bash, type CharmFiles, remarks, startUnit, upgrade } from '../end-to-end/charm.ts'

/** Every run has some of these tests, the full set all. */
const some = oneIn(3)

/** An executable that writes its words to the file `calls` above the unit's charm dir, then does the rest. */
function recorder(name: string, then = 'exit 0'): string {
  return `#!/bin/bash
calls=\${JUJU_CHARM_DIR%/agents/*}/calls
printf '%s\\n' "${name} \${*//$'\\n'/}" >>"$calls"
# Usage: times PATTERN; how many calls so far fit.
times() { grep -cE "$1" "$calls"; }
${then}
`
}

/** Everything that it is asked for is there. */
const INSTALLED = `for name in "\${@:3}"; do echo "installed 1.0 $name $name $name:amd64"; done`

/** Makes the directory of a virtual environment, whose interpreter is a recorder as well. */
function venvMaker(interpreter = recorder('venv-python3')): string {
  return recorder(
    'python3',
    `mkdir -p "\${@: -1}/bin"
cat >"\${@: -1}/bin/python3" <<'END_OF_FILE'
${interpreter}
END_OF_FILE
chmod 755 "\${@: -1}/bin/python3"`,
  )
}

function commands(more: Record<string, string> = {}): Record<string, string> {
  return {
    'dpkg-query': recorder('dpkg-query', INSTALLED),
    'apt-get': recorder('apt-get'),
    python3: venvMaker(),
    pip3: recorder('pip3'),
    ...more,
  }
}

async function startCharm(
  basic: string,
  files: CharmFiles = {},
  more: Record<string, string> = {},
): Promise<SimulatedUnit> {
  const layer = `includes: ['layer:basic']\noptions:\n  basic: {${basic}}\n`
  return startUnit({ 'layer.yaml': layer, ...files }, { commands: commands(more) })
}

/** The calls since the last question; options that are always the same are left out. */
function calls(unit: SimulatedUnit): string[] {
  const file = path.join(unit.dir, 'calls')
  if (!fs.existsSync(file)) return []
  const text = fs.readFileSync(file, 'utf8')
  fs.rmSync(file)
  const venv = path.join(path.dirname(unit.charmDir), '.venv')
  return text
    .replaceAll(/--showformat=.*\} /g, '')
    .replaceAll('--option=Dpkg::Options::=--force-confold --option=DPkg::Lock::Timeout=60 --assume-yes ', '')
    .replaceAll('--upgrade --no-index --no-cache-dir --find-links wheelhouse', 'OFFLINE')
    .replaceAll(venv, 'VENV')
    .split('\n')
    .slice(0, -1)
}

async function succeed(unit: SimulatedUnit, name: string): Promise<EventResult> {
  const result = await unit.run({ name })
  expect(remarks(result).filter((line) => line.startsWith('ERROR'))).toEqual([])
  expect(result.exitStatus).toBe(0)
  return result
}

describe('packages', () => {
  const KNOWS_GIT = recorder('dpkg-query', 'echo "installed 1.0 git git git:amd64"; exit 1')

  some('installs what is missing, before handler files register, and then nothing is called', async () => {
    const unit = await startCharm(
      "packages: ['git', 'jq', 'git=2.0', 'tree/stable']",
      { 'reactive/app.sh': bash('echo "handler" >>"${JUJU_CHARM_DIR%/agents/*}/calls"') },
      { 'dpkg-query': KNOWS_GIT },
    )
    expect(remarks(await succeed(unit, 'config-changed'))).toEqual([
      'INFO Installing packages: git=2.0 jq tree/stable',
    ])
    expect(calls(unit)).toEqual([
      'dpkg-query --show git jq tree',
      'apt-get install git=2.0 jq tree/stable',
      'handler',
    ])
    expect(remarks(await succeed(unit, 'install'))).toEqual([])
    expect(calls(unit)).toEqual(['handler'])
  })

  some(
    'only looks where everything is there, and looks again when the list changed or after an upgrade',
    async () => {
      const unit = await startCharm("packages: ['jq', 'git']")
      await succeed(unit, 'install')
      expect(calls(unit)).toEqual(['dpkg-query --show git jq'])
      await succeed(unit, 'start')
      upgrade(unit, { 'layer.yaml': "options: {basic: {packages: ['jq', 'git']}, other: {}}\n" })
      await succeed(unit, 'start')
      expect(calls(unit)).toEqual([])
      for (const name of ['upgrade-charm', 'post-series-upgrade']) {
        await succeed(unit, name)
        expect(calls(unit)).toEqual(['dpkg-query --show git jq'])
      }
      upgrade(unit, { 'layer.yaml': "options: {basic: {packages: ['git', 'libc6:amd64']}}\n" })
      await succeed(unit, 'start')
      expect(calls(unit)).toEqual(['dpkg-query --show git libc6:amd64'])
      upgrade(unit, { 'layer.yaml': 'options: {basic: {packages: []}}\n' })
      await succeed(unit, 'upgrade-charm')
      expect(calls(unit)).toEqual([])
    },
  )

  some('gives apt-get up to three tries, with an update in between', async () => {
    const unit = await startCharm(
      "packages: ['jq']",
      {},
      {
        'dpkg-query': KNOWS_GIT,
        'apt-get': recorder(
          'apt-get',
          `[[ $1 == update || $(times 'apt-get .* install') == 3 ]] || { echo 'E: No network' >&2; exit 100; }`,
        ),
      },
    )
    const result = await succeed(unit, 'install')
    expect(calls(unit)).toEqual([
      'dpkg-query --show jq',
      'apt-get install jq',
      'apt-get update',
      'apt-get install jq',
      'apt-get update',
      'apt-get install jq',
    ])
    expect(remarks(result)).toHaveLength(3)
    expect(result.stderr).toBe('')
  })

  some('fails the hook with one line when the third try fails, and the retry tries again', async () => {
    const failing = recorder(
      'apt-get',
      "[[ $1 == update ]] || { printf 'W: no\\nE: No \\njq\\n' >&2; exit 100; }",
    )
    const unit = await startCharm(
      "packages: ['jq']",
      { 'reactive/app.sh': bash('set_flag registered') },
      {
        'dpkg-query': KNOWS_GIT,
        'apt-get': failing,
      },
    )
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result).at(-1)).toMatch(/^ERROR apt-get .* install jq failed with status 100: jq$/)
    expect(calls(unit).filter((call) => call.startsWith('apt-get install'))).toHaveLength(3)
    unit.commands.stub('apt-get', recorder('apt-get'))
    await succeed(unit, 'install')
    expect(calls(unit)).toEqual(['dpkg-query --show jq', 'apt-get install jq'])
  })

  some('tries once where there is no apt-get', async () => {
    const unit = await startCharm("packages: ['jq']", {}, { 'dpkg-query': KNOWS_GIT })
    const PATH = [path.join(unit.dir, 'tools'), path.join(unit.dir, 'shell'), path.join(unit.dir, 'bin')]
    fs.rmSync(path.join(unit.dir, 'bin', 'apt-get'))
    for (const name of ['bash', 'grep', 'sed', 'node', 'dirname', 'readlink', 'cat', 'env']) {
      const found = execFileSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
      fs.symlinkSync(found, path.join(unit.dir, 'bin', name))
    }
    fs.symlinkSync(path.resolve(import.meta.dirname, '../../shell'), path.join(unit.dir, 'shell'))
    const result = await unit.run({ name: 'install', env: { PATH: PATH.join(':') } })
    expect(remarks(result).at(-1)).toMatch(/^ERROR apt-get .* install jq failed with status 127: .*ENOENT/)
    expect(result.exitStatus).toBe(3)
  })

  some('is not interactive, whatever Juju says', async () => {
    const unit = await startCharm(
      "packages: ['jq']",
      {},
      {
        'dpkg-query': KNOWS_GIT,
        'apt-get': recorder(
          'env',
          'env | grep -E "^(DEBIAN|APT|LANG|HOME|USER)" | sort >>"$calls"; read && exit 1; true',
        ),
      },
    )
    const env = { DEBIAN_FRONTEND: 'readline' }
    expect((await unit.run({ name: 'install', env })).exitStatus).toBe(0)
    expect(calls(unit).slice(2)).toEqual([
      'APT_LISTCHANGES_FRONTEND=none',
      'DEBIAN_FRONTEND=noninteractive',
      'LANG=C.UTF-8',
    ])
  })

  some("hands the model's proxies to apt-get, pip, exec.d and handlers", async () => {
    const show = (who: string) => `echo "${who} $http_proxy $HTTPS_PROXY $no_proxy"`
    const unit = await startCharm(
      "packages: ['jq'], python_packages: ['flask'], use_venv: false",
      {
        'exec.d/a/charm-pre-install': `#!/bin/bash\n${show('exec.d')} >>"\${JUJU_CHARM_DIR%/agents/*}/calls"\n`,
        'reactive/app.sh': bash(
          `@hook install\nf() { ${show('handler')} >>"\${JUJU_CHARM_DIR%/agents/*}/calls"; }`,
        ),
      },
      {
        'dpkg-query': KNOWS_GIT,
        'apt-get': recorder('apt-get', `${show('apt')} >>"$calls"`),
        pip3: recorder('pip3', `${show('pip')} >>"$calls"`),
      },
    )
    const env = {
      JUJU_CHARM_HTTP_PROXY: 'http://p:1',
      JUJU_CHARM_HTTPS_PROXY: 'http://p:2',
      JUJU_CHARM_NO_PROXY: 'localhost',
    }
    expect((await unit.run({ name: 'install', env })).exitStatus).toBe(0)
    const shown = calls(unit).filter((line) => / http:\/\/p:1 http:\/\/p:2 localhost$/.test(line))
    expect([...new Set(shown.map((line) => line.split(' ')[0]))]).toEqual(['exec.d', 'apt', 'pip', 'handler'])
  })

  some('remembers what is installed when the hook fails later', async () => {
    const unit = await startCharm("packages: ['jq']", {
      'reactive/app.sh': bash('@hook install\nf() { exit 4; }'),
    })
    for (const expected of [['dpkg-query --show jq'], []]) {
      expect((await unit.run({ name: 'install' })).exitStatus).toBe(4)
      expect(calls(unit)).toEqual(expected)
    }
  })

  it.each([
    ["packages: 'jq'", /layer\.yaml:3:\d+: options\.basic\.packages must be a list: /],
    ["packages: ['--purge']", /options\.basic\.packages\.0 must be the name of a package: /],
    ['python_packages: [1]', /options\.basic\.python_packages\.0 must be the name of a package: /],
    ["use_venv: 'true'", /options\.basic\.use_venv must be true or false: /],
  ])('an option that is not what it shall be fails the hook with its place: %s', async (basic, message) => {
    const unit = await startCharm(basic)
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([expect.stringMatching(message)])
    expect(calls(unit)).toEqual([])
  })

  some('installs nothing in a restricted hook', async () => {
    const unit = await startCharm("packages: ['jq'], python_packages: ['x']", {}, { 'dpkg-query': KNOWS_GIT })
    await succeed(unit, 'meter-status-changed')
    expect(calls(unit)).toEqual([])
  })
})

describe('Python packages', () => {
  const WHEELHOUSE = {
    'wheelhouse/pip-20.0.tar.gz': '',
    'wheelhouse/charms.reactive-1.5.3.tar.gz': '',
    'wheelhouse/setuptools_scm-1.17.0.tar.gz': '',
    'wheelhouse/PyYAML-5.2-cp311-cp311-linux_x86_64.whl': '',
    'wheelhouse/PyYAML-5.1.tar.gz': '',
    'wheelhouse/README': '',
    'wheelhouse.txt': 'PyYAML<6\n',
  }
  const PIP = 'venv-python3 -m pip install'
  const venv = (unit: SimulatedUnit, ...names: string[]) =>
    path.join(path.dirname(unit.charmDir), '.venv', ...names)

  some('installs the wheelhouse offline in a virtual environment beside the charm dir, once', async () => {
    const unit = await startCharm("python_packages: ['requests>2', 'six']", WHEELHOUSE)
    expect(remarks(await succeed(unit, 'install'))).toEqual([
      `INFO Making the virtual environment ${venv(unit)}`,
    ])
    expect(calls(unit)).toEqual([
      'dpkg-query --show python3-venv python3-dev build-essential',
      'python3 -m venv VENV',
      `${PIP} OFFLINE pip setuptools-scm`,
      `${PIP} OFFLINE --force-reinstall PyYAML charms.reactive`,
      `${PIP} --upgrade requests>2 six`,
    ])
    await succeed(unit, 'start')
    expect(calls(unit)).toEqual([])
  })

  some(
    'takes wheelhouse.txt as it is where there is no wheelhouse, and system packages if asked to',
    async () => {
      const unit = await startCharm('use_venv: true, include_system_packages: true', {
        'wheelhouse.txt': '# nothing\nPyYAML<6\n',
      })
      await succeed(unit, 'install')
      expect(calls(unit)).toEqual([
        'dpkg-query --show python3-venv',
        'python3 -m venv --system-site-packages VENV',
        `${PIP} --requirement wheelhouse.txt`,
      ])
    },
  )

  some(
    'makes it again on upgrade-charm, on post-series-upgrade, and when something else is wanted',
    async () => {
      const unit = await startCharm('', WHEELHOUSE)
      await succeed(unit, 'install')
      for (const name of ['upgrade-charm', 'post-series-upgrade']) {
        fs.writeFileSync(venv(unit, 'old'), '')
        await succeed(unit, name)
        expect(calls(unit)).toContain('python3 -m venv VENV')
        expect(fs.existsSync(venv(unit, 'old'))).toBe(false)
      }
      upgrade(unit, { 'wheelhouse/six-1.0.tar.gz': '' })
      await succeed(unit, 'config-changed')
      expect(calls(unit)).toContain(`${PIP} OFFLINE --force-reinstall PyYAML charms.reactive six`)
    },
  )

  some('makes it again from scratch when it is half built, or its interpreter is gone', async () => {
    const maker = venvMaker(recorder('venv-python3', '[[ $(times venv-python3) -gt 3 ]]'))
    const unit = await startCharm("python_packages: ['six']", {}, { python3: maker })
    const failed = await unit.run({ name: 'install' })
    expect(failed.exitStatus).toBe(3)
    expect(remarks(failed).at(-1)).toMatch(
      /^ERROR .*\.venv\/bin\/python3 -m pip install --upgrade six failed with status 1$/,
    )
    fs.writeFileSync(venv(unit, 'old'), '')
    await succeed(unit, 'install')
    expect(fs.existsSync(venv(unit, 'old'))).toBe(false)
    expect(calls(unit).filter((call) => call.startsWith('python3'))).toHaveLength(2)
    fs.rmSync(venv(unit, 'bin', 'python3'))
    unit.commands.stub('python3', venvMaker())
    await succeed(unit, 'start')
    expect(calls(unit)).toContain('python3 -m venv VENV')
  })

  some('replaces what the Python original has left there', async () => {
    const unit = await startCharm("python_packages: ['six']")
    fs.mkdirSync(venv(unit, 'bin'), { recursive: true })
    fs.writeFileSync(venv(unit, 'bin', 'python3'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    await succeed(unit, 'config-changed')
    expect(calls(unit)).toContain(`${PIP} --upgrade six`)
  })

  some('removes its environment when nothing wants it any more', async () => {
    const unit = await startCharm("python_packages: ['six']")
    await succeed(unit, 'install')
    upgrade(unit, { 'layer.yaml': 'options: {basic: {}}\n' })
    await succeed(unit, 'upgrade-charm')
    expect(fs.existsSync(venv(unit))).toBe(false)
  })

  some('installs in the system without use_venv, and again only on upgrades and changes', async () => {
    const unit = await startCharm("use_venv: false, python_packages: ['six']")
    const all = ['dpkg-query --show python3-pip', 'pip3 install --upgrade six']
    await succeed(unit, 'install')
    expect(calls(unit)).toEqual(all)
    await succeed(unit, 'start')
    expect(calls(unit)).toEqual([])
    await succeed(unit, 'upgrade-charm')
    expect(calls(unit)).toEqual(all)
    expect(fs.existsSync(venv(unit))).toBe(false)
  })
})
