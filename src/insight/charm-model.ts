// What a charm does with flags: its handlers from a real registration, and what its code says about setting and
// clearing. `lint`, `graph`, `explain` and `report` are built on it.

import fs from 'node:fs'
import path from 'node:path'
import { readMetadata } from '../charm/charm-files.ts'
import { expandEndpointName, interfaceOf } from '../endpoints/interface-layers.ts'
import { oneLine, ReactiveError } from '../errors.ts'
import { builtLayers } from '../handlers/discover.ts'
import { type AutomaticFlag, automaticFlags } from './automatic-flags.ts'
import { changesOf, type FlagChangeSite, type TriggerSite, triggerOf } from './flag-calls.ts'
import type { RegisteredHandler, Registration } from './registration.ts'
import { findSources, readSources } from './source-files.ts'
import {
  type Call,
  matchesPattern,
  type SourceFunction,
  type SourceText,
  snakeCase,
} from './sources/source.ts'

/** A handler, with what its function may do to flags. */
export interface ModelHandler extends RegisteredHandler {
  /** The name of its function, as the file has it. */
  function: string
  /** The layer that its file comes from, as `.build.manifest` names it; undefined where nothing says so. */
  layer: string | undefined
  /** Changes in its function, and in functions that this calls. */
  changes: FlagChangeSite[]
  /** Triggers that its function registers. */
  triggers: TriggerSite[]
}

export interface CharmModel {
  /** Name of the charm. */
  name: string
  charmDir: string
  /** Lowest first; empty where nothing says so. */
  layers: string[]
  handlers: ModelHandler[]
  /** All changes that the code may make, also outside of handlers. */
  changes: FlagChangeSite[]
  /** All triggers; those without a literal place stand at line 0 of no file. */
  triggers: TriggerSite[]
  automatic: AutomaticFlag[]
  registration: Registration
  sources: SourceText[]
}

/** Make the model of a charm that is developed. Its handler files register in a simulated unit. */
export async function readCharmModel(charmDir: string): Promise<CharmModel> {
  const [registration, sources] = await Promise.all([
    registerInUnit(charmDir),
    readSources(charmDir, findSources(charmDir)),
  ])
  return modelOf(charmDir, registration, sources)
}

/** The model from what was registered and what the sources say. */
export function modelOf(charmDir: string, registration: Registration, sources: SourceText[]): CharmModel {
  const { name, endpoints } = readMetadata(charmDir)
  const built = builtLayers(charmDir)
  const namesFor = (file: string) => {
    const layer = interfaceOf(file)
    const used = endpoints.filter(
      ({ role, interface: own }) => role === layer?.role && own === layer.interface,
    )
    return used.length === 0 ? ['*'] : used.map((endpoint) => endpoint.name)
  }
  const facts = sources.map((source) => factsOf(source, namesFor(source.path)))
  const changes = facts.flatMap((fact) => fact.changes)
  const sites = facts.flatMap((fact) => fact.triggers)
  const reach = new Reach(sources)
  return {
    name,
    charmDir,
    layers: built?.layers ?? [],
    handlers: registration.handlers.map((handler) => {
      const ranges = reach.from(handler)
      const isReached = (place: { file: string; line: number }) =>
        ranges.some(({ file, line, end }) => file === place.file && line <= place.line && place.line <= end)
      const names = handler.endpoint === undefined ? namesFor(handler.file) : [handler.endpoint]
      const raw = rawChanges(sources).filter(isReached)
      return {
        ...handler,
        function: functionOf(handler),
        layer: built?.signatures.get(handler.file),
        changes: unique(
          names.flatMap((own) => raw.map((change) => ({ ...change, flag: expandName(change.flag, own) }))),
        ),
        triggers: sites.filter(isReached),
      }
    }),
    changes,
    triggers: [...sites, ...registeredElsewhere(registration, sites)],
    automatic: automaticFlags(charmDir),
    registration,
    sources,
  }
}

/** No code of a charm, and nothing that it reads when it registers, is larger. */
const LARGEST = 16 * 1024 * 1024

/** Register in a simulated unit, as far away from this machine as the system allows. */
async function registerInUnit(charmDir: string): Promise<Registration> {
  const { simulateUnit } = await import('../simulator/unit.ts')
  const unit = await simulateUnit(charmDir, { largest: LARGEST })
  const standIns = path.join(unit.dir, 'stand-ins')
  try {
    const env = { CHARMS_REACTIVE_STAND_INS: standIns }
    const { exitStatus, stdout, stderr } = await unit.peek(['charms.reactive', 'registration'], env)
    if (exitStatus !== 0) throw new ReactiveError(`the charm does not register: ${oneLine(stderr.trim())}`)
    const registration = JSON.parse(stdout) as Registration
    return { ...registration, standIns: linesOf(standIns) }
  } finally {
    await unit.close()
  }
}

function linesOf(file: string): string[] {
  return fs.existsSync(file) ? [...new Set(fs.readFileSync(file, 'utf8').trim().split('\n'))].sort() : []
}

function functionOf({ id, file }: RegisteredHandler): string {
  return /^[^:#]*/.exec(id.slice(file.length + 1))?.[0] ?? id
}

/** Changes and triggers of a file; in an interface layer once for each endpoint. */
function factsOf({ path: file, calls }: SourceText, names: readonly string[]) {
  const each = <T>(items: readonly T[], expand: (item: T, name: string) => T) =>
    unique(names.flatMap((name) => items.map((item) => expand(item, name))))
  const changes = calls.flatMap((call) => changesOf(call, file))
  const triggers = calls.flatMap((call) => triggerOf(call, file) ?? [])
  return {
    changes: each(changes, (change, name) => ({ ...change, flag: expandName(change.flag, name) })),
    triggers: each(triggers, (trigger, name) => expandTrigger(trigger, name)),
  }
}

function expandName(flag: string, endpoint: string): string {
  return expandEndpointName(flag, endpoint).replaceAll('{relation_name}', endpoint)
}

function expandTrigger(trigger: TriggerSite, endpoint: string): TriggerSite {
  const { when, whenNot, setFlags, clearFlags } = trigger
  return {
    ...trigger,
    ...(when !== undefined && { when: expandName(when, endpoint) }),
    ...(whenNot !== undefined && { whenNot: expandName(whenNot, endpoint) }),
    setFlags: setFlags.map((flag) => expandName(flag, endpoint)),
    clearFlags: clearFlags.map((flag) => expandName(flag, endpoint)),
  }
}

function rawChanges(sources: readonly SourceText[]): FlagChangeSite[] {
  return sources.flatMap(({ path, calls }) => calls.flatMap((call) => changesOf(call, path)))
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}

/** Triggers that were registered and whose words no source has: an interface layer in a package, for instance. */
function registeredElsewhere({ triggers }: Registration, sites: readonly TriggerSite[]): TriggerSite[] {
  const isKnown = (trigger: Registration['triggers'][number]) =>
    sites.some(
      (site) =>
        isCovered([site.when ?? site.whenNot ?? ''], [trigger.when ?? trigger.whenNot ?? '']) &&
        isCovered(site.setFlags, trigger.setFlags) &&
        isCovered(site.clearFlags, trigger.clearFlags),
    )
  return triggers
    .filter((trigger) => !isKnown(trigger))
    .map((trigger) => ({ ...trigger, file: '', line: 0, column: 0, function: undefined }))
}

function isCovered(patterns: readonly string[], flags: readonly string[]): boolean {
  return flags.every((flag) => patterns.some((pattern) => matchesPattern(pattern, flag)))
}

interface Range {
  file: string
  line: number
  end: number
}

/** Which functions a handler's function may call, by their names: those of its own file first. */
class Reach {
  readonly #byFile: ReadonlyMap<string, SourceText>
  readonly #byName = new Map<string, { file: string; found: SourceFunction }[]>()
  readonly #callsIn = new Map<SourceFunction, Call[]>()

  constructor(sources: readonly SourceText[]) {
    this.#byFile = new Map(sources.map((source) => [source.path, source]))
    for (const { path: file, functions } of sources) {
      for (const found of functions) {
        const name = snakeCase(found.name)
        this.#byName.set(name, [...(this.#byName.get(name) ?? []), { file, found }])
      }
    }
  }

  from(handler: RegisteredHandler): Range[] {
    const all = this.#byName.get(snakeCase(functionOf(handler))) ?? []
    const named = all.filter(({ file }) => file === handler.file)
    // Of several functions of one name the nearest is meant: the handler's line is that of its decorators or its own.
    const distance = (found: SourceFunction) => Math.abs(found.line - (handler.line ?? found.line))
    const [first] = named.sort((one, other) => distance(one.found) - distance(other.found))
    if (first === undefined) return []
    const reached = new Map([[first.found, first.file]])
    for (const [found, file] of reached)
      for (const called of this.#calledIn(file, found)) reached.set(called.found, called.file)
    return [...reached].map(([{ line, end }, file]) => ({ file, line, end }))
  }

  #calledIn(file: string, found: SourceFunction): { file: string; found: SourceFunction }[] {
    const source = this.#byFile.get(file)
    const calls =
      this.#callsIn.get(found) ??
      source?.calls.filter(({ line }) => found.line <= line && line <= found.end) ??
      []
    this.#callsIn.set(found, calls)
    return calls.flatMap(({ name }) => {
      const named = this.#byName.get(snakeCase(name)) ?? []
      const own = named.filter((other) => other.file === file)
      const language = named.filter((other) => this.#byFile.get(other.file)?.language === source?.language)
      return own.length > 0 ? own : language
    })
  }
}
