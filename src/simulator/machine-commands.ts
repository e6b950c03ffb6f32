// Commands of the machine as a simulated unit sees them: stubs that a test gives, and what would change the
// machine, which is refused unless it is stubbed or allowed. Both are executables in a directory on the
// unit's PATH before the system's, so that functions, builtins and absolute paths are not caught. Every call
// is written down (shell/simulator/command).

import fs from 'node:fs'
import path from 'node:path'
import { ReactiveError } from '../errors.ts'

/** A call of a command of the machine. */
export interface CommandCall {
  command: string
  args: string[]
  cwd: string
  /** It was neither stubbed nor allowed. */
  refused: boolean
  /** The arguments in base64, where they are not UTF-8. */
  base64?: string[]
}

/** What changes a machine: packages, services, users, mounts, power, network, kernel, names, schedules. */
export const REFUSED = `
  apt apt-get aptitude apt-key add-apt-repository dpkg dpkg-reconfigure dpkg-divert debconf-set-selections
  snap yum dnf rpm apk update-alternatives
  systemctl service initctl invoke-rc.d update-rc.d systemd-run systemd-tmpfiles loginctl
  useradd usermod userdel groupadd groupmod groupdel adduser addgroup deluser delgroup gpasswd passwd
  chpasswd chage visudo
  mount umount swapon swapoff losetup mkfs mkfs.ext4 mkfs.xfs mkfs.btrfs mkswap fdisk sfdisk parted wipefs
  pvcreate vgcreate lvcreate cryptsetup zfs zpool mdadm
  reboot shutdown halt poweroff telinit kexec
  ufw iptables ip6tables iptables-restore ip6tables-restore nft firewall-cmd netplan ifup ifdown brctl
  sysctl modprobe rmmod insmod depmod update-grub update-initramfs
  hostname hostnamectl timedatectl localectl locale-gen update-locale
  crontab at batch
`
  .trim()
  .split(/\s+/)

export class MachineCommands {
  readonly #dir: string
  readonly #executable: string
  readonly #stubs = new Set<string>()

  /** `dir` is the unit's; `bin/` below it goes on the PATH. */
  constructor(dir: string, shell: string) {
    this.#dir = dir
    for (const name of ['bin', 'command-stubs', 'command-calls']) fs.mkdirSync(path.join(dir, name))
    this.#executable = path.join(dir, 'bin', '.command')
    fs.copyFileSync(path.join(shell, 'simulator', 'command'), this.#executable)
    // Names for one file: a hundred symbolic links would take ten times as long.
    for (const name of REFUSED) fs.linkSync(this.#executable, path.join(dir, 'bin', name))
  }

  /** Let a script stand for a command. */
  stub(name: string, script: string): void {
    checkName(name)
    fs.writeFileSync(path.join(this.#dir, 'command-stubs', name), script, { mode: 0o755 })
    this.#stubs.add(name)
    this.#link(name)
  }

  /** Let the system's own command be run. */
  allow(name: string): void {
    checkName(name)
    fs.rmSync(path.join(this.#dir, 'command-stubs', name), { force: true })
    fs.rmSync(path.join(this.#dir, 'bin', name), { force: true })
    this.#stubs.delete(name)
  }

  /** Stubs by name; a test may replace them between events. */
  get stubs(): string[] {
    return [...this.#stubs].sort()
  }

  /** The calls since the last time, in order. */
  takeCalls(): CommandCall[] {
    const calls = path.join(this.#dir, 'command-calls')
    // A name is the time of the call and the process; one that begins with a dot is not complete.
    const names = fs.readdirSync(calls).filter((name) => !name.startsWith('.'))
    return names.sort().map((name) => {
      const file = path.join(calls, name)
      const call = readCall(fs.readFileSync(file))
      fs.rmSync(file)
      return call
    })
  }

  /** Where a call shows that it waits for its end. */
  get heldFile(): string {
    return path.join(this.#dir, 'command-held')
  }

  /** Let a call of a command wait for its end; see faults.ts. */
  hold(command: string | undefined, args: readonly string[] = []): void {
    const file = path.join(this.#dir, 'command-hold')
    fs.rmSync(this.heldFile, { force: true })
    if (command === undefined) fs.rmSync(file, { force: true })
    else fs.writeFileSync(file, [command, ...args].map((word) => `${word}\0`).join(''))
  }

  #link(name: string): void {
    const file = path.join(this.#dir, 'bin', name)
    fs.rmSync(file, { force: true })
    fs.linkSync(this.#executable, file)
  }
}

function checkName(name: string): void {
  if (!/^[^/]+$/.test(name)) throw new ReactiveError(`a command must be a plain name: ${name}`)
}

function readCall(bytes: Buffer): CommandCall {
  const words: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at)
    words.push(bytes.subarray(at, end))
    at = end + 1
  }
  const [command = '', refused = '', cwd = '', ...args] = words.map((word) => word.toString('utf8'))
  const raw = words.slice(3)
  const isText = raw.every((word, index) => Buffer.from(args[index] ?? '').equals(word))
  const call = { command, args, cwd, refused: refused !== '' }
  return isText ? call : { ...call, base64: raw.map((word) => word.toString('base64')) }
}
