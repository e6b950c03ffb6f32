// The names that handler files in JavaScript may import without any node_modules: `charms.reactive` is this
// very engine, `charms.layer/NAME` what the layer NAME offers to others (documentation 2.3.7): the file
// `lib/charms/layer/NAME.js` of the charm (or `.mjs`, `.cjs`, `NAME/index.js`), an underscore for each hyphen.

import fs from 'node:fs'
import Module, { register } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRegularFile } from '../../system/regular-files.ts'

const API = 'charms.reactive'
const LAYER = 'charms.layer/'
/** What is left of a file's name, and which file wins where two have the same. */
const ENDINGS = ['.js', '.mjs', '.cjs', '/index.js', '/index.mjs', '/index.cjs']

let resolved: Promise<void> | undefined

/** Make the names mean what they should, for `import` and for `require`, once a process. */
export function resolveToolkit(charmDir: string): Promise<void> {
  resolved ??= (async () => {
    const api: Record<string, unknown> = await import('./api.ts')
    const layers = layerModules(charmDir)
    Object.defineProperty(globalThis, Symbol.for(API), { value: api })
    register(`data:text/javascript,${encodeURIComponent(hooks(Object.keys(api), layers))}`)
    const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }
    const load = loader._load
    loader._load = (request, ...rest) => {
      if (request === API) return api
      const isLayer = typeof request === 'string' && request.startsWith(LAYER)
      return load.call(loader, isLayer ? layerFile(layers, request) : request, ...rest)
    }
  })()
  return resolved
}

/** The files that layers offer, by name. */
function layerModules(charmDir: string): Record<string, string> {
  const dir = path.join(charmDir, 'lib/charms/layer')
  const names = fs.existsSync(dir) ? (fs.readdirSync(dir, { recursive: true }) as string[]) : []
  const modules: Record<string, string> = {}
  for (const ending of ENDINGS) {
    for (const name of names) {
      if (name.endsWith(ending) && isRegularFile(path.join(dir, name)))
        modules[LAYER + name.slice(0, -ending.length)] ??= path.join(dir, name)
    }
  }
  return modules
}

function layerFile(layers: Record<string, string>, name: string): string {
  const file = layers[name.replaceAll('-', '_')]
  if (file === undefined) throw new Error(`no layer has such a module: ${name}`)
  return file
}

/** Module hooks for `import`. They run in a thread of their own, so all they need stands in their text. */
function hooks(names: readonly string[], layers: Record<string, string>): string {
  const exported = names.map((name) => `${name} = api.${name}`).join(', ')
  const source = `const api = globalThis[Symbol.for('${API}')]; export const ${exported}`
  const urls = Object.entries(layers).map(([name, file]) => [name, pathToFileURL(file).href])
  return `const api = '${API}:api'
    const layers = new Map(${JSON.stringify(urls)})
    export async function resolve(specifier, context, next) {
      if (specifier === '${API}') return { url: api, shortCircuit: true }
      if (!specifier.startsWith('${LAYER}')) return next(specifier, context)
      const url = layers.get(specifier.replaceAll('-', '_'))
      if (url === undefined) throw new Error('no layer has such a module: ' + specifier)
      return next(url, context)
    }
    export async function load(address, context, next) {
      if (address !== api) return next(address, context)
      return { format: 'module', source: ${JSON.stringify(source)}, shortCircuit: true }
    }`
}
