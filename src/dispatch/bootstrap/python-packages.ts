// Python packages for handlers, actions and scripts in Python: those of the charm's wheelhouse, and
// `python_packages`. As a rule in a virtual environment that only this unit has, beside the charm dir; with
// `use_venv: false` in the system, as the original does it.

import fs from 'node:fs'
import path from 'node:path'
import { venvBin, venvDir, venvMark } from '../../charm/venv.ts'
import { findExecutable } from '../../system/executables.ts'
import { KEY } from '../../unit/keys.ts'
import type { Session } from '../../unit/session.ts'
import { installDebianPackages } from './debian-packages.ts'
import { runInstaller, runPersistently } from './installer.ts'
import type { BasicOptions } from './options.ts'

/** Everything that decides what is installed. */
export interface PythonPlan {
  venv: boolean
  systemPackages: boolean
  /** Files in `wheelhouse/`. */
  wheelhouse: string[]
  /** Text of `wheelhouse.txt`, where there is no wheelhouse to install from. */
  requirements: string
  packages: string[]
}

const ARCHIVE = /\.(whl|zip|tgz|tar\.(gz|bz2|xz))$/

/** What others are built and installed with, so they come first. */
const TOOLS = new Set(['pip', 'setuptools', 'setuptools-scm', 'wheel'])

/** What is wanted; undefined when the charm needs nothing in Python. */
export function planPython(charmDir: string, options: BasicOptions): PythonPlan | undefined {
  const wheelhouse = readWheelhouse(charmDir)
  const requirements = wheelhouse.length > 0 ? '' : readRequirements(charmDir)
  const { pythonPackages: packages, useVenv: venv, includeSystemPackages: systemPackages } = options
  if (wheelhouse.length === 0 && requirements === '' && packages.length === 0) return undefined
  return { venv, systemPackages, wheelhouse, requirements, packages }
}

/** Install what the plan wants, unless that is done already. Without a plan, drop what earlier ones made. */
export async function installPython(
  session: Session,
  plan: PythonPlan | undefined,
  renew: boolean,
): Promise<void> {
  const { context, state } = session
  const wanted = plan === undefined ? undefined : JSON.stringify(plan)
  if (plan?.venv !== true && venvBin(context.charmDir) !== undefined) removeVenv(context.charmDir)
  if (plan?.venv !== false) state.delete(KEY.pythonPlan)
  if (plan === undefined || wanted === undefined) return
  if (plan.venv) {
    if (renew || !isVenvReady(context.charmDir, wanted)) await buildVenv(session, plan, wanted)
  } else if (renew || state.get(KEY.pythonPlan) !== wanted) {
    await installImplied(session, plan, 'python3-pip')
    await installPackages(session, plan, ['pip3'])
    state.set(KEY.pythonPlan, wanted)
    await state.commit()
  }
}

function isVenvReady(charmDir: string, wanted: string): boolean {
  // The interpreter is a link: an upgrade of the system may have taken away where it leads.
  const files = [venvMark(charmDir), path.join(venvDir(charmDir), 'bin', 'python3')]
  return files.every((file) => fs.existsSync(file)) && fs.readFileSync(venvMark(charmDir), 'utf8') === wanted
}

function removeVenv(charmDir: string): void {
  // First the mark: what is removed in part is no environment any more.
  fs.rmSync(venvMark(charmDir), { force: true })
  fs.rmSync(venvDir(charmDir), { recursive: true, force: true })
}

/** Always from scratch: an upgrade may bring another Python. */
async function buildVenv(session: Session, plan: PythonPlan, wanted: string): Promise<void> {
  const { charmDir } = session.context
  const dir = venvDir(charmDir)
  await installImplied(session, plan, 'python3-venv')
  session.log.info(`Making the virtual environment ${dir}`)
  removeVenv(charmDir)
  const options = plan.systemPackages ? ['--system-site-packages'] : []
  await runInstaller(session, 'python3', ['-m', 'venv', ...options, dir])
  await installPackages(session, plan, [path.join(dir, 'bin', 'python3'), '-m', 'pip'])
  fs.writeFileSync(venvMark(charmDir), wanted)
}

/** What Debian keeps apart from Python itself. Elsewhere the machine has to have it. */
async function installImplied(session: Session, plan: PythonPlan, needed: string): Promise<void> {
  if (findExecutable('apt-get', session.context.env.PATH ?? '') === undefined) return
  const builds = plan.wheelhouse.some((file) => !file.endsWith('.whl'))
  await installDebianPackages(session, builds ? [needed, 'python3-dev', 'build-essential'] : [needed])
}

/** Names instead of files and requirements: of several versions in a wheelhouse, pip takes the newest. */
async function installPackages(
  session: Session,
  plan: PythonPlan,
  [command = '', ...words]: readonly string[],
): Promise<void> {
  const pip = (...args: string[]) => runPersistently(session, command, [...words, 'install', ...args])
  const offline = ['--upgrade', '--no-index', '--no-cache-dir', '--find-links', 'wheelhouse']
  const names = [...new Set(plan.wheelhouse.map(packageName))].sort()
  const tools = names.filter((name) => TOOLS.has(name))
  const others = names.filter((name) => !TOOLS.has(name))
  if (tools.length > 0) await pip(...offline, ...tools)
  // What the system has of them does not count: the charm was made with these.
  if (others.length > 0) await pip(...offline, '--force-reinstall', ...others)
  if (plan.requirements !== '') await pip('--requirement', 'wheelhouse.txt')
  if (plan.packages.length > 0) await pip('--upgrade', ...plan.packages)
}

/** The name in `NAME-VERSION.tar.gz` or `NAME-VERSION-TAGS.whl`. */
function packageName(file: string): string {
  const stem = file.replace(ARCHIVE, '')
  const name = file.endsWith('.whl') ? stem.split('-')[0] : stem.slice(0, stem.lastIndexOf('-'))
  return (name || stem).replaceAll('_', '-')
}

function readWheelhouse(charmDir: string): string[] {
  const dir = path.join(charmDir, 'wheelhouse')
  if (!fs.existsSync(dir)) return []
  return fs
    .readdirSync(dir)
    .filter((name) => ARCHIVE.test(name))
    .sort()
}

function readRequirements(charmDir: string): string {
  const file = path.join(charmDir, 'wheelhouse.txt')
  if (!fs.existsSync(file)) return ''
  const text = fs.readFileSync(file, 'utf8')
  return text.split('\n').some((line) => /^\s*[^\s#]/.test(line)) ? text : ''
}
