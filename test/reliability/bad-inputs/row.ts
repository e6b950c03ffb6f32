// A row of bad-inputs.test.ts: what is given to a charm, and the exact lines and the exit status that come of it.
// Each row runs the launcher as a process of its own, in a charm directory of its own, with small hook tools on
// PATH. Without juju-log the engine's log is on stderr, so that its lines are seen as well.

import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { SHELL } from '../../test-unit.ts'

export interface Row {
  /** What is given, as the title. */
  given: string
  /** Files of the charm; those that begin with `#!` are executable, `null` takes one away. */
  files?: Record<string, string | Buffer | null>
  /** What is more than a file with a text. */
  prepare?: (charmDir: string) => void | Promise<void>
  /** The words behind `charms.reactive`; the hook install if not said. */
  words?: readonly string[]
  /** Instead of the launcher: words of a shell, in the charm dir. */
  script?: string
  /** A hook tool that is not there. */
  withoutTool?: string
  /** Environment besides that of a hook; `null` takes a variable away. */
  env?: Record<string, string | null>
  input?: string
  /** The name of the charm dir. */
  dirName?: string
  /** 3 if not said. */
  status?: number
  /** The lines on stderr, `DIR` for the charm dir, without the `charms.reactive: ` in front. */
  says?: string | readonly string[]
  /** stdout; nothing if not said. */
  prints?: string
  /** Flags that are set afterwards, if that matters. */
  flags?: readonly string[]
}

export interface Outcome {
  status: number
  stdout: string
  stderr: string
  /** Whether it had to be killed. */
  hung: boolean
  flags: string[]
  /** What a word has made that was run: files called CANARY. */
  canaries: string[]
}

const METADATA = 'name: app\nprovides:\n  website: http\nrequires:\n  db: {interface: mysql}\n'
const TOOLS = {
  'config-get': '#!/bin/sh\necho "{}"\n',
  'is-leader': '#!/bin/sh\necho false\n',
  'leader-get': '#!/bin/sh\necho "{}"\n',
  'relation-ids': '#!/bin/sh\necho "[]"\n',
  'status-set': '#!/bin/sh\n',
}
/** More than any row needs, also on a busy machine: what takes longer hangs. */
const PATIENCE_MS = 20_000

const CHARM = {
  'metadata.yaml': METADATA,
  'config.yaml': 'options: {}\n',
  'layer.yaml': 'includes: []\n',
}

function write(dir: string, files: Record<string, string | Buffer | null>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name)
    fs.rmSync(file, { recursive: true, force: true })
    if (content === null) continue
    fs.mkdirSync(path.dirname(file), { recursive: true })
    const isProgram = String(content).startsWith('#!')
    fs.writeFileSync(file, content, { mode: isProgram ? 0o755 : 0o644 })
  }
}

/** Do what a row says in a new directory, and take that away. */
export async function outcomeOf(row: Row): Promise<Outcome> {
  const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-bad-')))
  try {
    const charmDir = path.join(top, row.dirName ?? 'charm')
    write(charmDir, { ...CHARM, ...row.files })
    write(path.join(top, 'tools'), {
      ...TOOLS,
      ...(row.withoutTool !== undefined && { [row.withoutTool]: null }),
    })
    await row.prepare?.(charmDir)
    const outcome = await start(row, charmDir, environmentOf(row, top, charmDir))
    const flags = row.flags === undefined ? [] : await flagsOf(charmDir)
    const show = (text: string) =>
      text.replaceAll(charmDir, 'DIR').replaceAll(top, 'TOP').replaceAll(SHELL, 'SHELL')
    const canaries = fs
      .readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter((name) => path.basename(name) === 'CANARY')
    return { ...outcome, canaries, stdout: show(outcome.stdout), stderr: show(outcome.stderr), flags }
  } finally {
    fs.rmSync(top, { recursive: true, force: true })
  }
}

function environmentOf(row: Row, top: string, charmDir: string): Record<string, string> {
  const inHook = row.words === undefined || row.words[0] === 'main'
  const given = {
    PATH: `${top}/tools:${process.env.PATH}`,
    HOME: '/nonexistent',
    CHARM_DIR: charmDir,
    ...(inHook && { JUJU_HOOK_NAME: 'install', JUJU_UNIT_NAME: 'app/0' }),
    ...row.env,
  }
  const texts = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(
    texts.map(([name, value]) => [
      name,
      value.replaceAll('DIR/', `${charmDir}/`).replaceAll('TOP/', `${top}/`),
    ]),
  )
}

async function flagsOf(charmDir: string): Promise<string[]> {
  const env = { PATH: process.env.PATH ?? '', CHARM_DIR: charmDir }
  const { stdout } = await start({ given: '', words: ['get_flags'] }, charmDir, env)
  return stdout.split('\n').filter(Boolean)
}

function start(
  row: Row,
  charmDir: string,
  env: Record<string, string>,
): Promise<Omit<Outcome, 'flags' | 'canaries'>> {
  const launcher = path.join(SHELL, 'charms.reactive')
  const [file, ...args] =
    row.script === undefined ? [launcher, ...(row.words ?? ['main'])] : ['/bin/bash', '-c', row.script]
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: charmDir,
      env: { ...env, SHELL_DIR: SHELL },
      stdio: 'pipe',
      detached: true,
    })
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text
      })
    }
    let hung = false
    const timer = setTimeout(() => {
      hung = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, PATIENCE_MS)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ status: code ?? 255, ...texts, hung })
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(row.input ?? '')
  })
}

/** The lines that a row promises on stderr. */
export function stderrOf({ says = [] }: Row): string {
  return [says]
    .flat()
    .map((line) => `charms.reactive: ${line}\n`)
    .join('')
}
