// The same layers composed by `charm build` of charm-tools (from PyPI) and by `charms.reactive build`, compared file by
// file. `CHARM_TOOLS` names a checkout of charm-tools, whose fixture layers are built; `PUBLIC_LAYERS` a directory with
// local clones: `layers/NAME`, `interfaces/NAME`, and `charms/NAME`, the top layers.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { buildCharm } from '../../src/building/build.ts'
import { LEADERSHIP_PEER } from '../../src/building/leadership-peer.ts'
import { readYaml, type YamlMap } from '../../src/charm/charm-files.ts'
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

/** `charm build` that leaves Python packages out: from their sources, pip would build those of etcd for 40 minutes. */
const WITHOUT_PIP = `
from charmtools.build import builder, tactics
tactics.WheelhouseTactic.__call__ = lambda self: None
tactics.WheelhouseTactic.sign = lambda self: {}
builder.main()
`

interface Place {
  cwd: string
  layers: string
  interfaces: string
}

/** Files that one of both leaves out on purpose, or makes in another way. */
const MEANT: readonly [files: RegExp, reason: string][] = [
  [/^\.build\.manifest$/, 'manifest'],
  [/^dispatch$/, 'entry'],
  [/^hooks\/hook\.template$/, 'not used'],
  [/^dist\.yaml$/, 'not used'],
  [/(^|\/)\.DS_Store$/, 'never part of a charm'],
  [/^(bin\/charm-env|lib\/charms\/layer\/(__init__|basic|execd)\.py)$/, 'bootstrap'],
  [/^wheelhouse/, 'pip'],
]

/** Why a file differs on purpose; undefined for any other difference. */
function reasonFor(name: string, ours: string, theirs: string, top: string): string | undefined {
  const [own, other] = [ours, theirs].map((dir) => contentOf(path.join(dir, name)))
  if (own === other) return 'the same'
  const meant = MEANT.find(([files]) => files.test(name))?.[1]
  if (meant !== undefined) return meant
  if (own?.startsWith('link to ') && textOf(path.join(ours, name)) === textOf(path.join(theirs, name)))
    return 'a link, of which charm-tools makes a copy'
  if (own?.includes('# Written by charms.reactive hooks install')) return 'entry'
  // charm-tools merges it with no layer.yaml, so that it loses the options of lower layers.
  if (name === 'layer.yaml' && fs.existsSync(path.join(top, 'composer.yaml'))) return 'composer.yaml'
  if (own === undefined || other === undefined || !name.endsWith('.yaml')) return undefined
  return reasonForYaml(valuesIn(path.join(ours, name)), valuesIn(path.join(theirs, name)))
}

/** What a file is and holds; undefined where it is not there. */
function contentOf(file: string): string | undefined {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) return `link to ${fs.readlinkSync(file)}`
  return stat && `${(stat.mode & 0o100) === 0 ? 'file' : 'program'}\n${textOf(file)}`
}

const textOf = (file: string) => fs.readFileSync(file, 'latin1')

function reasonForYaml(own: YamlMap, other: YamlMap): string | undefined {
  if (isDeepStrictEqual(own, other)) return 'same values'
  const { peers, ...rest } = own
  const isAdded = isDeepStrictEqual(peers, { [LEADERSHIP_PEER]: { interface: LEADERSHIP_PEER } })
  return isAdded && isDeepStrictEqual(rest, other)
    ? 'the same with a peer relation for leader settings'
    : undefined
}

/** Without what only charm-tools has a use for; where it folds a text again it adds a space (etcd's config.yaml). */
function valuesIn(file: string): YamlMap {
  const { tactics: _, ...rest } = Object(readYaml(file))
  return JSON.parse(JSON.stringify(rest), (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(/\s+/g, ' ') : value,
  )
}

/** From which layer the manifest has each file. */
function signaturesIn(charm: string): Record<string, unknown> {
  return JSON.parse(fs.readFileSync(path.join(charm, '.build.manifest'), 'utf8')).signatures
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
  const python = path.join(path.dirname(program), 'python')
  const start = performance.now()
  const { status, stderr } = spawnSync(python, ['-c', WITHOUT_PIP, ...words], { cwd, env, encoding: 'utf8' })
  const between = performance.now()
  const { name, target } = buildCharm(top, { cwd, env }, { output: `${dir}/ours`, allowOverwrites: true })
  const end = performance.now()
  figure(`${top}: charm build without pip, ms`, Math.round(between - start))
  figure(`${top}: charms.reactive build (warm), ms`, Math.round(end - between))
  const theirs = path.join(dir, 'theirs', name)
  // Its proof complains of old fixtures after the charm is written.
  if (!fs.existsSync(path.join(theirs, '.build.manifest')))
    throw new Error(`charm build: ${status}: ${stderr}`)
  const reasons: Record<string, string[]> = {}
  for (const file of new Set([...filesIn(target), ...filesIn(theirs)])) {
    const reason = reasonFor(file, target, theirs, path.join(cwd, top)) ?? 'different'
    reasons[reason] = [...(reasons[reason] ?? []), file]
  }
  const [own, other] = [target, theirs].map((charm) => signaturesIn(charm))
  const isOther = (file: string) => !isDeepStrictEqual(own?.[file], other?.[file])
  const unlike = (reasons['the same'] ?? []).filter(isOther)
  for (const [reason, files] of Object.entries(reasons)) figure(`${top}: ${reason}`, files.length)
  return [...(reasons.different ?? []), ...unlike.map((file) => `.build.manifest of ${file}`)].sort()
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
