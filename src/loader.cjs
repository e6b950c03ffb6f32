// Starts the engine: compiles the bundle beside it with the code cache that the build made. V8 refuses a
// cache of another version or length of the source; then the bundle is compiled as it is.
// `node main.cjs --make-cache` writes the cache, after a run that has compiled what most runs need.

'use strict'
const fs = require('node:fs')
const { Module } = require('node:module')
const vm = require('node:vm')

const file = `${__dirname}/engine.cjs`
const cacheFile = `${file}.cache`
const makeCache = process.argv[2] === '--make-cache'

/** The cached code, or undefined where there is none. */
function readCache() {
  try {
    return fs.readFileSync(cacheFile)
  } catch {
    return undefined
  }
}

// The bundle is ASCII: the quickest decoding there is.
const script = new vm.Script(Module.wrap(fs.readFileSync(file, 'latin1')), {
  filename: file,
  cachedData: makeCache ? undefined : readCache(),
})
if (makeCache) {
  process.argv.splice(2, 1)
  process.on('exit', () => fs.writeFileSync(cacheFile, script.createCachedData()))
}
script.runInThisContext()(exports, require, module, file, __dirname)
