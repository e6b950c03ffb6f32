// Takes the place of the package `bindings` in the bundle: sqlite3's addon is always in one place of the package,
// and looking for it costs more than loading it. Node's own `require` asks about every package on the way.

'use strict'
const fs = require('node:fs')
const path = require('node:path')

const ADDON = 'sqlite3/build/Release/node_sqlite3.node'

module.exports = () => {
  const module = { exports: {} }
  process.dlopen(module, find(__dirname))
  return module.exports
}

/** The addon in the next `node_modules` above, which npm may share between packages. */
function find(dir) {
  const file = path.join(dir, 'node_modules', ADDON)
  if (fs.existsSync(file)) return file
  return dir === '/' ? require.resolve(ADDON) : find(path.dirname(dir))
}
