// Which modules Python finds on a unit: its own, the toolkit's, those of the charm and of its wheels, and what is
// installed there before the first handler file is imported.

import path from 'node:path'
import type { Entry } from './entries.ts'

/** What a unit installs. */
export interface Bringing {
  /** What pip installs: requirements, archives of the wheelhouse, `python_packages`. */
  packages: readonly string[]
  /** What apt-get installs. */
  debianPackages: readonly string[]
}

export interface Modules {
  /** What an import lacks, and which files of the charm it runs. */
  find(module: string, names: readonly string[], file: string): { missing: string[]; files: string[] }
  /** Whether something that the unit installs, or Ubuntu itself, may have a module that nobody here knows. */
  mayBeBrought(module: string): boolean
}

/** Where a charm has modules, in the order of `sys.path`. */
const PLACES = ['lib', '', 'hooks']

/** `charms.layer` is a namespace: what layers offer to each other is in it. */
const NAMESPACES = ['charms', 'charms.layer']
const OURS = [
  ...NAMESPACES,
  'charms.reactive',
  ...['basic', 'execd', 'options'].map((name) => `charms.layer.${name}`),
]

/** What the package that every charm with Python requires brings, with what it requires. */
const BROUGHT: Readonly<Record<string, readonly string[]>> = {
  charmhelpers: ['charmhelpers', 'yaml', 'jinja2', 'markupsafe', 'netaddr', 'pbr'],
}

/**
 * What the images of Ubuntu have as a rule, and in the system's Python alone: the modules that these packages of Debian 12
 * require, which Ubuntu's images have, since cloud-init is what Juju starts a machine with, netplan is Ubuntu's network
 * configuration, and the others are its updates and add-apt-repository. `test/conformance/image-modules.test.ts` asks
 * Debian's packages.
 */
export const IMAGE_PACKAGES = [
  'cloud-init',
  'netplan.io',
  'software-properties-common',
  'unattended-upgrades',
]
export const IN_IMAGES = `
  apt apt_inst apt_pkg aptsources attr attrs blinker certifi chardet charset_normalizer configobj cryptography dbus distro
  distro_info gi httplib2 idna importlib_metadata importlib_resources jinja2 jsonpatch jsonpointer jsonschema jwt lazr
  markdown_it markupsafe mdurl more_itertools netifaces oauthlib pkg_resources pvectorc pygments pygtkcompat pyparsing
  pyrsistent requests rich serial six softwareproperties typing_extensions urllib3 validate wadllib yaml zipp
`
  .trim()
  .split(/\s+/)

/** The modules of a charm with these files. */
export function modulesOf(
  entries: readonly Entry[],
  standard: readonly string[],
  bringing: Bringing,
): Modules {
  const tree = new Tree(entries)
  const known = new Set([...standard, ...OURS, ...bringing.packages.flatMap((name) => BROUGHT[name] ?? [])])
  const named = new Set([...bringing.packages, ...bringing.debianPackages].flatMap(namesOf))
  const isHere = (module: string) => {
    const [top = ''] = module.split('.')
    return (
      known.has(module) ||
      (top !== 'charms' && known.has(top)) ||
      named.has(simple(module)) ||
      tree.has(module)
    )
  }
  const isUnknown = (name: string) => !Object.hasOwn(BROUGHT, name)
  const isOpen =
    bringing.packages.some(isUnknown) ||
    bringing.debianPackages.some((name) => name.startsWith('python')) ||
    entries.some((entry) => /^exec\.d\//.test(entry.path))
  return {
    find: (module, names, file) => {
      const whole = absolute(module, file)
      if (whole === undefined) return { missing: [], files: [] }
      const needed = neededBy(whole, names, tree)
      const asked = [whole, ...names.map((name) => `${whole}.${name}`)]
      return {
        missing: needed.filter((one) => !isHere(one)),
        files: asked.flatMap((one) => tree.filesOf(one)),
      }
    },
    mayBeBrought: (module) => isOpen || IN_IMAGES.includes(module),
  }
}

/** The modules that the import cannot do without: the package, and of a namespace what is taken out of it. */
function neededBy(module: string, names: readonly string[], tree: Tree): string[] {
  const parts = module.split('.')
  if (parts[0] !== 'charms') return [parts[0] ?? '']
  const depth = parts[1] === 'layer' ? 3 : 2
  const own = parts.slice(0, depth).join('.')
  // A package that says what it has may have anything.
  if (!NAMESPACES.includes(own) || tree.isPackage(own)) return [own]
  return [own, ...names.filter((name) => name !== '*').map((name) => `${own}.${name}`)]
}

/** The name of a module that is imported by dots, from where the file stands; undefined outside of all packages. */
function absolute(module: string, file: string): string | undefined {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(module) ?? []
  if (dots === '') return module
  const place = PLACES.find((one) => one !== '' && file.startsWith(`${one}/`)) ?? ''
  const dirs = path.posix.dirname(path.posix.relative(place, file)).split('/')
  const base = dirs.slice(0, dirs.length - dots.length + 1)
  if (base.length === 0 || base[0] === '.') return undefined
  return [...base, rest].filter((part) => part !== '').join('.')
}

const simple = (name: string) => name.toLowerCase().replace(/[-_.]/g, '')

/** What the modules of a package are called, as a rule: `python3-foo-bar` and `foo-bar` have `foo_bar`. */
function namesOf(name: string): string[] {
  const bare = name.replace(/^python3?-/, '').replace(/[=/:[<>!~;@ ].*$/, '')
  return [simple(bare)]
}

/** The files of the charm, as modules. */
class Tree {
  readonly #files: ReadonlySet<string>
  readonly #dirs = new Set<string>()

  constructor(entries: readonly Entry[]) {
    this.#files = new Set(entries.map((entry) => entry.path.replace(/\.(cpython-[^/]*|abi3)\.so$/, '.so')))
    for (const file of this.#files)
      for (let dir = path.posix.dirname(file); dir !== '.'; dir = path.posix.dirname(dir)) this.#dirs.add(dir)
  }

  has(module: string): boolean {
    return PLACES.some((place) => {
      const stem = path.posix.join(place, ...module.split('.'))
      return this.#dirs.has(stem) || ['.py', '.so'].some((ending) => this.#files.has(`${stem}${ending}`))
    })
  }

  isPackage(module: string): boolean {
    return this.filesOf(module).some((file) => file.endsWith(`${module.split('.').at(-1)}/__init__.py`))
  }

  /** The files that an import runs: of each package on the way, and of the module. */
  filesOf(module: string): string[] {
    const parts = module.split('.')
    return parts.flatMap((_, index) => {
      const stems = PLACES.map((place) => path.posix.join(place, ...parts.slice(0, index + 1)))
      const files = stems.flatMap((stem) => [`${stem}/__init__.py`, `${stem}.py`])
      return files.find((file) => this.#files.has(file)) ?? []
    })
  }
}
