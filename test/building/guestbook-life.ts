// The life of examples/guestbook on a unit without the simulator, and all that is seen of it: how hooks ended, which
// hook tools were called, which handlers ran, which flags and files were left.

import fs from 'node:fs'
import path from 'node:path'
import type { Ended, PackedUnit } from './packed-unit.ts'

/** Juju's answers from this event on. */
type Answers = Record<string, string>

const CONFIG = { port: 8080, title: 'Guests' }
const RELATED = { 'relation-ids': '["db:1"]', 'relation-list': '["mysql/0"]' }
const inRelation = { JUJU_RELATION: 'db', JUJU_RELATION_ID: 'db:1', JUJU_REMOTE_APP: 'mysql' }
const withUnit = { ...inRelation, JUJU_REMOTE_UNIT: 'mysql/0' }

const LIFE: { event: string; answers?: Answers; env?: Record<string, string> }[] = [
  { event: 'install', answers: { 'config-get': JSON.stringify(CONFIG), 'leader-get': '{}' } },
  { event: 'leader-elected', answers: { 'is-leader': 'true' } },
  { event: 'config-changed' },
  { event: 'start' },
  { event: 'actions/backup', answers: { 'action-get': '"/srv/dump"' } },
  { event: 'db-relation-created', answers: { 'relation-ids': '["db:1"]' }, env: inRelation },
  { event: 'db-relation-joined', answers: { ...RELATED, 'relation-get': '{}' }, env: withUnit },
  { event: 'db-relation-changed', answers: { 'relation-get': '{"host":"10.0.0.7"}' }, env: withUnit },
  { event: 'actions/backup' },
  { event: 'config-changed', answers: { 'config-get': JSON.stringify({ ...CONFIG, title: 'Visitors' }) } },
  { event: 'update-status' },
  { event: 'db-relation-departed', answers: { 'relation-list': '[]' }, env: withUnit },
  { event: 'db-relation-broken', env: inRelation },
  { event: 'stop' },
]

export interface Seen {
  event: string
  status: number
  stderr: string
  calls: string[]
}

export interface Life {
  events: Seen[]
  flags: string
  data: string
  handlers: string[]
  files: Record<string, string>
  milliseconds: number[]
}

/** Stand-ins for what the charm calls on its machine. */
export function prepareMachine(unit: PackedUnit): void {
  for (const name of ['apt-get', 'systemctl', 'mysqldump']) unit.command(name, '#!/bin/sh\n')
  unit.command('guestbook', '#!/bin/sh\necho 1.4\n')
}

/** Run all events; `command` is how an operator calls the toolkit. */
export async function liveThrough(unit: PackedUnit, command: readonly string[]): Promise<Life> {
  prepareMachine(unit)
  const life: Life = { events: [], flags: '', data: '', handlers: [], files: {}, milliseconds: [] }
  for (const { event, answers = {}, env = {} } of LIFE) {
    for (const [tool, text] of Object.entries(answers)) unit.answer(tool, text)
    const ended = await (event.startsWith('actions/')
      ? unit.action(path.basename(event))
      : unit.hook(event, env))
    life.events.push({ event, status: ended.status, stderr: ended.stderr, calls: unit.takeCalls() })
    life.milliseconds.push(ended.milliseconds)
  }
  const ask = async (...words: string[]) => outputOf(await unit.exec(...command, ...words))
  life.flags = await ask('get_flags')
  life.data = await ask('kv', 'range', '')
  const records: { handlers?: { handler: string }[] }[] = JSON.parse(
    await ask('trace', '--last', '20', '--format', 'json'),
  )
  life.handlers = [...JSON.stringify(records).matchAll(/reactive\/guestbook\.sh:\w+/g)].map(([name]) => name)
  const file = path.join(unit.root, 'etc/guestbook.conf')
  life.files['/etc/guestbook.conf'] = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  return life
}

function outputOf({ status, stdout, stderr }: Ended): string {
  if (status !== 0) throw new Error(`${status}: ${stderr}`)
  return stdout
}

/** What must be the same on every machine. */
export function comparable({ milliseconds: _, ...life }: Life): unknown {
  // Hook tools that are asked side by side are in no order.
  return { ...life, events: life.events.map((seen) => ({ ...seen, calls: seen.calls.toSorted() })) }
}
