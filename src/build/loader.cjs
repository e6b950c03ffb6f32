// Starts the engine: compiles a bundle beside it with a code cache that the build made. There is one for hooks,
// a smaller one for commands, and one of another bundle for the simulated unit. V8 refuses a cache of another
// version or length of the source; then the bundle is compiled as it is. `node main.cjs --make-cache WORD…`
// writes the cache after running WORD….

'use strict'
const fs = require('node:fs')
const vm = require('node:vm')

const makeCache = process.argv[2] === '--make-cache'
if (makeCache) process.argv.splice(2, 1)

const CACHES = { main: 'hook', simulate: 'simulation', 'test-kit': 'simulation' }
const cache = CACHES[process.argv[2]] ?? 'command'
const cacheFile = `${__dirname}/${cache}.cache`
const file = `${__dirname}/${cache === 'simulation' ? 'simulation' : 'engine'}.cjs`

/** The cached code, or undefined where there is none. */
function readCache() {
  try {
    return fs.readFileSync(cacheFile)
  } catch {
    return undefined
  }
}

// The bundle is ASCII: the quickest decoding there is. A cache keeps the name: it must not say where it was made.
const script = new vm.Script(fs.readFileSync(file, 'latin1'), {
  filename: file.slice(__dirname.length + 1),
  cachedData: makeCache ? undefined : readCache(),
})
if (makeCache) process.on('exit', () => fs.writeFileSync(cacheFile, script.createCachedData()))
script.runInThisContext()(exports, require, module, file, __dirname)
