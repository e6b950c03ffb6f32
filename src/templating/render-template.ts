// The command `render_template`: which variables a template sees, and where its result goes.

import path from 'node:path'
import { ReactiveError, UsageError } from '../errors.ts'
import { underRoot } from '../juju/context.ts'
import { readPair } from '../system/key-values.ts'
import { toRecord } from '../unit/records.ts'
import type { Session } from '../unit/session.ts'
import { installFile } from './install-file.ts'
import { renderTemplate } from './render.ts'

interface Given {
  /** Variables of a caller in JavaScript. */
  variables?: Record<string, unknown>
  /** `k=v` words. */
  pairs?: readonly string[]
  /** Shell variables as shell/render.sh hands them: text NAME VALUE, list NAME COUNT…, map NAME COUNT…. */
  shellVariables?: readonly string[]
  /** `strict`, the default, or `empty`. */
  undefinedMode?: string | undefined
  owner?: string | undefined
  group?: string | undefined
  /** Octal digits. */
  mode?: string | undefined
}

/** Render a template of the charm to a file: environment, then shell variables, then `k=v`. */
export function renderToFile(
  session: Session,
  source: string,
  target: string,
  { variables: own = {}, pairs = [], shellVariables = [], undefinedMode, owner, group, mode }: Given,
): void {
  const { context } = session
  const variables = toRecord([
    ...Object.entries(context.env),
    ...readShellVariables(shellVariables),
    ...pairs.map((pair) => readPair(pair, 'a variable is written NAME=VALUE')),
    ...Object.entries(own),
  ])
  const content = concealing(session, variables, () =>
    renderTemplate(source, variables, {
      templateDir: path.join(context.charmDir, 'templates'),
      undefined: checkUndefined(undefinedMode),
    }),
  )
  installFile(underRoot(context, target), content, {
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(mode !== undefined && { mode: parseMode(mode) }),
  })
}

/** What a template says when it fails may have values in it, which no record shall have. */
function concealing<T>(
  { concealed, context }: Session,
  variables: Record<string, unknown>,
  work: () => T,
): T {
  try {
    return work()
  } catch (error) {
    for (const [name, value] of Object.entries(variables)) {
      if (context.env[name] !== value) concealed.set(value, `variable ${name}`)
    }
    throw error
  }
}

function checkUndefined(mode = 'strict'): 'strict' | 'empty' {
  if (mode === 'strict' || mode === 'empty') return mode
  throw new UsageError(`--undefined takes empty or strict: ${mode}`)
}

function parseMode(mode: string): number {
  if (!/^0?o?[0-7]{3,4}$/.test(mode)) throw new UsageError(`--mode takes an octal number: ${mode}`)
  return Number.parseInt(mode.replace('o', ''), 8)
}

function readShellVariables(words: readonly string[]): [string, unknown][] {
  const rest = [...words]
  const variables: [string, unknown][] = []
  while (rest.length > 0) {
    const [kind = '', name = ''] = rest.splice(0, 2)
    if (kind === 'text') variables.push([name, rest.shift() ?? ''])
    else if (kind === 'list') variables.push([name, rest.splice(0, Number(rest.shift()))])
    else if (kind === 'map') variables.push([name, pairsToMap(rest.splice(0, 2 * Number(rest.shift())))])
    else throw new ReactiveError(`unknown kind of shell variable: ${kind}`)
  }
  return variables
}

function pairsToMap(words: readonly string[]): Record<string, string> {
  const map: Record<string, string> = Object.create(null)
  for (let index = 0; index < words.length; index += 2) map[words[index] ?? ''] = words[index + 1] ?? ''
  return map
}
