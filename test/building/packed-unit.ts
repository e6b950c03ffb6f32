// A unit with a packed charm, without the simulator: archives laid over each other as Juju does, hooks and actions
// as Juju starts them, in the environment that Juju gives, with hook tools that answer from files. In a bare root
// nothing of the machine around it is there but the kernel.

import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const DEPLOY = path.resolve(import.meta.dirname, 'deploy.py')
const AGENTS = '/var/lib/juju/agents'

/** Answers from a file of its name, and writes down how it was called; status-set keeps the status. */
const TOOL = `#!/bin/bash
cd "\${0%/*}/../answers" || exit
name=\${0##*/}
printf '%s\\n' "$name \${*@Q}" >>../calls
if [[ -e $name.fails ]]; then echo 'ERROR refused' >&2; exit 1; fi
[[ ! -e $name ]] || cat "$name"
`
const TOOLS =
  'config-get is-leader leader-get relation-ids relation-list relation-get relation-set status-set open-port close-port application-version-set juju-log action-get action-set action-fail unit-get network-get'.split(
    ' ',
  )

export interface Ended {
  status: number
  stdout: string
  stderr: string
  milliseconds: number
}

export class PackedUnit {
  /** Where the root of the unit's machine is. */
  readonly root: string
  readonly charmDir: string
  /** The charm dir as the unit sees it. */
  readonly place: string
  readonly #isBare: boolean
  readonly #name: string
  #deployed: string | undefined
  /** What a shell does in the namespace of a bare root before the unit starts there. */
  enter = 'mount -t proc proc "$1/proc"'

  /** In a bare root the unit sees nothing else, no network either; without one, all of this machine. */
  constructor(dir: string, { bareRoot, name = 'guestbook/0' }: { bareRoot?: string; name?: string } = {}) {
    this.root = bareRoot ?? dir
    this.#isBare = bareRoot !== undefined
    this.#name = name
    const place = path.join(AGENTS, `unit-${name.replace('/', '-')}`, 'charm')
    this.charmDir = path.join(this.root, place)
    this.place = this.#isBare ? place : this.charmDir
    fs.mkdirSync(this.charmDir, { recursive: true })
    for (const name of ['tools', 'answers', 'commands']) fs.mkdirSync(this.#ofJuju(name), { recursive: true })
    fs.writeFileSync(this.#ofJuju('calls'), '')
    for (const tool of TOOLS) fs.writeFileSync(this.#ofJuju(`tools/${tool}`), TOOL, { mode: 0o755 })
    this.answer('config-get', '{}')
    this.answer('is-leader', 'false')
    this.answer('leader-get', '{}')
    this.answer('relation-ids', '[]')
  }

  #ofJuju(name: string): string {
    return path.join(this.root, 'juju', name)
  }

  /** Copy a charm dir as it is, for a unit whose machine has the toolkit. */
  copy(charm: string): void {
    fs.cpSync(charm, this.charmDir, { recursive: true, verbatimSymlinks: true })
  }

  /** The same files as a charm dir has, whose archive is deployed already. */
  link(charmDir: string): void {
    execFileSync('cp', ['--archive', '--link', `${charmDir}/.`, this.charmDir])
  }

  /** Lay an archive over the charm dir. */
  deploy(archive: string): number {
    const start = performance.now()
    const old = this.#deployed === undefined ? [] : [this.#deployed]
    execFileSync('python3', [DEPLOY, this.charmDir, archive, ...old])
    this.#deployed = archive
    return performance.now() - start
  }

  /** What a hook tool prints from now on. */
  answer(tool: string, text: string): void {
    fs.writeFileSync(this.#ofJuju(`answers/${tool}`), text)
  }

  /** Put a command of the machine on PATH. */
  command(name: string, script: string): void {
    fs.writeFileSync(this.#ofJuju(`commands/${name}`), script, { mode: 0o755 })
  }

  /** How hook tools were called since the last time. */
  takeCalls(): string[] {
    const lines = fs.readFileSync(this.#ofJuju('calls'), 'utf8').trimEnd().split('\n')
    fs.writeFileSync(this.#ofJuju('calls'), '')
    return lines
  }

  hook(name: string, env: Record<string, string> = {}): Promise<Ended> {
    const names = { JUJU_HOOK_NAME: name, JUJU_DISPATCH_PATH: `hooks/${name}` }
    return this.#start([`${this.place}/dispatch`], { ...names, ...env })
  }

  action(name: string): Promise<Ended> {
    const names = { JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: `actions/${name}`, JUJU_ACTION_NAME: name }
    return this.#start([`${this.place}/dispatch`], names)
  }

  /** What an operator does in the charm dir, as in `juju exec`. */
  exec(...words: string[]): Promise<Ended> {
    return this.#start(words, {})
  }

  /** What an operator does after `juju ssh`: nothing says which unit it is. */
  ssh(...words: string[]): Promise<Ended> {
    return this.#run(words, { PATH: this.#path }, '/')
  }

  get #path(): string {
    const juju = this.#isBare ? '/juju' : path.join(this.root, 'juju')
    const system = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    // Without Node.js, where this machine has one.
    return `${juju}/tools:${juju}/commands:${this.#isBare ? system : '/usr/sbin:/usr/bin:/sbin:/bin'}`
  }

  #start(words: string[], env: Record<string, string>): Promise<Ended> {
    const ofJuju = {
      CHARM_DIR: this.place,
      JUJU_CHARM_DIR: this.place,
      JUJU_CONTEXT_ID: 'context',
      JUJU_UNIT_NAME: this.#name,
      JUJU_VERSION: '3.6.0',
      LANG: 'C.UTF-8',
      PATH: this.#path,
      // Nothing of the unit gets onto this machine.
      ...(!this.#isBare && { CHARMS_REACTIVE_ROOT: this.root }),
    }
    return this.#run(words, { ...ofJuju, ...env }, this.place)
  }

  /** In a bare root as root of a namespace without network; `cd` and the environment are those of the unit. */
  #run(words: string[], env: Record<string, string>, cwd: string): Promise<Ended> {
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    const inside = ['/usr/bin/env', '-i', '-C', cwd, ...settings, ...words]
    const enter = `${this.enter} && mount --bind /dev "$1/dev" && exec chroot "$@"`
    const outside = ['unshare', '--mount', '--net', '--pid', '--fork', 'sh', '-c', enter, 'sh', this.root]
    const [file = '', ...args] = this.#isBare ? [...outside, ...inside] : inside
    return new Promise((resolve, reject) => {
      const start = performance.now()
      const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      const ended: Ended = { status: 255, stdout: '', stderr: '', milliseconds: 0 }
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        ended.stdout += text
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        ended.stderr += text
      })
      child.once('error', reject)
      child.once('close', (status) =>
        resolve({ ...ended, status: status ?? 255, milliseconds: performance.now() - start }),
      )
    })
  }
}
