// A charm in a temporary directory, and simulated units that are closed after each test.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { EventResult, SimulatedEvent } from '../../src/simulator/events.ts'
import { type SimulatedUnit, type SimulatedUnitOptions, simulateUnit } from '../../src/simulator/unit.ts'
import { atEnd } from '../at-end.ts'

const METADATA = `
name: app
provides:
  website: http
requires:
  db: {interface: mysql}
peers:
  cluster: {interface: app-cluster}
storage:
  data: {type: filesystem, multiple: {range: 0-3}}
  disk: {type: block}
resources:
  software: {type: file, filename: software.zip}
containers:
  web: {}
extra-bindings:
  admin: null
`
const CONFIG = `
options:
  port: {type: int, default: 8080, description: Port}
  ratio: {type: float, default: 1.5, description: Ratio}
  debug: {type: boolean, default: false, description: Debug}
  title: {type: string, default: "a title", description: Title}
  empty: {type: string, default: "", description: Empty}
  unset: {type: string, description: No default}
`
const ACTIONS = `
backup:
  description: Back up
  params:
    target: {type: string, default: /backup}
    depth: {type: object}
`

export type CharmFiles = Record<string, string>

/** Write a charm; files in hooks/ and actions/ and `dispatch` are executable. */
export function makeCharm(files: CharmFiles = {}): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
  atEnd(() => fs.rmSync(dir, { recursive: true, force: true }))
  const all = { 'metadata.yaml': METADATA, 'config.yaml': CONFIG, 'actions.yaml': ACTIONS, ...files }
  for (const [name, text] of Object.entries(all)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    const mode = /^(?:dispatch$|hooks\/|actions\/)/.test(name) ? 0o755 : 0o644
    fs.writeFileSync(path.join(dir, name), text, { mode })
  }
  return dir
}

/** Simulate a unit until the end of the test. */
export async function startUnit(
  files: CharmFiles = { dispatch: '#!/bin/bash\n. ./script.sh\n' },
  options: SimulatedUnitOptions = {},
): Promise<SimulatedUnit> {
  const unit = await simulateUnit(makeCharm(files), options)
  atEnd(() => unit.close())
  return unit
}

/** Run a bash script as the hook of a unit with the default test charm. */
export function runScript(
  unit: SimulatedUnit,
  script: string,
  event: SimulatedEvent = { name: 'install' },
): Promise<EventResult> {
  fs.writeFileSync(path.join(unit.charmDir, 'script.sh'), script)
  return unit.run(event)
}

/** The words as one bash command. */
export function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
}

export const STATE = {
  config: { title: 'a <b> & c' },
  relations: [
    {
      id: 'db:1',
      remoteApp: 'mysql',
      localUnit: { 'private-address': '10.0.0.10', mine: 'old' },
      localApp: { owner: 'app' },
      remoteAppData: { schema: '5' },
      remoteUnits: {
        'mysql/0': { host: '10.0.0.1', number: '12345' },
        'mysql/10': {},
        'mysql/2': { host: 'h2' },
      },
      departedUnits: { 'mysql/7': { host: 'gone' } },
    },
    { id: 'db:12', remoteApp: 'maria' },
    { id: 'db:2', remoteApp: 'other' },
    { id: 'website:3', remoteApp: 'proxy', remoteUnits: { 'proxy/0': {} } },
    { id: 'cluster:0', localApp: { shared: 'yes' }, remoteUnits: { 'app/1': { rank: '1' } } },
  ],
  leaderSettings: { secret: 'x' },
  charmState: { key: 'value' },
  resources: { software: '/resources/software.zip' },
}
