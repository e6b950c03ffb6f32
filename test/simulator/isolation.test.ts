import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type SimulatedUnitOptions, simulateUnit } from '../../src/simulator/unit.ts'
import { makeCharm, runScript, startUnit } from './test-charm.ts'

const NAME = `charms.reactive-test-${process.pid}`
const FILE = `/etc/${NAME}`
/** What this machine allows is found by trying. */
const possible = await (async () => {
  const unit = await simulateUnit(makeCharm({ dispatch: '#!/bin/sh\n' }))
  await unit.close()
  return unit.isolation
})()
const isPossible = possible.directories.includes('/etc')
const options: SimulatedUnitOptions = { isolate: true }

describe.skipIf(!isPossible)(`the private overlay (${possible.problem || 'possible here'})`, () => {
  it('keeps what a handler writes by absolute path in the unit, from one event to the next', async () => {
    const unit = await startUnit(undefined, options)
    const script = `echo mine >${FILE}; mkdir -p /usr/local/lib/${NAME}/x; echo y >/var/lib/${NAME}; cat ${FILE}`
    expect(await runScript(unit, script)).toMatchObject({ stdout: 'mine\n', stderr: '' })
    for (const file of [FILE, `/usr/local/lib/${NAME}`, `/var/lib/${NAME}`])
      expect(fs.existsSync(file), file).toBe(false)
    expect(fs.readFileSync(path.join(unit.root, FILE), 'utf8')).toBe('mine\n')
    expect(await runScript(unit, `cat ${FILE}; rm ${FILE}; ls ${FILE} 2>&1 || :`)).toMatchObject({
      stdout: expect.stringMatching(/^mine\nls: /),
    })
    expect(await unit.command(['ls', `/usr/local/lib/${NAME}`])).toMatchObject({ stdout: 'x\n' })
  })

  it('shows what the toolkit writes below the root as the system, and the other way round', async () => {
    const unit = await startUnit(undefined, options)
    const script = `echo a >"$CHARMS_REACTIVE_ROOT${FILE}"; echo b >>${FILE}; cat "$CHARMS_REACTIVE_ROOT${FILE}"`
    expect(await runScript(unit, script)).toMatchObject({ stdout: 'a\nb\n', stderr: '' })
  })

  it('changes and removes files of the system for the unit alone', async () => {
    const unit = await startUnit(undefined, options)
    const before = fs.readFileSync('/etc/passwd', 'utf8')
    const script =
      'echo extra >>/etc/passwd; tail -n 1 /etc/passwd; rm /etc/group; ls /etc/group 2>/dev/null || echo gone'
    expect(await runScript(unit, script)).toMatchObject({ stdout: 'extra\ngone\n' })
    expect(fs.readFileSync('/etc/passwd', 'utf8')).toBe(before)
    expect(fs.existsSync('/etc/group')).toBe(true)
  })

  it('lets stubs be found by the PATH of the system, as charmhelpers starts apt-get', async () => {
    const commands = { 'apt-get': '#!/bin/sh\necho "stub: $*"\n' }
    const unit = await startUnit(undefined, { ...options, commands })
    const script = `env -i /bin/bash -c 'set -a; source /etc/environment; apt-get install x; dpkg -i y; exit 0'`
    const { stdout, commands: calls } = await runScript(unit, script)
    expect(stdout).toBe('stub: install x\n')
    expect(calls.map(({ command, refused }) => [command, refused])).toEqual([
      ['apt-get', false],
      ['dpkg', true],
    ])
    expect(fs.existsSync(path.join(unit.root, 'etc/environment'))).toBe(false)
  })

  it('sees what a test puts below the root between events', async () => {
    const unit = await startUnit(undefined, options)
    await runScript(unit, `ls ${FILE} 2>/dev/null; echo x >/etc/${NAME}-other`)
    fs.writeFileSync(path.join(unit.root, FILE), 'given\n')
    expect(await runScript(unit, `cat ${FILE} /etc/${NAME}-other`)).toMatchObject({
      stdout: 'given\nx\n',
      stderr: '',
    })
    fs.rmSync(path.join(unit.root, FILE))
    expect(await runScript(unit, `cat ${FILE}`)).toMatchObject({ exitStatus: 1 })
  })

  it('is the same for commands that run beside a hook', async () => {
    const unit = await startUnit(undefined, options)
    const running = runScript(
      unit,
      `echo x >${FILE}; touch started; while [ ! -e ${FILE}.go ]; do sleep 0.02; done; echo done`,
    )
    await expect.poll(() => fs.existsSync(path.join(unit.charmDir, 'started'))).toBe(true)
    expect(await unit.command(['cat', FILE])).toMatchObject({ stdout: 'x\n' })
    await unit.command(['touch', `${FILE}.go`])
    expect(await running).toMatchObject({ stdout: 'done\n', exitStatus: 0 })
  })

  it('is private to each unit, and leaves nothing behind', async () => {
    const [one, two] = [await startUnit(undefined, options), await startUnit(undefined, options)]
    await Promise.all([runScript(one, `echo 1 >${FILE}`), runScript(two, `echo 2 >${FILE}`)])
    expect(await runScript(one, `cat ${FILE}`)).toMatchObject({ stdout: '1\n' })
    expect(await runScript(two, `cat ${FILE}`)).toMatchObject({ stdout: '2\n' })
    await Promise.all([one.close(), two.close()])
    expect([one.dir, two.dir].filter((dir) => fs.existsSync(dir))).toEqual([])
    await expect.poll(() => fs.readFileSync('/proc/mounts', 'utf8')).not.toContain(one.dir)
  })

  it('lets statuses, signals and hook tools through as they are', async () => {
    const unit = await startUnit(undefined, options)
    expect(await runScript(unit, 'exit 42')).toMatchObject({ exitStatus: 42, signal: null })
    expect(await runScript(unit, 'kill -TERM $$')).toMatchObject({ exitStatus: 143, signal: 'SIGTERM' })
    expect(await runScript(unit, 'config-get port; env | sort >env')).toMatchObject({ stdout: '8080\n' })
    expect(await unit.command(['no-such-command'])).toMatchObject({ exitStatus: 127 })
  })
})

describe('isolation', () => {
  it('can be left out', async () => {
    const unit = await startUnit(undefined, { isolate: false })
    expect(unit.isolation).toEqual({ directories: [], problem: '' })
    expect(await runScript(unit, 'config-get port')).toMatchObject({ stdout: '8080\n' })
  })

  it.runIf(process.getuid?.() === 0)('works for other users, or says why not', { timeout: 60_000 }, () => {
    const dir = makeCharm({
      dispatch: `#!/bin/bash\nid -u; echo x >${FILE} && cat ${FILE}; config-get port; juju-log "$(is-leader)"\n`,
    })
    const bundle = path.join(dir, 'bundle.mjs')
    const source = path.resolve(import.meta.dirname, '../../src/simulator/unit.ts')
    const esbuild = path.resolve(import.meta.dirname, '../../node_modules/.bin/esbuild')
    const banner = `--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);`
    fs.cpSync(path.resolve(import.meta.dirname, '../../shell'), path.join(dir, 'shell'), { recursive: true })
    execFileSync(esbuild, [
      source,
      '--bundle',
      '--platform=node',
      '--format=esm',
      banner,
      `--outfile=${bundle}`,
      '--log-level=error',
    ])
    const code = `import { simulateUnit } from '${bundle}'
      const unit = await simulateUnit('${dir}')
      const { stdout, log } = await unit.run({ name: 'install' })
      await unit.close()
      console.log(JSON.stringify({ ...unit.isolation, stdout, log }))`
    fs.chmodSync(dir, 0o755)
    fs.writeFileSync(path.join(dir, 'run.mjs'), code)
    const args = [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      path.join(dir, 'run.mjs'),
    ]
    const { directories, problem, stdout, log } = JSON.parse(
      execFileSync('setpriv', args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' }, cwd: '/' }),
    )
    expect(fs.existsSync(FILE)).toBe(false)
    expect(log).toContainEqual({ level: 'INFO', message: 'True', source: 'juju-log' })
    // In a user namespace it is root, otherwise it is nobody and may not write there.
    if (directories.length > 0) expect(stdout).toBe('0\nx\n8080\n')
    else expect([problem !== '', stdout]).toEqual([true, '65534\n8080\n'])
  })
})
