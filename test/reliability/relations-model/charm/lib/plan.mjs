// What the option `plan` asks of a handler in JavaScript, and what a handler sees of an endpoint: a line
// `WHO ENDPOINT WHAT JSON` for each fact. The same in bash: plan.sh.

import { clearFlag, config, endpointFromName } from 'charms.reactive'

/** Say what is seen of the endpoint, then do what the plan has for this handler. */
export function follow(who, endpoint) {
  if (endpoint !== undefined) glance(who, endpoint)
  for (const line of (config('plan') ?? '').split('\n')) {
    const [name, verb, ...words] = line.split(' ')
    if (name === who) VERBS[verb](words, who)
  }
}

const VERBS = {
  clear: (words) => clearFlag(words.join(' ')),
  forget: ([name]) => endpointFromName(name).allDepartedUnits.clear(),
  set: publish,
  look: ([name], who) => look(who, endpointFromName(name)),
  taste([name]) {
    if (endpointFromName(name).allJoinedUnits.received.poison === 'yes') throw new Error('poison')
  },
  fail() {
    throw new Error('asked to fail')
  },
  kill: () => process.kill(process.pid, 'SIGKILL'),
}

/** `set ENDPOINT KEY=VALUE... [--relation=ID] [--app] [--as-json]`, as the command endpoint_set takes them. */
function publish([name, ...words], who) {
  const id = words.find((word) => word.startsWith('--relation='))?.slice('--relation='.length)
  const endpoint = endpointFromName(name)
  const relations = id === undefined ? [...endpoint.relations] : [endpoint.relations.get(id)]
  try {
    for (const relation of relations) publishOn(relation, words)
  } catch {
    console.log(`${who} refused`)
  }
}

function publishOn(relation, words) {
  const suffix = `${words.includes('--app') ? 'App' : ''}${words.includes('--as-json') ? '' : 'Raw'}`
  const databag = relation[`toPublish${suffix}`]
  for (const word of words.filter((word) => !word.startsWith('--'))) {
    const [key, text] = word.split(/=(.*)/s)
    if (text === '') delete databag[key]
    else databag[key] = words.includes('--as-json') ? value(text) : text
  }
}

function value(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What is seen without the data. */
function glance(who, { endpointName, relations, allJoinedUnits, allDepartedUnits }) {
  const say = (what, seen) => console.log(`${who} ${endpointName} ${what} ${JSON.stringify(seen)}`)
  say('relations', relations.names())
  say('units', unique(allJoinedUnits.names()))
  say('departed', unique(allDepartedUnits.names()))
}

/** What is seen with the data. */
function look(who, endpoint) {
  const { endpointName, relations, allJoinedUnits, allDepartedUnits } = endpoint
  const say = (what, seen) => console.log(`${who} ${endpointName} ${what} ${JSON.stringify(seen)}`)
  glance(who, endpoint)
  say('merged', { ...allJoinedUnits.received })
  const fields = relations.flatMap(({ receivedApp }) => Object.entries(receivedApp)).reverse()
  say('application', Object.fromEntries(fields))
  for (const { relationId, joinedUnits } of relations) {
    say(`texts of ${relationId}`, { ...joinedUnits.receivedRaw })
  }
  for (const name of unique(allDepartedUnits.names())) {
    const unit = allJoinedUnits[name] ?? allDepartedUnits[name]
    say(`data of ${name}`, { ...unit.received })
  }
  say('applications', Object.fromEntries(relations.map((one) => [one.relationId, one.applicationName])))
}

function unique(names) {
  return [...new Set(names)]
}
