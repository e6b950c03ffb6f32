// `given_…`: what holds before the next event.

import fs from 'node:fs'
import path from 'node:path'
import { readYaml } from '../../charm/charm-files.ts'
import { UsageError } from '../../errors.ts'
import { checkFlagName } from '../../unit/flags.ts'
import { applicationOf } from '../../unit/names.ts'
import { jsonOrText } from '../../unit/python-json.ts'
import { byCodePoint } from '../../unit/records.ts'
import { firstUnitOf } from '../catch-up.ts'
import { parseConfig } from '../given-events.ts'
import { findRelation, type Relation } from '../juju-state.ts'
import { newJujuState } from '../new-juju-state.ts'
import { readJujuState } from '../read-state.ts'
import { newSecret, parseSecretId } from '../secrets.ts'
import type { SimulatedUnit } from '../unit.ts'
import { fileOf, placeFile } from '../unit-root.ts'
import { check, type KitFunction } from './kit-function.ts'
import { type Options, one, pairsOf } from './words.ts'

export const ARRANGE_FUNCTIONS: Record<string, KitFunction> = {
  given_flag: {
    words: 'FLAG...',
    run: check(({ unit: { state } }, flags) => {
      flags.forEach(checkFlagName)
      state.flags = [...new Set([...state.flags, ...flags])].sort(byCodePoint)
    }),
  },
  given_no_flag: {
    words: 'FLAG...',
    run: check(({ unit: { state } }, flags) => {
      flags.forEach(checkFlagName)
      state.flags = state.flags.filter((flag) => !flags.includes(flag))
    }),
  },
  given_kv: {
    words: 'KEY=VALUE...',
    run: check(({ unit }, words) => {
      for (const [key, value] of Object.entries(pairsOf(words))) unit.state.kv[key] = jsonOrText(value)
    }),
  },
  given_config: {
    words: 'OPTION=VALUE... | --default OPTION',
    options: { default: 'words' },
    run: check(({ unit }, words, options) => {
      const defaults = Array.isArray(options.default) ? options.default : []
      if (words.length + defaults.length === 0) throw new UsageError('too few words: OPTION=VALUE...')
      unit.setConfig(parseConfig(unit.charmDir, pairsOf(words)))
      unit.setConfig(Object.fromEntries(defaults.map((name) => [name, null])))
    }),
  },
  given_leader: {
    words: '[true|false]',
    run: check(({ unit }, [answer = 'true']) => {
      if (answer !== 'true' && answer !== 'false') throw new UsageError(`expected true or false: ${answer}`)
      unit.state.leader = answer === 'true'
    }),
  },
  given_relation: {
    words: 'ID [--remote APP] [--unit UNIT] [--app] [KEY=VALUE...]',
    options: { remote: 'word', unit: 'word', app: 'alone' },
    run: check(({ unit }, [id = '', ...data], options) => {
      const relation = findOrJoin(unit, id, options)
      if (relation.role === 'peers') throw new UsageError(`use given_peer for a peer relation: ${id}`)
      addData(unit, relation, options, pairsOf(data))
    }),
  },
  given_peer: {
    words: 'ID [--unit UNIT] [--app] [KEY=VALUE...]',
    options: { unit: 'word', app: 'alone' },
    run: check(({ unit }, [id = '', ...data], options) => {
      const relation = findOrJoin(unit, id, options)
      if (relation.role !== 'peers')
        throw new UsageError(`use given_relation, this is not a peer relation: ${id}`)
      addData(unit, relation, options, pairsOf(data))
    }),
  },
  given_storage: {
    words: 'ID LOCATION [--block]',
    options: { block: 'alone' },
    run: check(({ unit }, [id = '', location = ''], { block }) => {
      if (!/^[a-z][a-z0-9-]*\/\d+$/.test(id)) throw new UsageError(`a storage is written NAME/NUMBER: ${id}`)
      unit.state.storage[id] = { kind: block === true ? 'block' : 'filesystem', location }
      if (block !== true) fs.mkdirSync(fileOf(unit, location), { recursive: true })
    }),
  },
  given_secret: {
    words: '[--id ID] [--label LABEL] [--owner unit|application|APP] KEY=VALUE...',
    options: { id: 'word', label: 'word', owner: 'word' },
    run: check(({ unit: { state } }, words, options) => {
      const [id, label, owner] = ['id', 'label', 'owner'].map((name) => one(options, name))
      const known = id === undefined ? undefined : parseSecretId(id)
      if (id !== undefined && known === undefined) {
        throw new UsageError(`the id of a secret is twenty letters (a to v) and digits: ${id}`)
      }
      const given = {
        content: pairsOf(words),
        ...(known !== undefined && { id: known }),
        ...(label !== undefined && { label }),
        ...(owner !== undefined && { owner }),
      }
      state.secrets.push(newSecret(state.secrets, given))
    }),
  },
  given_state: {
    words: 'FILE | -',
    options: { stdin: 'alone' },
    run: check(({ unit }, [given = ''], { stdin }) => {
      const file = stdin === true ? path.join(unit.dir, 'given-state.yaml') : given
      if (stdin === true) fs.writeFileSync(file, given)
      const state = readJujuState(readYaml(file) ?? wrongFile(file))
      if (state.unit !== undefined && state.unit !== unit.state.unit) {
        throw new UsageError(`the unit is ${unit.state.unit}: call charm_new with --unit ${state.unit}`)
      }
      Object.assign(unit.state, newJujuState({ ...unit.state, ...state }))
    }),
  },
  given_resource: {
    words: 'NAME FILE',
    run: check(({ unit }, [name = '', file = '']) => {
      if (!fs.existsSync(file)) throw new UsageError(`the file does not exist: ${file}`)
      unit.state.resources[name] = path.resolve(file)
    }),
  },
  given_file: {
    words: 'FILE [--mode MODE] [--from SOURCE | TEXT | -]',
    options: { stdin: 'alone', mode: 'word', from: 'word' },
    run: check(({ unit }, [file = '', text = ''], options) => {
      const from = one(options, 'from')
      const isText = from === undefined && !file.endsWith('/')
      const mode = one(options, 'mode') ?? (isText ? '644' : undefined)
      if (!isText && text !== '') throw new UsageError(`a copy or a directory has no text: ${file}`)
      placeFile(unit, file, from)
      const target = fileOf(unit, file)
      if (text !== '') fs.writeFileSync(target, text.endsWith('\n') ? text : `${text}\n`)
      if (mode !== undefined) fs.chmodSync(target, modeOf(mode))
    }),
  },
  given_juju_version: {
    words: 'VERSION',
    run: check(({ unit }, [version = '']) => {
      if (!/^\d+\.\d+([.-]\w+)*$/.test(version)) throw new UsageError(`not a version of Juju: ${version}`)
      unit.state.jujuVersion = version
    }),
  },
}

/** The relation of that id, made when it is new. */
function findOrJoin(unit: SimulatedUnit, id: string, options: Options): Relation {
  if (!/^[a-zA-Z][\w-]*:\d+$/.test(id)) throw new UsageError(`a relation is written ENDPOINT:NUMBER: ${id}`)
  const endpoint = id.slice(0, id.lastIndexOf(':'))
  const found = findRelation(unit.state, id)
  if (found !== undefined) {
    if (found.endpoint !== endpoint) throw new UsageError(`the number is taken by ${found.id}: ${id}`)
    return found
  }
  const [given, member] = [one(options, 'remote'), one(options, 'unit')]
  const remoteApp = given ?? (member === undefined ? undefined : applicationOf(member))
  return unit.joinRelation(endpoint, { id, ...(remoteApp !== undefined && { remoteApp }) })
}

/** Application data with --app, else the data of a unit, which becomes a member. */
function addData(
  { state }: SimulatedUnit,
  relation: Relation,
  options: Options,
  data: Record<string, string>,
): void {
  if (options.app === true) {
    Object.assign(relation.remoteAppData, data)
    return
  }
  const name = one(options, 'unit') ?? firstUnitOf(state, relation)
  if (applicationOf(name) !== relation.remoteApp) {
    throw new UsageError(
      `the unit is not of ${relation.remoteApp}, the other application of ${relation.id}: ${name}`,
    )
  }
  const members = relation.remoteUnits
  members[name] = { ...members[name], ...data }
}

export function modeOf(text: string): number {
  if (!/^[0-7]{3,4}$/.test(text)) throw new UsageError(`a mode is octal, like 644: ${text}`)
  return Number.parseInt(text, 8)
}

function wrongFile(file: string): never {
  throw new UsageError(`the file does not exist, or is empty: ${file}`)
}
