// Takes the place of the package `bindings` in the bundle: sqlite3's addon is always in this one place,
// and looking for it costs more than loading it.

'use strict'
module.exports = () => require('sqlite3/build/Release/node_sqlite3.node')
