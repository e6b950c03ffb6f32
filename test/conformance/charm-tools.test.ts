// The same layers composed by `charm build` of charm-tools (from PyPI) and by `charms.reactive build`, compared file by
// file. `CHARM_TOOLS` names a checkout of charm-tools, whose fixture layers are built; `PUBLIC_LAYERS` a directory with
// local clones: `layers/NAME`, `interfaces/NAME`, and `charms/NAME`, the top layers.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildCharm } from '../../src/building/build.ts'
import { LEADERSHIP_PEER } from '../../src/building/leadership-peer.ts'
import { readYaml } from '../../src/charm/charm-files.ts'
import { figure, inFull } from '../effort.ts'
import { makeDir } from '../test-unit.ts'

const LIMIT = { timeout: 900_000 }

/** `charm-build`, in a virtual environment of the tests' own; undefined where it cannot be made. */
function charmBuild(): string | undefined {
  const dir = path.join(os.tmpdir(), `charms.reactive-charm-tools-${process.getuid?.() ?? 0}`)
  const program = path.join(dir, 'bin/charm-build')
  if (fs.existsSync(program)) return program
  const run = (...words: [string, ...string[]]) => spawnSync(words[0], words.slice(1), LIMIT).status
  const isMade =
    run('python3', '-m', 'venv', dir) === 0 &&
    run(path.join(dir, 'bin/pip'), 'install', '--quiet', 'charm-tools==3.0.9', 'virtualenv') === 0
  return isMade ? program : undefined
}

interface Place {
  cwd: string
  layers: string
  interfaces: string
}

/** Why a file differs on purpose; undefined for any other difference. */
function reasonFor(name: string, ours: string, theirs: string): string | undefined {
  const text = (dir: string) => {
    const file = path.join(dir, name)
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined
  }
  const [own, other] = [text(ours), text(theirs)]
  if (own === other) return 'the same'
  if (name === '.build.manifest') return 'manifest'
  if (name === 'dispatch' || own?.includes('# Written by charms.reactive hooks install')) return 'entry'
  if (name === 'hooks/hook.template') return 'not used'
  if (/^(bin\/charm-env|lib\/charms\/layer\/(__init__|basic|execd)\.py)$/.test(name)) return 'bootstrap'
  if (/^wheelhouse/.test(name)) return 'pip'
  if (own === undefined || other === undefined || !name.endsWith('.yaml')) return undefined
  return isSameYaml(path.join(ours, name), path.join(theirs, name)) ? 'same values' : undefined
}

/**
 * Whether the values are the same. layer.yaml keeps what only charm-tools has a use for, and where it folds a text again it
 * adds a space (etcd's config.yaml). Our own metadata.yaml may have a peer relation more, for leader settings.
 */
function isSameYaml(one: string, other: string): boolean {
  const read = (file: string) => {
    const { tactics: _, ...rest } = Object(readYaml(file))
    if (Object.hasOwn(Object(rest.peers), LEADERSHIP_PEER)) delete rest.peers
    return JSON.stringify(rest, (_key, value: unknown) => {
      if (typeof value === 'string') return value.replace(/\s+/g, ' ')
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    })
  }
  return read(one) === read(other)
}

function filesIn(dir: string): string[] {
  const all = fs.readdirSync(dir, { recursive: true, withFileTypes: true })
  return all
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
}

/** Build with both; what differs without a reason, and how many files there are for each reason. */
function compare(program: string, top: string, { cwd, layers, interfaces }: Place) {
  const dir = makeDir()
  const env = {
    ...process.env,
    PATH: `${path.dirname(program)}:${process.env.PATH}`,
    CHARM_LAYERS_DIR: layers,
    CHARM_INTERFACES_DIR: interfaces,
    CHARM_HIDE_METRICS: '1',
    HOME: dir,
  }
  const words = ['--no-report', '-C', path.join(dir, 'cache'), '-o', path.join(dir, 'theirs'), top]
  const start = performance.now()
  const { status, stderr } = spawnSync(program, words, { cwd, env, encoding: 'utf8' })
  const between = performance.now()
  const { name, target } = buildCharm(top, { cwd, env }, { output: `${dir}/ours`, allowOverwrites: true })
  const end = performance.now()
  figure(`${top}: charm build, ms`, Math.round(between - start))
  figure(`${top}: charms.reactive build (warm), ms`, Math.round(end - between))
  const theirs = path.join(dir, 'theirs', name)
  // Its proof complains of old fixtures after the charm is written.
  if (!fs.existsSync(path.join(theirs, '.build.manifest')))
    throw new Error(`charm build: ${status}: ${stderr}`)
  const reasons: Record<string, string[]> = {}
  for (const file of new Set([...filesIn(target), ...filesIn(theirs)])) {
    const reason = reasonFor(file, target, theirs) ?? 'different'
    reasons[reason] = [...(reasons[reason] ?? []), file]
  }
  for (const [reason, files] of Object.entries(reasons)) figure(`${top}: ${reason}`, files.length)
  return (reasons.different ?? []).sort()
}

inFull('charm-tools', () => {
  it('makes the same charm of its fixture layers', LIMIT, (context) => {
    const [program, checkout] = [charmBuild(), process.env.CHARM_TOOLS]
    if (program === undefined) return context.skip('charm-tools cannot be installed')
    if (checkout === undefined) return context.skip('CHARM_TOOLS names no checkout of charm-tools')
    const cwd = makeDir()
    fs.cpSync(path.join(checkout, 'tests'), cwd, { recursive: true, verbatimSymlinks: true })
    const place = { cwd, layers: cwd, interfaces: path.join(cwd, 'interfaces') }
    // Its own tactics, in Python, make these two.
    expect(compare(program, 'layers/tester', place)).toEqual(['README.md', 'old_tactic'])
    expect(compare(program, 'layers/b', place)).toEqual([])
  })

  it('makes the same charms of public layers', LIMIT, (context) => {
    const [program, root] = [charmBuild(), process.env.PUBLIC_LAYERS]
    if (program === undefined) return context.skip('charm-tools cannot be installed')
    if (root === undefined) return context.skip('PUBLIC_LAYERS names no directory of layers')
    const cwd = makeDir()
    fs.cpSync(root, cwd, { recursive: true, verbatimSymlinks: true })
    const place = { cwd, layers: path.join(cwd, 'layers'), interfaces: path.join(cwd, 'interfaces') }
    const charms = fs.readdirSync(path.join(cwd, 'charms'))
    const differences = charms.map((name) => [name, compare(program, `charms/${name}`, place)])
    expect(differences).toEqual(charms.map((name) => [name, []]))
  })
})
