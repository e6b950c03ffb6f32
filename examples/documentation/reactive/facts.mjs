// What the interface layer and a base layer would do for reactive/app.sh: set its two flags from facts,
// and answer relation_call.

import { execFileSync } from 'node:child_process'
import { clearFlag, hook, provideEndpoint, setFlag, when, whenNot } from 'charms.reactive'

when('config.set.admin-pass', function passwordIsSet() {
  setFlag('admin-pass')
})

whenNot('config.set.admin-pass', function passwordIsNotSet() {
  clearFlag('admin-pass')
})

hook('{requires:pgsql}-relation-{joined,changed}', function databaseIsThere() {
  setFlag('db.database.available')
})

hook('{requires:pgsql}-relation-broken', function databaseIsGone() {
  clearFlag('db.database.available')
})

provideEndpoint('db', {
  connection_string() {
    const json = (tool, ...args) =>
      JSON.parse(execFileSync(tool, [...args, '--format=json'], { encoding: 'utf8' }))
    const [relation] = json('relation-ids', 'db')
    const [unit] = json('relation-list', '-r', relation)
    const { host, user } = json('relation-get', '-r', relation, '-', unit)
    return `host=${host} user=${user}`
  },
})
