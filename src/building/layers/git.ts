// git, the system's own: called with words and never through a shell, without a terminal to ask on, and without
// the hooks of whoever runs it.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { codeOf, oneLine, ReactiveError } from '../../errors.ts'

/** Nobody is asked for a password, and only transports that transport are used. */
const SILENT = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'true',
  SSH_ASKPASS: 'true',
  SSH_ASKPASS_REQUIRE: 'never',
  GCM_INTERACTIVE: 'never',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
  GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
  LC_ALL: 'C',
}

/** What another git around this process has set up for its own repository. */
const FOREIGN =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|NAMESPACE|PREFIX|CEILING_DIRECTORIES|CONFIG_PARAMETERS|CONFIG_COUNT)$/

const COMMON = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'gc.auto=0']

/** The environment of the caller, and where git is to work. */
export interface GitPlace {
  env: NodeJS.ProcessEnv
  cwd?: string
  /** A bare repository, and where its files go. */
  repository?: string
  workTree?: string
  index?: string
}

/** What git prints. A failure is an error with what it says. */
export function git(words: readonly string[], { cwd, env, repository, workTree, index }: GitPlace): string {
  const places = { GIT_DIR: repository, GIT_WORK_TREE: workTree, GIT_INDEX_FILE: index }
  const { status, stdout, stderr, error } = spawnSync('git', [...COMMON, ...words], {
    cwd,
    env: { ...withoutForeign(env), ...SILENT, ...given(places) },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (error !== undefined)
    throw new ReactiveError(
      codeOf(error) === 'ENOENT' ? 'git is not installed' : `git: ${oneLine(error.message)}`,
    )
  if (status === 0) return stdout
  const lines = stderr.trim().split('\n')
  const said = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? ''
  throw new ReactiveError(`git ${words[0]} failed with status ${status}: ${oneLine(said).slice(0, 300)}`)
}

function withoutForeign(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)))
}

const given = (places: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(places).filter(([, place]) => place !== undefined))

/** The commit of a directory that is a work tree of its own; empty where it is none, or has no commit. */
export function commitOf(dir: string, env: NodeJS.ProcessEnv): string {
  if (!fs.existsSync(path.join(dir, '.git'))) return ''
  try {
    return git(['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: dir, env }).trim()
  } catch {
    return ''
  }
}
