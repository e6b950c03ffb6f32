import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeDir } from '../test-unit.ts'

const LOADER = path.resolve(import.meta.dirname, '../../src/build/loader.cjs')

let dir: string

/** A bundle whose functions say a word; all bundles have the same length. */
function bundle(word: string): string {
  const functions = Array.from({ length: 50 }, (_, n) => `function f${n}() { return '${word}' }`)
  return `(function (exports, require) {${functions.join('\n')}\nconsole.log(f1(), f49())})`
}

function write(word: string, name = 'engine.cjs'): void {
  fs.writeFileSync(path.join(dir, name), bundle(word))
}

/** Run the bundle by its loader; gives what it printed. */
function start(words = ['version'], node = process.execPath): string {
  const main = path.join(dir, 'main.cjs')
  const { stdout, stderr, status } = spawnSync(node, [main, ...words], { encoding: 'utf8' })
  expect([stderr, status]).toEqual(['', 0])
  return stdout.trim()
}

const caches = () => fs.readdirSync(dir).filter((name) => name.includes('.cache'))
const kinds = () => caches().map((name) => name.split('.')[0])
const inode = () => fs.statSync(path.join(dir, caches()[0] ?? '')).ino

beforeEach(() => {
  dir = makeDir()
  fs.copyFileSync(LOADER, path.join(dir, 'main.cjs'))
  write('old')
})

describe('the code cache of a bundle', () => {
  it('is written by the first run, and used by the next one', () => {
    expect(caches()).toEqual([])
    expect(start()).toBe('old old')
    expect(kinds()).toEqual(['command'])
    const written = inode()
    expect(start()).toBe('old old')
    expect(inode()).toBe(written)
  })

  it('is one for hooks, one for commands and one for development, which has a bundle of its own', () => {
    write('dev', 'development.cjs')
    expect([['main'], ['set_flag'], ['simulate'], ['test-kit']].map((words) => start(words))).toEqual([
      'old old',
      'old old',
      'dev dev',
      'dev dev',
    ])
    expect(kinds().sort()).toEqual(['command', 'development', 'hook'])
  })

  it('is of no use for a bundle of other bytes and the same length, and goes', () => {
    start()
    const [before] = caches()
    write('new')
    expect(start()).toBe('new new')
    expect(caches()).toHaveLength(1)
    expect(caches()).not.toEqual([before])
  })

  it('is of no use for other bytes with the same length and the same time stamps', () => {
    const file = path.join(dir, 'engine.cjs')
    const stamp = new Date('1980-01-01')
    fs.utimesSync(file, stamp, stamp)
    start()
    write('new')
    fs.utimesSync(file, stamp, stamp)
    expect(start()).toBe('new new')
  })

  it('is of no use for a runtime of other bytes', () => {
    start()
    const [before] = caches()
    const other = path.join(dir, 'node')
    fs.copyFileSync(process.execPath, other)
    fs.chmodSync(other, 0o755)
    expect(start(['version'], other)).toBe('old old')
    expect(caches()).toHaveLength(1)
    expect(caches()).not.toEqual([before])
  })

  it.each([
    ['is empty', () => Buffer.alloc(0)],
    ['is cut short', (cache: Buffer) => cache.subarray(0, 100)],
    ['is full of zeros', (cache: Buffer) => cache.fill(0)],
  ])('is written again where it %s', (_, spoil) => {
    start()
    const file = path.join(dir, caches()[0] ?? '')
    fs.writeFileSync(file, spoil(fs.readFileSync(file)))
    expect(start()).toBe('old old')
    const written = inode()
    start()
    expect(inode()).toBe(written)
  })

  it('leaves nothing else behind, also where an earlier run was killed in its writing', () => {
    fs.writeFileSync(path.join(dir, 'command.x.cache.17'), '')
    start()
    expect(caches()).toHaveLength(1)
    expect(fs.readdirSync(dir)).toHaveLength(3)
  })
})

const NAMESPACE = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])]
const tried = spawnSync('unshare', [...NAMESPACE, 'true'], { encoding: 'utf8' })
const obstacle = tried.status === 0 ? '' : (tried.error?.message ?? tried.stderr).trim()

it.skipIf(obstacle !== '')(
  `a directory that cannot be written does without code caches (${obstacle || 'tried here'})`,
  () => {
    const readOnly = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "${@:2}"'
    const program = [process.execPath, path.join(dir, 'main.cjs'), 'version']
    const words = [...NAMESPACE, 'bash', '-c', readOnly, 'read-only', dir, ...program]
    const { stdout, stderr, status } = spawnSync('unshare', words, { encoding: 'utf8' })
    expect([stdout, stderr, status]).toEqual(['old old\n', '', 0])
    expect(caches()).toEqual([])
  },
)
