// Another user of the machine: reaches neither the channel nor the unit state nor what is written on the way, and
// cannot lead the toolkit elsewhere by what he leaves where everybody may write.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { effort, figure } from '../effort.ts'
import { atEnd, SHELL } from '../test-unit.ts'
import { bash, LiveUnit, until } from './live-unit.ts'

const AS_NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups']
const LIMIT = { timeout: 400_000 }

/** What is below root's home is not for others. */
const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' }

/** Why these tests cannot run here; empty where they can. */
function findObstacle(): string {
  if (process.getuid?.() !== 0) return 'only root can become another user'
  const able = asNobody('python3 -c ""').status === 0
  return able ? '' : 'setpriv, or python3 for another user, is not there'
}
const obstacle = findObstacle()

interface Report {
  rounds: number
  seen: Record<string, number>
  done: string[]
}

interface Spy {
  /** Let it end, and hear what it has seen and what it could do. */
  end(): Promise<Report>
}

/** Run a bash script as the other user. */
function asNobody(
  script: string,
  ...words: string[]
): { status: number | null; stdout: string; stderr: string } {
  const args = [...AS_NOBODY, 'bash', '-c', script, 'bash', ...words]
  return spawnSync('setpriv', args, { encoding: 'utf8', cwd: '/', env: ENV, timeout: 20_000 })
}

/** Let the other user watch directories, and look for a word in command lines. */
async function startSpy(unit: LiveUnit, marker: string, ...directories: string[]): Promise<Spy> {
  const script = path.join(unit.dir, 'spy.py')
  fs.copyFileSync(path.join(import.meta.dirname, 'other-user/spy.py'), script)
  fs.chmodSync(script, 0o755)
  const child: ChildProcess = spawn('setpriv', [...AS_NOBODY, 'python3', script, marker, ...directories], {
    cwd: '/',
    env: ENV,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  atEnd(() => void child.kill())
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  await until(() => text.startsWith('ready\n'), 'the spy')
  return {
    async end() {
      child.stdin?.end()
      await once(child, 'close')
      return JSON.parse(text.slice('ready\n'.length))
    },
  }
}

/** A directory beside the charm, where everybody may write as in /tmp. */
function sharedDir(unit: LiveUnit): string {
  const dir = path.join(unit.dir, 'shared')
  fs.mkdirSync(dir)
  fs.chmodSync(dir, 0o1777)
  return dir
}

describe.skipIf(obstacle !== '')(`another user of the machine${obstacle && ` (${obstacle})`}`, () => {
  it('reaches neither the channel of a hook nor the environment of its processes', LIMIT, async () => {
    const unit = new LiveUnit({
      'reactive/app.sh': bash(`
        @hook start
        waits() {
          printf '%s' "$CHARMS_REACTIVE_CHANNEL" >channel.new
          mv channel.new channel
          while [[ ! -e go-on ]]; do sleep 0.02; done
        }`),
    })
    const client = path.join(unit.dir, 'shell')
    fs.cpSync(SHELL, client, { recursive: true })
    const hook = unit.hook('start')
    await until(() => fs.existsSync(unit.file('channel')), 'the hook')
    const channel = fs.readFileSync(unit.file('channel'), 'utf8')
    // It is there for the unit's own user, so that what follows says something.
    expect(fs.statSync(channel).isFIFO()).toBe(true)
    const tries = {
      write: 'printf x >"$1"',
      read: 'exec 9<"$1"',
      both: 'exec 9<>"$1"',
      list: 'ls "${1%/*}"',
      environment: 'cat "${1%/fd/*}/environ"',
      memory: 'head -c 1 "${1%/fd/*}/mem"',
      signal: 'pid=${1#/proc/}; kill "${pid%%/*}"',
    }
    for (const [what, script] of Object.entries(tries)) {
      expect([what, asNobody(`${script} 2>/dev/null`, channel).status]).not.toEqual([what, 0])
    }
    const flag = asNobody(
      'CHARMS_REACTIVE_SHELL=$2 CHARMS_REACTIVE_CHANNEL=$1 "$2/set_flag" theirs',
      channel,
      client,
    )
    expect(flag).toMatchObject({
      status: 3,
      stderr: `charms.reactive: the channel belongs to another user, and this process runs as user 65534: ${channel}\n`,
    })
    fs.writeFileSync(unit.file('go-on'), '')
    expect(await hook.ended).toMatchObject({ status: 0, stderr: '' })
    expect((await unit.state()).flags).toEqual([])
  })

  it(
    'reads and changes nothing of the state and its journal, also while they are written',
    LIMIT,
    async () => {
      const unit = new LiveUnit({
        'reactive/app.sh': bash(`
        @hook start
        writes() {
          for number in {1..20}; do charms.reactive kv set "hook.$number" "s3cret$number"; done
          charms.reactive kv set large "$(printf '%0100000d' 7)"
        }`),
      })
      const shared = sharedDir(unit)
      const spy = await startSpy(unit, 's3cret', unit.charmDir, shared)
      const count = effort({ sample: 1, full: 40 })
      for (let number = 0; number < count; number += 1) {
        const { status, stderr } = await unit.hook('start', { TMPDIR: shared }).ended
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
        await unit.ask('kv', 'set', `command.${number}`, 'value')
      }
      const { rounds, seen, done } = await spy.end()
      expect(done).toEqual([])
      expect(seen['.reactive-state.db']).toBeGreaterThan(0)
      figure('looks of another user while state was written', rounds)
      figure('of these, journals seen', seen['.reactive-state.db-journal'] ?? 0)
      figure(
        'directories of the channel seen',
        Object.keys(seen).filter((name) => name.startsWith('charms.reactive-')).length,
      )
      expect(fs.readdirSync(shared)).toEqual([])
      expect(Object.keys((await unit.state()).data).length).toBe(21 + count)
    },
  )

  it('cannot leave files where the toolkit looks for its own', LIMIT, async () => {
    const unit = new LiveUnit({})
    await unit.ask('set_flag', 'ours')
    const names = [
      '.reactive-state.db',
      '.reactive-state.db-journal',
      '.reactive-state.db.of-other-0',
      '.unit-state.db',
    ]
    for (const name of [...names, 'reactive/theirs.sh', 'exec.d']) {
      const file = unit.file(name)
      expect(asNobody('ln -sf /etc/passwd "$1" || cp /etc/passwd "$1" || mkdir "$1"', file).status).not.toBe(
        0,
      )
    }
    expect((await unit.state()).flags).toEqual(['ours'])
  })

  it('never sees what is rendered into a file of mode 0600, also not on the way', LIMIT, async () => {
    const unit = new LiveUnit({ 'templates/app.conf': 'password={{ password }}\n' })
    const etc = path.join(unit.dir, 'etc')
    fs.mkdirSync(etc)
    const shared = sharedDir(unit)
    const spy = await startSpy(unit, 'no word of ours', etc, shared)
    for (let number = 0; number < effort({ sample: 2, full: 100 }); number += 1) {
      for (const dir of [etc, shared]) {
        const target = path.join(dir, 'app.conf')
        await unit.ask('render_template', 'app.conf', target, 'password=x', '--mode', '0600')
        expect(fs.statSync(target).mode & 0o7777).toBe(0o600)
      }
    }
    const { seen, done } = await spy.end()
    expect(done).toEqual([])
    expect(seen['app.conf']).toBeGreaterThan(0)
    const temporaries = Object.keys(seen).filter((name) => /^\.app\.conf\.[0-9a-f]{24}$/.test(name))
    figure('temporary files of templates seen by another user', temporaries.length)
    expect([etc, shared].map((dir) => fs.readdirSync(dir))).toEqual([['app.conf'], ['app.conf']])
  })

  it('does not lead a template elsewhere by what he has left at its target', LIMIT, async () => {
    const unit = new LiveUnit({ 'templates/app.conf': 'new\n' })
    const precious = path.join(unit.dir, 'precious')
    fs.writeFileSync(precious, 'precious\n', { mode: 0o644 })
    const target = path.join(sharedDir(unit), 'app.conf')
    const plant = (script: string) => expect(asNobody(script, precious, target).status).toBe(0)
    const render = () => unit.command('render_template', 'app.conf', target, '--mode', '0600')

    plant('ln -s "$1" "$2"')
    expect(await render()).toMatchObject({
      status: 3,
      stderr: `charms.reactive: render_template: the symbolic link belongs to another user: ${target}\n`,
    })
    plant('ln -sfn "${1%/*}/fresh" "$2"')
    expect((await render()).status).toBe(3)
    plant('rm "$2"; mkfifo "$2"')
    expect(await render()).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('is not a regular file'),
    })
    expect(fs.readFileSync(precious, 'utf8')).toBe('precious\n')
    expect(fs.existsSync(path.join(unit.dir, 'fresh'))).toBe(false)

    // A file of his is replaced, also while he holds it open.
    plant('rm "$2"; echo theirs >"$2"; chmod 666 "$2"')
    expect(await render()).toMatchObject({ status: 0, stderr: '' })
    expect(fs.statSync(target)).toMatchObject({ uid: 0 })
    expect(asNobody('cat "$2"', precious, target).status).not.toBe(0)
    expect(fs.readFileSync(target, 'utf8')).toBe('new')
  })

  it('does not keep a hook by a pipe where it watches a file', LIMIT, async () => {
    const unit = new LiveUnit({})
    const file = path.join(sharedDir(unit), 'watched')
    expect(asNobody('mkfifo "$1"', file).status).toBe(0)
    // Nobody ever writes into it: a command that opened it to read would not end.
    const { status, stderr } = await unit.command('any_file_changed', file)
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: `charms.reactive: any_file_changed: the file cannot be watched: ${file}: it is not a regular file\n`,
    })
  })
})
