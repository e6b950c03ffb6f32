import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ReactiveError, UsageError } from '../../src/errors.ts'
import { groupId, userId } from '../../src/templating/accounts.ts'
import { installFile } from '../../src/templating/install-file.ts'

let directory: string
let target: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'install-'))
  target = join(directory, 'app.conf')
})

afterEach(() => rmSync(directory, { recursive: true }))

function modeOf(path: string): number {
  return statSync(path).mode & 0o7777
}

const isRoot = process.getuid?.() === 0

describe('installFile', () => {
  it('writes text and bytes with mode 0444, whatever the umask is', () => {
    const before = process.umask(0o077)
    try {
      installFile(target, 'é\n', {})
      expect(readFileSync(target, 'utf8')).toBe('é\n')
      expect(modeOf(target)).toBe(0o444)
      installFile(target, Buffer.from([0, 255]), { mode: 0o640 })
      expect(readFileSync(target)).toEqual(Buffer.from([0, 255]))
      expect(modeOf(target)).toBe(0o640)
      installFile(target, '', { mode: 0o4755 })
      expect(modeOf(target)).toBe(0o4755)
    } finally {
      process.umask(before)
    }
  })

  it('replaces the file instead of writing into it', () => {
    writeFileSync(target, 'old')
    const old = statSync(target).ino
    installFile(target, 'new', {})
    expect(statSync(target).ino).not.toBe(old)
    expect(readdirSync(directory)).toEqual(['app.conf'])
  })

  it('makes the parent directories', () => {
    const deep = join(directory, 'a', 'b', 'app.conf')
    installFile(deep, 'x', {})
    expect(readFileSync(deep, 'utf8')).toBe('x')
    expect(modeOf(join(directory, 'a')) & ~0o755).toBe(0)
  })

  it('keeps a symbolic link and replaces the file that it points at', () => {
    mkdirSync(join(directory, 'real'))
    writeFileSync(join(directory, 'real', 'file'), 'old')
    symlinkSync('real', join(directory, 'dir'))
    symlinkSync('file', join(directory, 'real', 'second'))
    symlinkSync('dir/second', target)
    installFile(target, 'new', {})
    expect(readlinkSync(target)).toBe('dir/second')
    expect(lstatSync(join(directory, 'real', 'second')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(directory, 'real', 'file'), 'utf8')).toBe('new')
  })

  it('makes the file that a dangling link points at', () => {
    symlinkSync('not-yet', target)
    installFile(target, 'new', {})
    expect(readFileSync(join(directory, 'not-yet'), 'utf8')).toBe('new')
  })

  it('refuses a circle of links', () => {
    symlinkSync('app.conf', target)
    expect(() => installFile(target, 'x', {})).toThrow(
      new ReactiveError(`too many symbolic links: ${target}`),
    )
  })

  it('refuses a directory, also through a link', () => {
    mkdirSync(target)
    symlinkSync('app.conf', join(directory, 'link'))
    for (const path of [target, join(directory, 'link')]) {
      expect(() => installFile(path, 'x', {})).toThrow(new ReactiveError(`target is a directory: ${path}`))
    }
  })

  it('refuses what is no regular file', () => {
    expect(() => installFile('/dev/null', 'x', {})).toThrow(
      new ReactiveError('target is not a regular file: /dev/null'),
    )
  })

  it('leaves the target and nothing else behind when it fails', () => {
    writeFileSync(target, 'old')
    expect(() => installFile(target, 'new', { mode: -1 })).toThrow(ReactiveError)
    expect(readFileSync(target, 'utf8')).toBe('old')
    expect(readdirSync(directory)).toEqual(['app.conf'])
  })

  it('reports a file where a directory is needed in one line', () => {
    writeFileSync(target, '')
    expect(() => installFile(join(target, 'x'), 'x', {})).toThrow(/^cannot write the file: [^\n]+: [^\n]+$/)
  })

  it('reports a directory that cannot be written', () => {
    chmodSync(directory, 0o555)
    // Permissions do not bind root.
    if (isRoot) process.seteuid?.(65534)
    try {
      expect(() => installFile(target, 'x', {})).toThrow(/^cannot write the file: /)
    } finally {
      if (isRoot) process.seteuid?.(0)
      chmodSync(directory, 0o700)
    }
  })

  it('takes a long name', () => {
    const long = join(directory, 'x'.repeat(255))
    installFile(long, 'x', {})
    expect(existsSync(long)).toBe(true)
  })

  it('gives the file to the owner and the group', () => {
    // Only root may give files away.
    const [uid, gid] = isRoot ? [1, 12] : [process.getuid?.(), process.getgid?.()]
    installFile(target, 'x', { group: String(gid) })
    expect(statSync(target)).toMatchObject({ uid: process.getuid?.(), gid })
    installFile(target, 'x', { owner: String(uid), mode: 0o4755 })
    expect(statSync(target)).toMatchObject({ uid, gid: process.getgid?.() })
    expect(modeOf(target)).toBe(0o4755)
  })

  it('refuses an unknown owner or group before it touches anything', () => {
    expect(() => installFile(target, 'x', { owner: 'no-such-user' })).toThrow(
      new UsageError('unknown user: no-such-user'),
    )
    expect(() => installFile(target, 'x', { group: 'no-such-group' })).toThrow(UsageError)
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('accounts', () => {
  it('are found by name and by number', () => {
    const passwd = join(directory, 'passwd')
    writeFileSync(
      passwd,
      'root:x:0:0:root:/root:/bin/sh\napp:x:1001:1002::/:/bin/false\n7:x:70:70::/:\nbroken:x\n',
    )
    expect(userId('app', passwd)).toBe(1001)
    expect(userId('1234', passwd)).toBe(1234)
    expect(userId('7', passwd)).toBe(70)
    expect(groupId('root', '/etc/group')).toBe(0)
    for (const name of ['', 'broken', '-1', 'x:0']) {
      expect(() => userId(name, passwd)).toThrow(new UsageError(`unknown user: ${name}`))
    }
  })
})
