// Debian packages: one look at what is missing, and apt-get for that.

import type { Session } from '../../unit/session.ts'
import { attempt, outputOf, runPersistently } from './installer.ts'

/** A package that `dpkg-query` lists, by each of its names (`git`, `libc6:amd64`), with its version. */
type Installed = ReadonlyMap<string, string>

const FORMAT = '${db:Status-Status} ${Version} ${Package} ${binary:Package} ${Package}:${Architecture}\n'

/** The options that the original gives, and a wait for whoever else installs something. */
const OPTIONS = [
  '--option=Dpkg::Options::=--force-confold',
  '--option=DPkg::Lock::Timeout=60',
  '--assume-yes',
]

/** Install those of the packages that are not there. Up to three tries, with an update in between. */
export async function installDebianPackages(session: Session, packages: readonly string[]): Promise<void> {
  const installed = await findInstalled(session, packages)
  const missing = packages.filter((wanted) => !isInstalled(wanted, installed))
  if (missing.length === 0) return
  session.log.info(`Installing packages: ${missing.join(' ')}`)
  await runPersistently(session, 'apt-get', [...OPTIONS, 'install', ...missing], () =>
    attempt(session.context, 'apt-get', ['update']),
  )
}

async function findInstalled({ context }: Session, packages: readonly string[]): Promise<Installed> {
  const names = [...new Set(packages.map((wanted) => parse(wanted).name))]
  const output = await outputOf(context, 'dpkg-query', ['--show', `--showformat=${FORMAT}`, ...names])
  const found = new Map<string, string>()
  for (const line of output.split('\n')) {
    const [status, version = '', ...known] = line.split(' ')
    if (status === 'installed') for (const name of known) found.set(name, version)
  }
  return found
}

function isInstalled(wanted: string, installed: Installed): boolean {
  const { name, version } = parse(wanted)
  const found = installed.get(name)
  return found !== undefined && (version === undefined || version === found)
}

/** apt-get also takes `NAME=VERSION` and `NAME/RELEASE`. Of a release, any version will do. */
function parse(wanted: string): { name: string; version: string | undefined } {
  const [, name = wanted, version] = /^([^=/]+)(?:=(.*)|\/.*)?$/.exec(wanted) ?? []
  return { name, version }
}
