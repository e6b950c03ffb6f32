// The bases of a packed charm: the systems that it runs on, the first one by default. From the caller, else from
// what the charm says in one of the ways that there have been: manifest.yaml, charmcraft.yaml, or its series.

import path from 'node:path'
import { isMapping, readMetadata, readYaml, showValue, type YamlMap } from '../charm/charm-files.ts'
import { ReactiveError, UsageError } from '../errors.ts'
import { SERIES } from '../juju/series.ts'
import type { Architecture } from './architectures.ts'

export interface Base {
  /** `ubuntu`. */
  name: string
  /** `24.04`, or with a risk `24.04/edge`. */
  channel: string
  /** Empty where the charm does not say. */
  architectures: string[]
}

export interface Bases {
  bases: Base[]
  /** Who named them. */
  source: string
}

/** Those that Juju knows. */
const SYSTEMS = ['ubuntu', 'centos', 'opensuse', 'genericlinux', 'windows', 'osx']

const DEFAULT = ['ubuntu@22.04', 'ubuntu@24.04']

/** Releases of Ubuntu before this one have a bash that is older than 5.1. */
const FIRST_UBUNTU = 22.04

/** The bases of a charm for an architecture, in the order wanted. */
export function basesOf(charmDir: string, given: readonly string[], architecture: Architecture): Bases {
  const { bases, source } = given.length > 0 ? chosen(given) : declared(charmDir)
  const fitting = bases.filter(
    ({ architectures }) => architectures.length === 0 || architectures.some((one) => one === architecture),
  )
  if (fitting.length === 0)
    throw new ReactiveError(`none of the charm's bases is for ${architecture}: ${textOf(bases)}`)
  const usable = fitting.filter(isRecent)
  const old = fitting.find((base) => !isRecent(base))
  if (old !== undefined && (usable.length === 0 || given.length > 0))
    throw new ReactiveError(`the toolkit needs bash 5.1, which Ubuntu has since 22.04: ${textOf([old])}`)
  return { bases: usable.map((base) => ({ ...base, architectures: [architecture] })), source }
}

/** As `--base` takes them. */
export function textOf(bases: readonly Base[]): string {
  return bases.map(({ name, channel }) => `${name}@${channel}`).join(', ')
}

function isRecent({ name, channel }: Base): boolean {
  return name !== 'ubuntu' || Number.parseFloat(channel) >= FIRST_UBUNTU
}

function chosen(given: readonly string[]): Bases {
  const bases = given.map((text) => {
    const base = parseBase(text)
    if (base === undefined) throw new UsageError(`a base is NAME@CHANNEL, ubuntu@24.04 for instance: ${text}`)
    return base
  })
  return { bases, source: '--base' }
}

/** The first way of saying it that the charm uses. */
function declared(charmDir: string): Bases {
  for (const [file, read] of Object.entries(WAYS)) {
    const value = readYaml(path.join(charmDir, file))
    const bases = isMapping(value) ? read(value, charmDir) : []
    const wrong = bases.find((base) => typeof base === 'string')
    if (wrong !== undefined) throw new ReactiveError(`${path.join(charmDir, file)}: not a base: ${wrong}`)
    if (bases.length > 0) return { bases: bases as Base[], source: file }
  }
  return { bases: DEFAULT.flatMap((text) => parseBase(text) ?? []), source: 'the charm names no base' }
}

/** A base, or the text of what should have been one. */
type Found = (Base | string)[]

const WAYS: Record<string, (raw: YamlMap, charmDir: string) => Found> = {
  'manifest.yaml': ({ bases }) => listOf(bases).map(toBase),
  'charmcraft.yaml': (raw) => [...fromPlatforms(raw), ...listOf(raw.bases).flatMap(runOn).map(toBase)],
  'metadata.yaml': (_, charmDir) =>
    listOf(readMetadata(charmDir).raw.series).map(
      (name) => parseBase(SERIES.get(String(name)) ?? '') ?? String(name),
    ),
}

/** Charmcraft's older form: each of `bases` is one, or says in `run-on` which ones it makes. */
function runOn(entry: unknown): unknown[] {
  return isMapping(entry) && entry['run-on'] !== undefined ? listOf(entry['run-on']) : [entry]
}

/** Charmcraft's newer form: `base` with `platforms` of architectures, or `platforms` named `ubuntu@24.04:amd64`. */
function fromPlatforms({ base, platforms }: YamlMap): Found {
  const common = base === undefined || base === null ? undefined : String(base)
  const names = Object.entries(isMapping(platforms) ? platforms : {}).map(([name, value]) => {
    const builtFor = isMapping(value) ? listOf(value['build-for']).at(0) : undefined
    return builtFor === undefined || String(builtFor) === 'all' ? name : String(builtFor)
  })
  if (common !== undefined) return [withArchitectures(common, names)]
  const named = names.map((name) => name.split(':')).filter(([text = '']) => text.includes('@'))
  const texts = [...new Set(named.map(([text = '']) => text))]
  return texts.map((text) =>
    withArchitectures(
      text,
      named.filter(([other]) => other === text).flatMap(([, architecture]) => architecture ?? []),
    ),
  )
}

function withArchitectures(text: string, architectures: string[]): Base | string {
  const base = parseBase(text)
  return base === undefined ? text : { ...base, architectures }
}

function toBase(value: unknown): Base | string {
  if (!isMapping(value)) return showValue(value)
  // A number would have lost the zero of 24.10.
  const base = typeof value.channel === 'string' ? parseBase(`${value.name}@${value.channel}`) : undefined
  return base === undefined
    ? showValue(value)
    : { ...base, architectures: listOf(value.architectures).map(String) }
}

/** Juju's default risk is not written down. */
function parseBase(text: string): Base | undefined {
  const [, name = '', channel = ''] =
    /^([a-z]+)@([A-Za-z0-9.]+(?:\/(?:candidate|beta|edge))?)(?:\/stable)?$/.exec(text) ?? []
  return SYSTEMS.includes(name) ? { name, channel, architectures: [] } : undefined
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
