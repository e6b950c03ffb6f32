// Random charms in Python and sequences of hooks, which follow from a seed alone. Some of them fail, some end a hook
// early, some never settle. What they do is such that a second run of the same handler changes nothing, and flags are
// cleared only where they are set: how often a handler runs in a hook, and that clearing a flag which is not set
// means nothing, are differences that are ours on purpose.

import type { CharmFiles } from '../end-to-end/charm.ts'
import type { Random } from '../random.ts'

const FLAGS = ['f0', 'f1', 'f2', 'f3', 'f4', 'f5']
const OF_ENDPOINT = ['endpoint.db.joined', 'db.ready', 'endpoint.db.changed', 'endpoint.db.departed']
const OF_RELATION = ['db.ready', 'db.connected']
const FLAG_DECORATORS = { when: 6, when_all: 1, when_not: 5, when_none: 1, when_any: 2, when_not_all: 1 }
const HOOKS = ['install', 'config-changed', 'update-status', 'start', 'db-relation-{joined,changed}']

export interface Step {
  name: string
  remoteUnit?: string
  /** Data of the remote unit from now on. */
  data?: Record<string, string>
}

export interface RandomCharm {
  /** Whether its interface layer is of the new style. */
  isEndpoint: boolean
  files: CharmFiles
  steps: Step[]
  /** Hooks that the original needs a script for. */
  hooks: string[]
}

/** A charm with one file of handlers and one interface layer, and what happens to it. */
export function randomCharm(random: Random): RandomCharm {
  const isEndpoint = random.chance(0.5)
  const flags = isEndpoint ? OF_ENDPOINT : OF_RELATION
  const count = 3 + random.below(6)
  const handlers = Array.from({ length: count }, (_, index) => handler(random, `h${index}`, flags))
  const layer = isEndpoint ? endpointLayer(random) : relationLayer(random)
  const steps = lifeOf(random, isEndpoint)
  return {
    isEndpoint,
    files: {
      'metadata.yaml': 'name: app\nsummary: x\nrequires: {db: {interface: mysql}}\n',
      'config.yaml': 'options: {}\n',
      'reactive/app.py': `${HEAD}${triggers(random)}${handlers.join('')}`,
      'reactive/relations/mysql/requires.py': layer,
    },
    steps,
    hooks: [...new Set(steps.map(({ name }) => name))],
  }
}

const HEAD = `import sys
from charmhelpers.core import hookenv, unitdata
from charms.reactive import *
from charms.reactive import set_flag, clear_flag, hook, endpoint_from_name, endpoint_from_flag
from charms.reactive.helpers import was_invoked, mark_invoked

def ran(*words):
    with open('ran', 'a') as file:
        print(*words, file=file)

def clear(flag):
    if is_flag_set(flag):
        clear_flag(flag)

def described(args):
    return [getattr(arg, 'endpoint_name', None) or arg.relation_name for arg in args]

`

function handler(random: Random, name: string, relationFlags: readonly string[]): string {
  const decorators = random.chance(0.25)
    ? [`@hook(${quoted(random.sample(HOOKS, 1 + random.below(2)))})`]
    : Array.from({ length: 1 + random.below(2) }, () => flagDecorator(random, relationFlags))
  if (random.chance(0.1)) decorators.push('@only_once')
  const takesArgs = random.chance(0.4)
  const body = Array.from({ length: 1 + random.below(3) }, () => statement(random))
  const args = takesArgs ? '*args' : decorators.some((text) => text.startsWith('@hook')) ? '*_' : ''
  return `${decorators.join('\n')}
def ${name}(${args}):
    ran('${name}'${takesArgs ? ', described(args)' : ''})
${body.map((line) => `    ${line}\n`).join('')}
`
}

function flagDecorator(random: Random, relationFlags: readonly string[]): string {
  const flags = random.sample([...FLAGS, ...(random.chance(0.4) ? relationFlags : [])], 1 + random.below(2))
  return `@${random.weighted(FLAG_DECORATORS)}(${quoted(flags)})`
}

function statement(random: Random): string {
  const flag = random.pick(FLAGS)
  return random.weighted({
    [`set_flag('${flag}')`]: 8,
    [`clear('${flag}')`]: 1,
    [`(set_flag if is_flag_set('${random.pick(FLAGS)}') else clear)('${flag}')`]: 1,
    [`unitdata.kv().set('k${random.below(3)}', {'v': [${random.below(4)}, None, 'é']})`]: 2,
    [`unitdata.kv().unset('k${random.below(3)}')`]: 1,
    [`hookenv.status_set('active', 'by ${flag}')`]: 1,
    [`ran('data', data_changed('d${random.below(2)}', [1, {'b': 2.5, 'a': '${flag}'}]))`]: 0.5,
    [`register_trigger(when='${flag}', set_flag='${random.pick(FLAGS)}')`]: 1,
    [`register_trigger(when_not='${flag}', callback=lambda: clear('${random.pick(FLAGS)}'))`]: 0.5,
    [`hookenv.atexit(set_flag, 'x${flag}')`]: 0.5,
    "ran('flags', sorted(f for f in get_flags() if f.startswith('f')))": 0.5,
    [PUBLISH]: 1.5,
    [`raise KeyError('${flag}')`]: 0.15,
    [`sys.exit(${random.pick([0, 0, 1, 3])})`]: 0.15,
  })
}

const PUBLISH =
  "[r.to_publish_raw.update(seen='yes') or r.to_publish.update(list=[1, 'é']) for r in getattr(endpoint_from_name('db'), 'relations', [])]"

function triggers(random: Random): string {
  const count = random.below(3)
  const one = () => {
    const flag = random.pick(FLAGS)
    const effect = random.pick([`set_flag='${flag}'`, `callback=lambda: clear('${flag}')`])
    return `register_trigger(${random.pick(['when', 'when_not'])}='${random.pick(FLAGS)}', ${effect})\n`
  }
  return `${Array.from({ length: count }, one).join('')}\n`
}

function endpointLayer(random: Random): string {
  const clears = random.chance(0.7) ? "    clear_flag(self.expand_name('changed'))\n        " : '    '
  return `from charms.reactive import Endpoint, when, when_not, set_flag, clear_flag, toggle_flag

class MySQL(Endpoint):
    def manage_flags(self):
        toggle_flag(self.expand_name('{endpoint_name}.ready'), self.all_joined_units.received['host'])

    @when('endpoint.{endpoint_name}.changed')
    def changed(self):
    ${clears}set_flag('f${random.below(6)}')
${random.chance(0.5) ? `        for relation in self.relations:\n            relation.to_publish['wants'] = {'b': 1, 'a': [${random.below(3)}]}\n` : ''}
    @when_not('endpoint.{endpoint_name}.joined')
    def alone(self):
        toggle_flag('f${random.below(6)}', True)
`
}

function relationLayer(random: Random): string {
  const scope = random.pick(['GLOBAL', 'SERVICE', 'UNIT'])
  // Where no unit is left, the original knows no application either.
  const end = scope === 'SERVICE' ? 'departed' : '{departed,broken}'
  return `from charms.reactive import RelationBase, scopes, hook

class MySQL(RelationBase):
    scope = scopes.${scope}
    auto_accessors = ['host']

    @hook('{requires:mysql}-relation-{joined,changed}')
    def changed(self):
        self.set_state('{relation_name}.connected')
        self.set_remote('user', 'app')
        if self.host():
            self.set_local('host', self.host())
            self.set_state('{relation_name}.ready')

    @hook('{requires:mysql}-relation-${end}')
    def departed(self):
        self.remove_state('{relation_name}.connected')
        self.remove_state('{relation_name}.ready')
`
}

/** Install, then whatever Juju may do; the flags of an Endpoint end with its relation, in the original they stay. */
function lifeOf(random: Random, isEndpoint: boolean): Step[] {
  const steps: Step[] = [{ name: 'install' }]
  let joined: string[] = []
  for (let count = 3 + random.below(3); count > 0; count--) {
    const kind = random.weighted({
      plain: 3,
      join: 3,
      change: joined.length > 0 ? 4 : 0.001,
      leave: joined.length > 0 ? 1 : 0.001,
    })
    if (kind === 'join' && joined.length < 2) {
      const unit = `mysql/${joined.length}`
      joined.push(unit)
      steps.push({ name: 'db-relation-joined', remoteUnit: unit })
    } else if (kind === 'change' && joined.length > 0) {
      const data = {
        host: `h${random.below(3)}`,
        ...(random.chance(0.3) && { port: String(random.below(3)) }),
      }
      steps.push({ name: 'db-relation-changed', remoteUnit: random.pick(joined), data })
    } else if (kind === 'leave' && joined.length > 0) {
      steps.push({ name: 'db-relation-departed', remoteUnit: joined.at(-1) ?? '' })
      joined = joined.slice(0, -1)
    } else steps.push({ name: random.pick(['config-changed', 'update-status', 'start']) })
  }
  if (!isEndpoint && random.chance(0.5)) {
    for (const unit of joined.reverse()) steps.push({ name: 'db-relation-departed', remoteUnit: unit })
    steps.push({ name: 'db-relation-broken' }, { name: 'update-status' })
  }
  return steps
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}
