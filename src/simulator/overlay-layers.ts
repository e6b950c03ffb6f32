// The layers of a unit's overlays: `root/NAME` is the upper one of /NAME, `work/NAME` what the kernel needs
// beside it, `system/NAME` has files in place of the system's, and `fstab` is the table of mounts. Used by isolation.ts.

import fs from 'node:fs'
import path from 'node:path'

/** Tells whether something below the root has changed. */
export function fingerprint(dir: string): string {
  const root = path.join(dir, 'root')
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' })
  const marks = names.map((name) => {
    const { ino, ctimeNs, nlink } = fs.lstatSync(path.join(root, name), { bigint: true })
    return `${name} ${ino} ${ctimeNs} ${nlink}`
  })
  return marks.join('\n')
}

const upperOf = (dir: string, name: string) => path.join(dir, 'root', name)
const workOf = (dir: string, name: string) => path.join(dir, 'work', name)
const systemOf = (dir: string, name: string) => path.join(dir, 'system', name)

const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Let stubs of commands be found by the PATH of /etc/environment as well: charmhelpers starts apt-get with that one.
 * Below the root nothing of it is seen, since it is no file of the charm's.
 */
export function writeEnvironment(dir: string): void {
  const file = '/etc/environment'
  const lines = fs.existsSync(file)
    ? fs
        .readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : []
  const isPath = (line: string) => /^\s*PATH=/.test(line)
  const [own = USUAL_PATH] = lines
    .filter(isPath)
    .map((line) => line.replace(/^\s*PATH=/, '').replace(/["']/g, ''))
  const text = [...lines.filter((line) => !isPath(line)), `PATH="${dir}/bin:${own}"`]
  fs.mkdirSync(systemOf(dir, 'etc'), { recursive: true })
  fs.writeFileSync(path.join(dir, 'system', file), `${text.join('\n')}\n`)
}

/** The root of an overlay has the mode of its upper layer. */
function makeLayers(dir: string, name: string): void {
  fs.mkdirSync(workOf(dir, name), { recursive: true })
  fs.mkdirSync(upperOf(dir, name), { recursive: true })
  fs.chmodSync(upperOf(dir, name), fs.statSync(`/${name}`).mode & 0o7777)
}

/** Make the layers, and the table of mounts. */
export function writeFstab(dir: string, names: readonly string[], options: string): string {
  const fstab = path.join(dir, 'fstab')
  for (const name of names) makeLayers(dir, name)
  fs.writeFileSync(fstab, names.map((name) => linesFor(dir, name, options)).join(''))
  return fstab
}

/** Delete what overlays leave behind beside their upper layers. */
export function deleteWork(dir: string): void {
  const work = path.join(dir, 'work')
  if (!fs.existsSync(work)) return
  makeReadable(work)
  fs.rmSync(work, { recursive: true, force: true })
}

/** What overlays leave in their work directories not even the owner can read. */
function makeReadable(dir: string): void {
  fs.chmodSync(dir, 0o700)
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) makeReadable(path.join(dir, entry.name))
  }
}

/** The overlay on the upper layer's own place, with the mounts below, and all of it on the directory. */
function linesFor(dir: string, name: string, more: string): string {
  const [upper, work, lower, system] = [
    upperOf(dir, name),
    workOf(dir, name),
    `/${name}`,
    systemOf(dir, name),
  ].map(escapeSpaces)
  const lowers = fs.existsSync(systemOf(dir, name)) ? `${system}:${lower}` : lower
  const options = `lowerdir=${lowers},upperdir=${upper},workdir=${work}${more}`
  const nested = mountsBelow(name).map((mount) => {
    const target = escapeSpaces(path.join(dir, 'root', mount))
    return `${escapeSpaces(mount)} ${target} none rbind 0 0\n`
  })
  return `charm ${upper} overlay ${options} 0 0\n${nested.join('')}${upper} ${lower} none rbind 0 0\n`
}

/** As fstab wants it. */
function escapeSpaces(file: string): string {
  return file.replace(/[\s\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

export function mountsBelow(name: string): string[] {
  const lines = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const points = lines.map((line) => unescapeSpaces(line.split(' ')[4] ?? ''))
  const below = points.filter((point) => point.startsWith(`/${name}/`))
  // The outermost ones bring those below them along.
  return [...new Set(below)].filter((point) => !below.some((other) => point.startsWith(`${other}/`)))
}

function unescapeSpaces(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}
