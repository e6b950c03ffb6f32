// One hook whose bash handler makes many calls with many values, and what each call answered. The values reach the
// handler through a file, so that nothing quotes them on the way.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bareEnv, run, SHELL, writeFiles } from '../../test-unit.ts'

export interface Answer {
  status: number
  stdout: string
  stderr: string
}

/** A call: words of bash, in which `${v[N]}` is the value N, and what it must answer. */
export interface Call {
  line: string
  check: (answer: Answer) => void
}

export interface Hook {
  dir: string
  values: readonly (string | Buffer)[]
  calls: readonly Call[]
  /** Lines of bash around the calls: options, odd variables. */
  before?: string
  env?: Record<string, string>
  files?: Record<string, string>
}

const TOOLS = {
  'config-get': '#!/bin/sh\ncat data/config.json\n',
  'is-leader': '#!/bin/sh\necho true\n',
  'leader-get': '#!/bin/sh\necho "{}"\n',
  'leader-set': '#!/bin/sh\n',
  'relation-ids': '#!/bin/bash\n[[ ${!#} == db ]] && echo \'["db:1"]\' || echo "[]"\n',
  'relation-list': '#!/bin/bash\n[[ "$*" == *--app* ]] && echo \'"mysql"\' || echo \'["mysql/0"]\'\n',
  'relation-get': '#!/bin/bash\n[[ ${!#} == mysql/0 ]] && cat data/remote.json || echo "{}"\n',
  'relation-set': '#!/bin/bash\ncat >data/published.json\n',
}

export const METADATA = 'name: app\nprovides:\n  website: http\nrequires:\n  db: {interface: mysql}\n'

/** A directory for a charm with small hook tools, until the work is done. */
export async function inCharm<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-injection-')))
  try {
    const tools = Object.entries(TOOLS).map(([name, text]) => [`tools/${name}`, text])
    writeFiles(dir, {
      'metadata.yaml': METADATA,
      ...Object.fromEntries(tools),
      'data/config.json': '{}',
      'data/remote.json': '{}',
      // What a glob would find.
      a: '',
      b: '',
    })
    return await work(dir)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

/** Run the hook install in the charm. */
export function runHook(dir: string, env: Record<string, string> = {}) {
  const base = bareEnv(dir, { JUJU_HOOK_NAME: 'install', JUJU_UNIT_NAME: 'app/0', ...env })
  return run(path.join(SHELL, 'charms.reactive'), ['main'], {
    cwd: dir,
    env: { ...base, PATH: `${dir}/tools:${base.PATH}` },
  })
}

/** The files that something has made that was evaluated. */
export function canaries(dir: string): string[] {
  const names = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => path.basename(name).startsWith('CANARY'))
}

/** Run the calls in one hook, and check each answer. */
export async function runCalls({ dir, values, calls, before = '', env, files = {} }: Hook): Promise<Answer> {
  fs.writeFileSync(
    path.join(dir, 'values'),
    Buffer.concat(values.map((value) => Buffer.concat([Buffer.from(value), Buffer.from([0])]))),
  )
  const handler = `#!/bin/bash
source charms.reactive.sh
@hook install
calls() {
  local v=() value=''
  while IFS= read -r -d '' value; do v+=("$value"); done <values
  ask() {
    { "$@"; printf '\\0%s\\0' "$?"; } >>answers 2>>errors
    printf '\\0' >>errors
  }
${before}
${calls.map(({ line }) => `  ask ${line}`).join('\n')}
}
reactive_handler_main
`
  writeFiles(dir, { ...files, 'reactive/calls.sh': handler })
  const hook = await runHook(dir, env)
  const read = (name: string) => fs.readFileSync(path.join(dir, name), 'utf8').split('\0').slice(0, -1)
  const [answers, errors] = [read('answers'), read('errors')]
  if (errors.length !== calls.length || answers.length !== 2 * calls.length) {
    throw new Error(`${calls.length} calls gave ${errors.length} answers: ${hook.stderr}`)
  }
  for (const [index, { line, check }] of calls.entries()) {
    const answer = {
      status: Number(answers[2 * index + 1]),
      stdout: answers[2 * index] ?? '',
      stderr: errors[index] ?? '',
    }
    try {
      check(answer)
    } catch (error) {
      const shown = values.map((value) => JSON.stringify(String(value).slice(0, 200)))
      throw new Error(`${line} answered ${JSON.stringify(answer).slice(0, 600)}, with ${shown.join(', ')}`, {
        cause: error,
      })
    }
  }
  return hook
}
