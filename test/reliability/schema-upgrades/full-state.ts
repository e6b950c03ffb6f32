// A unit state with every kind of key that the toolkit keeps, from hooks and commands of a unit that moved here
// from the Python original. Recorded once for each schema; the same is made anew to see what is recorded no more.

import fs from 'node:fs'
import path from 'node:path'
import { bash } from '../../end-to-end/charm.ts'
import { openState } from '../../test-unit.ts'
import { movedUnit, runNext } from '../migration/recorded.ts'

const MORE = {
  'reactive/more.sh': bash(`@when 'app.installed'
function more() {
  any_file_changed app.conf || :
  data_changed 'an id' '{"a": [1, 2.5, null]}' || :
  charms.reactive kv set 'a key' '{"deep": [1, {"text": "ü"}]}'
  charms.reactive kv set 'a number' 1.5
  charms.reactive mark_invoked 'an id'
  set_flag 'a flag' 'with a value'
}
register_trigger --when_not 'a flag' --clear_flag another`),
  'layer.yaml': 'options: {basic: {no_such_option: true}}\n',
  'reactive/near.sh': '#!/bin/bash\n',
  'exec.d/near/charm-pre-install': 'echo never\n',
}

/** Of what would need packages from the network, or another charm. */
const BY_HAND: Readonly<Record<string, unknown>> = {
  'bootstrap:packages': ['jq'],
  'meta:moving': true,
  'bootstrap:python': 'd41d8cd98f00b204e9800998ecf8427e',
  'requests:db': ['requester'],
}

/** Make the state, and give the path of its file. */
export async function makeFullState(): Promise<string> {
  const unit = await movedUnit('settled', MORE)
  fs.chmodSync(path.join(unit.charmDir, 'reactive/near.sh'), 0o644)
  for (const title of ['a watched file has changed', 'a proxy has another port']) {
    const { exitStatus, stderr } = await runNext(unit, title)
    if (exitStatus !== 0) throw new Error(stderr)
  }
  const trigger = ['register_trigger', '--when', 'a flag', '--set_flag', 'another']
  await unit.command(['charms.reactive', ...trigger])
  const file = path.join(unit.charmDir, '.reactive-state.db')
  const state = await openState({ path: file })
  for (const [key, value] of Object.entries(BY_HAND)) state.set(key, value)
  const imported = state.get('meta:imported') as object
  state.set('meta:imported', { ...imported, from: ['/var/lib/juju/agents/unit-app-0/charm/.unit-state.db'] })
  await state.commit()
  await state.close()
  return file
}

/** What kind of value it is: names of fields stand for themselves where the toolkit chooses them. */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort().join(' ')}]`
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  const fields = Object.entries(value).map(([name, item]) => `${name}: ${shapeOf(item)}`)
  return `{${fields.sort().join(', ')}}`
}

/** The part of a key that the toolkit chooses, with the shape of what it keeps there. */
export function kindOf([key, value]: readonly [string, unknown]): string {
  const prefix = /^(?:meta:[a-z]+:?|[a-z-]+:?)/.exec(key)?.[0] ?? key
  // In these, the charm, its options or other units choose the names.
  const isOpen = ['kv:', 'config:', 'leadership:', 'received:'].includes(prefix)
  return `${prefix} ${isOpen ? typeof value : shapeOf(value).replace(/local: \{.*?\}/, 'local')}`
}
