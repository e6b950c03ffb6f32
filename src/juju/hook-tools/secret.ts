// Secrets (Juju 3.0.3 and later). Every change is buffered until the hook succeeds. Contents go through
// files, since other users of the machine can read the words of a command.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Context } from '../context.ts'
import { option, run, runHookTool, runJson, toList, toMap, toTexts, withWords } from './run.ts'

export interface SecretOptions {
  label?: string
  description?: string
  /** A duration or a point in time, as Juju reads it. */
  expire?: string
  rotate?: 'never' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly'
  owner?: 'unit' | 'application'
}

export interface SecretInfo {
  id: string
  [property: string]: unknown
}

/** Add a secret, and return its id. Buffered until the hook succeeds. */
export async function secretAdd(
  context: Context,
  content: Readonly<Record<string, string>>,
  options: SecretOptions = {},
): Promise<string> {
  return withFiles(content, async (words) => {
    const stdout = await runHookTool(context, 'secret-add', [...optionsOf(options), ...words])
    return stdout.trim()
  })
}

/** Give a secret new content, or change its settings. Buffered until the hook succeeds. */
export async function secretSet(
  context: Context,
  id: string,
  content: Readonly<Record<string, string>> = {},
  options: SecretOptions = {},
): Promise<void> {
  await withFiles(content, (words) => run(context, 'secret-set', [...optionsOf(options), id, ...words]))
}

/**
 * The content of a secret, by its id or the label that this unit gave it; with both, it gets this label.
 * `refresh` moves to the newest revision, which counts from the end of the hook; `peek` only looks. Reads.
 */
export async function secretGet(
  context: Context,
  id: string | undefined,
  options: { label?: string; peek?: boolean; refresh?: boolean } = {},
): Promise<Record<string, string>> {
  const { label, peek, refresh } = options
  const flags = [...option('label', label), ...option('peek', peek), ...option('refresh', refresh)]
  return toTexts(await runJson(context, 'secret-get', flags, id === undefined ? [] : [id]))
}

/** Let a relation's application, or one unit of it, read a secret. Buffered until the hook succeeds. */
export async function secretGrant(
  context: Context,
  id: string,
  relation: string,
  unit?: string,
): Promise<void> {
  await run(context, 'secret-grant', withWords(['-r', relation, ...option('unit', unit)], [id]))
}

/** Take back what `secretGrant` gave. Buffered until the hook succeeds. */
export async function secretRevoke(
  context: Context,
  id: string,
  from: { relation?: string; application?: string; unit?: string },
): Promise<void> {
  const relation = from.relation === undefined ? [] : ['-r', from.relation]
  const flags = [...relation, ...option('app', from.application), ...option('unit', from.unit)]
  await run(context, 'secret-revoke', withWords(flags, [id]))
}

/** Remove a secret, or one revision of it. Buffered until the hook succeeds. */
export async function secretRemove(context: Context, id: string, revision?: number): Promise<void> {
  await run(context, 'secret-remove', withWords(option('revision', revision), [id]))
}

/** The ids of the secrets that this unit owns. Reads. */
export async function secretIds(context: Context): Promise<string[]> {
  return toList(await runJson(context, 'secret-ids', []))
}

/** What Juju knows about a secret of this unit, by its id or its label; null for none. Reads. */
export async function secretInfoGet(
  context: Context,
  secret: { id: string } | { label: string },
): Promise<SecretInfo | null> {
  const [flags, words] = 'id' in secret ? [[], [secret.id]] : [option('label', secret.label), []]
  const [found] = Object.entries(toMap(await runJson(context, 'secret-info-get', flags, words)))
  return found === undefined ? null : { ...toMap(found[1]), id: found[0] }
}

function optionsOf({ label, description, expire, rotate, owner }: SecretOptions): string[] {
  return Object.entries({ label, description, expire, rotate, owner }).flatMap(([name, value]) =>
    option(name, value),
  )
}

/** The content as `KEY#file=PATH` words, while the work goes on. */
async function withFiles<T>(
  content: Readonly<Record<string, string>>,
  work: (words: string[]) => Promise<T>,
): Promise<T> {
  // Mode 0700.
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-secret-'))
  try {
    const words = Object.entries(content).map(([key, value], index) => {
      const file = path.join(dir, String(index))
      fs.writeFileSync(file, value, { mode: 0o600 })
      return `${key}#file=${file}`
    })
    return await work(words)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}
