// Simulated models that are closed after each test, with charms in plain bash whose hooks tests write as they
// go.

import fs from 'node:fs'
import path from 'node:path'
import {
  type ApplicationOptions,
  type HookResult,
  type ModelOptions,
  type SimulatedModel,
  simulateModel,
  titleOf,
} from '../../src/simulator/testing.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { atEnd } from '../at-end.ts'
import { temporaryDir, writeFiles } from '../end-to-end/charm.ts'

export const CA = 'name: ca\nprovides: {clients: {interface: tls}, backup: {interface: tls}}\n'
export const WEB =
  'name: web\nrequires: {certs: {interface: tls}, db: {interface: sql}}\npeers: {cluster: {interface: web}}\n'
const CONFIG = 'options: {port: {type: int, default: 80, description: x}}\n'
/** A charm in plain bash: each hook is a file with its name in the charm dir, if there is one. */
const DISPATCH = '#!/bin/bash -e\n[[ ! -e $JUJU_HOOK_NAME ]] || . "./$JUJU_HOOK_NAME"\n'

export async function startModel(options?: ModelOptions): Promise<SimulatedModel> {
  const model = await simulateModel(options)
  atEnd(() => model.close())
  return model
}

export function makeCharm(metadata: string, files: Record<string, string> = {}): string {
  const charm = temporaryDir()
  writeFiles(charm, { 'metadata.yaml': metadata, 'config.yaml': CONFIG, ...files })
  return charm
}

/** Deploy a charm in plain bash, whose hooks are the files. */
export function deploy(model: SimulatedModel, app: string, options?: ApplicationOptions, hooks = {}) {
  return model.deploy(app, makeCharm(app === 'ca' ? CA : WEB, { dispatch: DISPATCH, ...hooks }), options)
}

/** From now on the unit does that in the hook. */
export function on(unit: SimulatedUnit, hook: string, script: string): void {
  fs.writeFileSync(path.join(unit.charmDir, hook), script)
}

/** A model in which `ca/0` and units of web have finished what follows from relating them. */
export async function relatedModel(units = 1, options?: ModelOptions, hooks = {}) {
  const model = await startModel(options)
  const ca = await deploy(model, 'ca')
  const web = await deploy(model, 'web', { units }, hooks)
  const relation = model.relate('web:certs', 'ca:clients')
  await model.settle()
  return { model, ca: ca.units[0] as SimulatedUnit, web, webs: web.units, relation }
}

export const titles = (results: readonly HookResult[]) => results.map(titleOf)

/** The hooks of one unit without its name; of one endpoint if that is said. */
export function hooksOf(results: readonly HookResult[], unit: string, endpoint = ''): string[] {
  const begin = `${unit} ${endpoint}`
  return titles(results)
    .filter((title) => title.startsWith(begin))
    .map((title) => title.slice(unit.length + 1))
}
