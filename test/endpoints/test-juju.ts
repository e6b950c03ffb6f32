// Relation tools for tests of a part: real executables that answer from files and write down their calls.

import fs from 'node:fs'
import path from 'node:path'
import { JujuRelations } from '../../src/endpoints/juju-relations.ts'
import { contextOf, makeCharm } from '../test-unit.ts'

/** What each call answers, by its words without `-r`, `-` and the format: `relation-get db:1 --app mysql`. */
export type Answers = Record<string, unknown>

// A call without an answer fails, as Juju's tools do.
const TOOL = `#!/bin/bash
words=("\${0##*/}")
for word; do
  case $word in -r | - | --format=json | --file) ;; *) words+=("$word") ;; esac
done
call=\${words[*]}
[[ $call != relation-set* ]] || call+=" $(cat)"
printf '%s\\n' "$call" >>"$CHARM_DIR/calls"
[[ $call != relation-set* ]] || exit 0
cat "$CHARM_DIR/answers/\${call//\\//%}" 2>/dev/null || { echo "ERROR no answer for: $call" >&2; exit 1; }
`

const TOOLS = ['relation-ids', 'relation-list', 'relation-get', 'relation-set', 'is-leader']

export interface Juju {
  charmDir: string
  env: Record<string, string>
  /** The calls since the last time, sorted: many are made at the same time. */
  calls(): string[]
  answer(answers: Answers): void
}

/** A charm whose hook tools give these answers. */
export function makeJuju(answers: Answers, files: Record<string, string> = {}): Juju {
  const tools = Object.fromEntries(TOOLS.map((tool) => [`tools/${tool}`, TOOL]))
  const charmDir = makeCharm({ ...tools, 'answers/none': '', ...files })
  const answer = (more: Answers) => {
    for (const [call, value] of Object.entries(more)) {
      const file = path.join(charmDir, 'answers', call.replaceAll('/', '%'))
      if (value === undefined) fs.rmSync(file)
      else fs.writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
    }
  }
  const calls = () => {
    const file = path.join(charmDir, 'calls')
    const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : []
    fs.rmSync(file, { force: true })
    return lines.sort()
  }
  answer(answers)
  const env = { PATH: `${charmDir}/tools:${process.env.PATH}`, JUJU_UNIT_NAME: 'app/0' }
  return { charmDir, env, calls, answer }
}

/** The facts of one hook. */
export function factsOf({ charmDir, env }: Juju, hook: Record<string, string> = {}, peers: string[] = []) {
  return new JujuRelations(contextOf(charmDir, { ...env, ...hook }), peers)
}
