// The entries that Juju starts: `dispatch`, and hooks/NAME and actions/NAME for Juju before 2.8. `hooks install`
// writes them into a charm dir (documentation 2.3.2), `pack` into an archive. A stub calls the toolkit that the
// charm carries, in `.reactive/` beside it or below `hooks/`, else the one that it was written for.

import fs from 'node:fs'
import path from 'node:path'
import { type Metadata, readActions, readMetadata } from '../charm/charm-files.ts'
import { messageOf, ReactiveError } from '../errors.ts'
import { HANDLER_DIRECTORIES } from '../handlers/discover.ts'
import { HOOK_STEPS } from '../juju/hook-names.ts'
import { isOriginalStub, isStub, STUB_MARKER } from './charm-script.ts'

/** What became of the entries, as paths relative to the charm dir. */
export interface Installed {
  written: string[]
  /** Stubs that were there already. */
  unchanged: string[]
  /** What the charm brought itself. */
  kept: string[]
  /** Stubs of ours for hooks and actions that the charm no longer has. */
  removed: string[]
}

const HOOKS = [
  'config-changed',
  'install',
  'leader-elected',
  'leader-settings-changed',
  'start',
  'stop',
  'upgrade-charm',
  'update-status',
  'pre-series-upgrade',
  'post-series-upgrade',
]
/** Hooks that only charms with handlers for them get, and how handler files say so. */
const RESTRICTED_HOOKS: Record<string, RegExp> = {
  'collect-metrics': /\b(collect_metrics|collectMetrics)\b/,
  'meter-status-changed': /\b(meter_status_changed|meterStatusChanged)\b/,
}

/**
 * Write the entries of a charm that are missing or out of date. What is no stub of ours stays as it is. Without
 * `shellDir` they hold no path of this machine, for a charm that carries the toolkit.
 */
export function installHooks(charmDir: string, shellDir?: string): Installed {
  const installed: Installed = { written: [], unchanged: [], kept: [], removed: [] }
  const stubs = stubTexts(charmDir, shellDir)
  for (const [file, text] of stubs) {
    const what = attempt('written', file, () => installStub(charmDir, file, text))
    installed[what].push(file)
  }
  for (const file of ['hooks', 'actions'].flatMap((dir) => staleStubs(charmDir, dir, stubs))) {
    attempt('removed', file, () => fs.rmSync(path.join(charmDir, file)))
    installed.removed.push(file)
  }
  return installed
}

/** The text of each stub that the charm needs, by its path; what the charm brings itself has the name as well. */
export function stubTexts(charmDir: string, shellDir?: string): Map<string, string> {
  const hooks = hookNames(charmDir).map((name) => `hooks/${name}`)
  const actions = actionNames(charmDir).map((name) => `actions/${name}`)
  return new Map(['dispatch', ...hooks, ...actions].map((file) => [file, stubText(charmDir, shellDir, file)]))
}

/** Whether a file of the charm is a stub, which another one replaces, or nothing. */
export function isOldStub(charmDir: string, file: string): boolean {
  const isEntry = /^(dispatch|(hooks|actions)\/[^/]+)$/.test(file)
  return isEntry && (isStub(path.join(charmDir, file)) || isOriginalStub(charmDir, file))
}

/** The hooks that a charm needs an entry for, by its metadata and handler files. */
export function hookNames(charmDir: string): string[] {
  const { endpoints, storage }: Metadata = readMetadata(charmDir)
  const texts = handlerTexts(charmDir)
  return [
    ...HOOKS,
    ...endpoints.flatMap(({ name }) =>
      HOOK_STEPS.relation.map((step) => `${plainName(name)}-relation-${step}`),
    ),
    ...storage.flatMap((name) => HOOK_STEPS.storage.map((step) => `${plainName(name)}-storage-${step}`)),
    ...Object.entries(RESTRICTED_HOOKS).flatMap(([name, mark]) =>
      texts.some((text) => mark.test(text)) ? [name] : [],
    ),
  ]
}

/** The actions of actions.yaml that handler files have handlers for. */
function actionNames(charmDir: string): string[] {
  const texts = handlerTexts(charmDir)
  const names = [...readActions(charmDir).keys()].map(plainName)
  return names.filter((name) => {
    const decorated = new RegExp(
      `^[^#\n]*\\baction\\b.*(?<![\\w.-])${name.replaceAll('.', '\\.')}(?![\\w.-])`,
      'm',
    )
    return texts.some((text) => decorated.test(text))
  })
}

/** Juju itself wants simpler names; this is what may become the name of a file. */
function plainName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw new ReactiveError(`no hook or action can have such a name: ${name}`)
}

function handlerTexts(charmDir: string): string[] {
  return HANDLER_DIRECTORIES.flatMap((name) => {
    const dir = path.join(charmDir, name)
    if (!fs.existsSync(dir)) return []
    const entries = fs.readdirSync(dir, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    return files.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
  })
}

/**
 * For Juju versions that do not say the hook's name, a stub of a hook passes its own. A launcher that has lost its
 * execute bit still runs, so that it can say what is wrong.
 */
function stubText(charmDir: string, shellDir: string | undefined, file: string): string {
  const main = file === 'dispatch' ? 'main' : 'main "${0##*/}"'
  return `#!/bin/sh
${STUB_MARKER}
toolkit="\${0%/*}/${upFrom(file)}.reactive/shell/charms.reactive"
[ -e "$toolkit" ] || toolkit="\${0%/*}/${upFrom(file)}hooks/.reactive/shell/charms.reactive"
[ ! -e "$toolkit" ] || exec bash "$toolkit" ${main}
exec ${programOf(charmDir, shellDir, file)} ${main}
`
}

/** The way from the directory of a file to the charm dir. */
function upFrom(file: string): string {
  return '../'.repeat(file.split('/').length - 1)
}

/** The launcher, as a word of sh. A toolkit that stands in the charm moves with it. */
function programOf(charmDir: string, shellDir: string | undefined, file: string): string {
  if (shellDir === undefined) return 'charms.reactive'
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const inside = path.relative(fs.realpathSync(charmDir), fs.realpathSync(shellDir))
  if (inside.startsWith('..')) return quote(path.join(shellDir, 'charms.reactive'))
  return `"\${0%/*}"${quote(`/${upFrom(file)}${inside}/charms.reactive`)}`
}

function installStub(charmDir: string, name: string, text: string): 'written' | 'unchanged' | 'kept' {
  const file = path.join(charmDir, name)
  const stat = fs.lstatSync(file, { throwIfNoEntry: false })
  const isOurs = stat?.isFile() === true && isStub(file)
  if (stat !== undefined && !isOurs && !isOriginalStub(charmDir, name)) return 'kept'
  if (isOurs && (stat.mode & 0o777) === 0o755 && fs.readFileSync(file, 'utf8') === text) return 'unchanged'
  fs.mkdirSync(path.dirname(file), { recursive: true })
  // Juju may start it at any moment: in one step, and executable from the start.
  const fresh = `${file}.${process.pid}`
  fs.writeFileSync(fresh, text)
  fs.chmodSync(fresh, 0o755)
  fs.renameSync(fresh, file)
  return 'written'
}

function staleStubs(charmDir: string, dir: string, stubs: ReadonlyMap<string, string>): string[] {
  const absolute = path.join(charmDir, dir)
  if (!fs.existsSync(absolute)) return []
  const isFile = (file: string) => fs.lstatSync(path.join(charmDir, file)).isFile()
  const isStale = (file: string) => !stubs.has(file) && isFile(file) && isStub(path.join(charmDir, file))
  return attempt('found', dir, () =>
    fs
      .readdirSync(absolute)
      .map((name) => `${dir}/${name}`)
      .filter(isStale),
  )
}

function attempt<Result>(what: string, name: string, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    throw new ReactiveError(`a stub cannot be ${what}: ${name}: ${messageOf(error)}`, { cause: error })
  }
}
