// Starts the engine: compiles a bundle beside it with the code cache that an earlier run has left there. The bundle
// engine.cjs has one cache for hooks, a larger one for those with Python and a smaller one for commands;
// development.cjs, which no charm carries, has one for builds and one for all else. V8 compares only its version, its
// options and the length of the source: the name of a cache says which files it belongs to.

'use strict'
const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')

const OLDEST = 24

/** The cache of a hook; the launcher has started Python. */
const HOOK = process.env.CHARMS_REACTIVE_PYTHON ? 'python' : 'hook'

/** The caches of the commands of development: a build runs much that the others do not. */
const DEVELOPMENT = {
  simulate: 'development',
  'test-kit': 'development',
  hooks: 'development',
  lint: 'development',
  pack: 'development',
  build: 'build',
  init: 'development',
  layers: 'development',
  graph: 'development',
}

/** Size and time of the last change, which nobody can set: hashing the runtime would take longer than a cache saves. */
function stampOf({ size, ctimeNs }) {
  return `${size.toString(36)}-${ctimeNs.toString(36)}`
}

/** The text of a bundle, and the stamp of just these bytes. */
function read(file) {
  const descriptor = fs.openSync(file)
  try {
    const stamp = stampOf(fs.fstatSync(descriptor, { bigint: true }))
    // A bundle is ASCII: the quickest decoding there is.
    return { source: fs.readFileSync(descriptor, 'latin1'), stamp }
  } finally {
    fs.closeSync(descriptor)
  }
}

function readCache(file) {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

/** Keep what this run has compiled, and remove the caches of other files. Without the right to write it does without. */
function keep(script, kind, name) {
  const file = path.join(__dirname, name)
  const unfinished = `${file}.${process.pid}`
  try {
    // All of it is on the disk before it has its name: V8 would run what a loss of power has left of it.
    fs.writeFileSync(unfinished, script.createCachedData(), { flush: true })
    fs.renameSync(unfinished, file)
    for (const other of fs.readdirSync(__dirname))
      if (other.startsWith(`${kind}.`) && other.includes('.cache') && other !== name)
        fs.rmSync(path.join(__dirname, other), { force: true })
  } catch {
    fs.rmSync(unfinished, { force: true })
  }
}

function start() {
  const word = process.argv[2]
  const isDevelopment = Object.hasOwn(DEVELOPMENT, word)
  const kind = isDevelopment ? DEVELOPMENT[word] : word === 'main' ? HOOK : 'command'
  const name = isDevelopment ? 'development.cjs' : 'engine.cjs'
  const file = `${__dirname}/${name}`
  if (isDevelopment && !fs.existsSync(file))
    return refuse(`${word}: a charm does not carry what development needs: ${__dirname}`)
  const { source, stamp } = read(file)
  const cache = `${kind}.${stamp}.${stampOf(fs.statSync(process.execPath, { bigint: true }))}.cache`
  const cachedData = readCache(`${__dirname}/${cache}`)
  // A cache keeps the name of its script: it must not say where it was made.
  const script = new vm.Script(source, { filename: name, cachedData })
  if (script.cachedDataRejected !== false) process.on('exit', () => keep(script, kind, cache))
  script.runInThisContext()(exports, require, module, file, __dirname)
}

function refuse(message) {
  fs.writeSync(2, `charms.reactive: ${message}\n`)
  process.exitCode = 3
}

if (Number.parseInt(process.versions.node, 10) < OLDEST)
  refuse(`Node.js is older than ${OLDEST}: ${process.version}: ${process.execPath}`)
else start()
