import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLocks } from '../../src/building/layers/lock.ts'
import { readYaml } from '../../src/charm/charm-files.ts'
import { build, filesOf, makeLayers, read } from './layers-on-disk.ts'

const NAME = 'name: app\n'

describe('the settings of a leader', () => {
  it('get a peer relation where the charm has none, for Juju 4', () => {
    const script = '#!/bin/bash\nleader-set key=value\n'
    const dir = makeLayers({ top: { 'metadata.yaml': `# Kept\n${NAME}`, 'reactive/app.sh': script } })
    expect(build(dir).notes).toContain(
      'the peer relation reactive-leadership is added, for leader settings under Juju 4',
    )
    expect(read(dir, 'metadata.yaml')).toBe(
      `# Kept\n${NAME}peers:\n  reactive-leadership:\n    interface: reactive-leadership\n`,
    )
    fs.appendFileSync(path.join(dir, 'top/metadata.yaml'), 'peers: {ring: {interface: ring}}\n')
    expect(build(dir).notes.join()).not.toContain('peer relation')
    expect(readYaml(path.join(dir, 'charm/metadata.yaml'))).toMatchObject({
      peers: { ring: { interface: 'ring' } },
    })
    expect(read(dir, 'metadata.yaml')).not.toContain('reactive-leadership')
  })
})

describe('a charm that is declared in charmcraft.yaml alone', () => {
  it('is built as one with the files that it stands for, on layers with files of their own', () => {
    const port = '{type: int, default: 80, description: P}'
    const dir = makeLayers({
      top: {
        'charmcraft.yaml': `name: app
type: charm
bases: [{name: ubuntu, channel: "24.04"}]
requires: {db: {interface: sql}}
config: {options: {port: ${port}}}
`,
        'layer.yaml': 'includes: [layer:web]\n',
        'reactive/app.sh': '#!/bin/bash\n',
      },
      web: {
        'metadata.yaml': 'provides: {website: {interface: http}}\n',
        'config.yaml': 'options: {host: {type: string, default: "", description: H}}\n',
      },
    })
    expect(build(dir).name).toBe('app')
    expect(readYaml(path.join(dir, 'charm/metadata.yaml'))).toEqual({
      name: 'app',
      provides: { website: { interface: 'http' } },
      requires: { db: { interface: 'sql' } },
    })
    const { options } = readYaml(path.join(dir, 'charm/config.yaml')) as { options: object }
    expect(Object.keys(options).sort()).toEqual(['host', 'port'])
    // Where it is packed from has the bases.
    expect(read(dir, 'charmcraft.yaml')).toContain('bases:')
  })
})

describe('the layers of a charm', () => {
  it('lie on each other depth first, the first mention counts, the top is the last', () => {
    const dir = makeLayers({
      top: { 'metadata.yaml': NAME, 'layer.yaml': 'includes: [layer:b, layer:c]\n' },
      a: {},
      'layer-b': { 'layer.yaml': 'includes: [layer:a]\n' },
      c: { 'layer.yaml': 'includes: [layer:a, layer:basic]\n' },
    })
    const { layers, name } = build(dir)
    expect(layers).toEqual(['layer:a', 'layer:b', 'layer:options', 'layer:basic', 'layer:c', 'app'])
    expect(name).toBe('app')
  })

  it('are found below the directories that the environment names, and by a path from the layer that includes them', () => {
    const dir = makeLayers({
      top: { 'metadata.yaml': NAME, 'layer.yaml': 'includes: [layer:a, ../c]\n' },
      'y/layer-a': { 'layer.yaml': 'includes: [interface:db]\n' },
      'z/db': { 'requires.sh': '#!/bin/bash\n' },
      c: {},
    })
    const env = { CHARM_LAYERS_DIR: '/nowhere:y', INTERFACE_PATH: `${dir}/z` }
    expect(build(dir, {}, env)).toMatchObject({
      layers: ['layer:a', '../c', 'app'],
      interfaces: ['interface:db'],
    })
    expect(() => build(dir)).toThrow(
      /top\/layer.yaml:1:12: the layer is not on this machine: layer:a: fetch it/,
    )
  })

  it('that everybody includes are the toolkit’s own, with its options, and Python only where the charm has some', () => {
    const layer =
      "includes: ['layer:basic', 'layer:leadership', 'layer:status']\noptions: {basic: {packages: [git]}}\n"
    const dir = makeLayers({
      top: { 'metadata.yaml': NAME, 'layer.yaml': layer, 'reactive/app.sh': '#!/bin/bash\n' },
    })
    build(dir)
    expect(filesOf(dir)).toEqual(['layer.yaml', 'metadata.yaml', 'reactive/app.sh'])
    expect(readYaml(path.join(dir, 'charm/layer.yaml'))).toMatchObject({
      options: {
        basic: { packages: ['git'], python_packages: [], use_venv: true, include_system_packages: false },
        status: { 'patch-hookenv': true },
      },
    })
    fs.writeFileSync(path.join(dir, 'top/reactive/more.py'), '')
    build(dir)
    expect(read(dir, 'wheelhouse.txt')).toContain('\ncharmhelpers>=')
  })
})

describe('files of several layers', () => {
  it('become one: maps merge, lists get what is new, single values of upper layers count, comments stay', () => {
    const dir = makeLayers({
      a: {
        'metadata.yaml':
          'name: a\nmaintainer: A\nseries: [focal]\ntags: [x, y]\nrequires:\n  db: {interface: mysql}  # ours\n',
        'config.yaml': 'options:\n  port: {type: int, default: 80}\n  gone: {type: string}\n',
      },
      top: {
        'layer.yaml': 'includes: [layer:a]\nconfig: {deletes: [gone]}\nmetadata: {deletes: [none.such]}\n',
        'metadata.yaml':
          '# The app\nname: app\nseries: [jammy, focal]\ntags:\n  # why\n  - z\n  - x\nprovides:\n  web: {interface: http}\n',
        'config.yaml': 'options:\n  port: {default: 0o17}\n',
      },
    })
    const { notes } = build(dir)
    expect(read(dir, 'metadata.yaml')).toBe(`# The app
name: app
series: [jammy, focal]
tags:
  - x
  - y
  # why
  - z
provides:
  web: {interface: http}
requires:
  db: {interface: mysql} # ours
`)
    expect(read(dir, 'config.yaml')).toBe('options:\n  port: {default: 0o17, type: int}\n')
    expect(notes).toEqual(['app: layer.yaml deletes what no lower layer has: metadata: none.such'])
  })

  it('become one whatever they declare, without what is deleted; storage of lower layers has its hooks', () => {
    const dir = makeLayers({
      a: {
        'layer.yaml': 'defines: {size: {type: integer, default: 3}}\n',
        'metadata.yaml': 'storage: {data: {type: filesystem}, old: {type: block}}\n',
        'actions.yaml': 'go: {description: G, params: {x: {type: string}}}\nold: {}\n',
        'resources.yaml': 'one: {type: file, filename: one}\nold: {type: file, filename: old}\n',
        'metrics.yaml': 'metrics: {users: {type: gauge}, old: {type: gauge}}\n',
      },
      top: {
        'layer.yaml': `includes: [layer:a]
metadata: {deletes: [storage.old]}
actions: {deletes: [old]}
resources: {deletes: [old]}
metrics: {deletes: [metrics.old]}
`,
        'metadata.yaml': 'name: app\nstorage: {data: {minimum-size: 1G}}\n',
        'actions.yaml': 'go: {params: {y: {type: string}}}\n',
        'resources.yaml': 'two: {type: oci-image}\n',
        'metrics.yaml': 'metrics: {pings: {type: absolute}}\n',
      },
    })
    expect(build(dir).notes).toEqual([])
    const made = (name: string) => JSON.parse(JSON.stringify(readYaml(path.join(dir, 'charm', name))))
    expect(made('metadata.yaml').storage).toEqual({ data: { type: 'filesystem', 'minimum-size': '1G' } })
    expect(made('actions.yaml')).toEqual({
      go: { description: 'G', params: { x: { type: 'string' }, y: { type: 'string' } } },
    })
    expect(made('resources.yaml')).toEqual({
      one: { type: 'file', filename: 'one' },
      two: { type: 'oci-image' },
    })
    expect(made('metrics.yaml')).toEqual({
      metrics: { users: { type: 'gauge' }, pings: { type: 'absolute' } },
    })
    expect(made('layer.yaml').options).toEqual({ a: { size: 3 }, app: {} })
    expect(made('layer.yaml')).not.toHaveProperty('defines')
    const hooks = fs.readdirSync(path.join(dir, 'charm/hooks'))
    expect(hooks.filter((name) => name.includes('storage'))).toEqual([
      'data-storage-attached',
      'data-storage-detaching',
    ])
  })

  it('are read the same with a byte order mark', () => {
    const dir = makeLayers({
      top: {
        'metadata.yaml': '\ufeffname: app\ntags: [x]\n',
        'layer.yaml': '\ufeffincludes: [../a]\n',
        'config.yaml': '\ufeffoptions: {one: {type: int}}\n',
      },
      a: { 'metadata.yaml': '\ufefftags: [y]\n' },
    })
    build(dir)
    expect(read(dir, 'metadata.yaml')).toMatch(/^\ufeff?name: app\ntags: \[y, x\]\n$/)
    expect(read(dir, 'config.yaml')).toBe('\ufeffoptions: {one: {type: int}}\n')
  })

  it('may have any option of a layer that does not say which it has', () => {
    const dir = makeLayers({
      top: {
        'metadata.yaml': NAME,
        'layer.yaml':
          'includes: [layer:snap, layer:rotate]\noptions: {snap: {core: {channel: edge}}, rotate: {/var/log/x: [weekly]}}\n',
      },
      snap: { 'layer.yaml': 'defines: {type: object, default: {}, description: Any.}\n' },
      rotate: { 'layer.yaml': 'repo: https://example.com/rotate\n' },
    })
    build(dir)
    expect(read(dir, 'layer.yaml')).toContain(
      'options: {snap: {core: {channel: edge}}, rotate: {/var/log/x: [weekly]}',
    )
  })

  it('stay as they are, byte for byte, where one layer alone has them', () => {
    const text = 'options:   # odd\n    port:   {type: int,   default: 1}\n'
    const dir = makeLayers({ top: { 'metadata.yaml': NAME, 'config.yaml': text } })
    build(dir)
    expect(read(dir, 'config.yaml')).toBe(text)
  })

  it('are those of the upper layer: named, and refused unless it is meant', () => {
    const layers = {
      a: { 'bin/tool': 'a', 'bin/same': 's', 'README.md': 'a', copyright: 'a', 'x.txt': 'a' },
      top: {
        'layer.yaml': "includes: [layer:a]\noverwrites: ['*.txt']\n",
        'metadata.yaml': NAME,
        'bin/tool': 'top',
        'bin/same': 's',
        'README.md': 'top',
        copyright: 'top',
        'x.txt': 'top',
      },
    }
    const dir = makeLayers(layers)
    expect(() => build(dir)).toThrow('give --allow-overwrites: bin/tool (app over layer:a)')
    const { notes, overwrites } = build(dir, { allowOverwrites: true })
    expect(overwrites).toEqual([{ path: 'bin/tool', by: 'app', of: 'layer:a' }])
    expect(notes).toEqual(['bin/tool of app replaces the one of layer:a'])
    expect(read(dir, 'bin/tool')).toBe('top')
    expect([read(dir, 'copyright'), read(dir, 'copyright.layer-a')]).toEqual(['top', 'a'])
  })

  it('are named where their names, or those of their directories, differ only in case', () => {
    const dir = makeLayers({
      a: { 'lib/one': '', 'x.txt': '' },
      top: { 'metadata.yaml': NAME, 'layer.yaml': 'includes: [layer:a]\n', 'Lib/two': '', 'X.txt': '' },
    })
    expect(build(dir).notes).toEqual([
      'two names differ only in case: lib and Lib',
      'two names differ only in case: x.txt and X.txt',
    ])
  })

  it('are left out where the layer excludes them, and those of lower layers where it ignores them', () => {
    const dir = makeLayers({
      a: { one: '', two: '', 'docs/a': '', 'config.yaml': 'options: {a: {type: int}}\n' },
      b: { 'layer.yaml': 'includes: [layer:a]\n' },
      top: {
        'metadata.yaml': NAME,
        'layer.yaml': "includes: [layer:b]\nignore: [one, docs/, config.yaml]\nexclude: ['*.orig', two]\n",
        'x.orig': '',
        two: 'top',
        'config.yaml': 'options: {b: {type: int}}\n',
        'build/old': '',
        'build.lock': '{"locks": []}',
        'x.pyc': '',
      },
    })
    build(dir)
    expect(filesOf(dir)).toEqual(['config.yaml', 'layer.yaml', 'metadata.yaml', 'two'])
    expect(read(dir, 'two')).toBe('')
    expect(read(dir, 'config.yaml')).toBe('options: {b: {type: int}}\n')
  })

  it('wheelhouse.txt has each package once, as the uppermost layer wants it', () => {
    const dir = makeLayers({
      a: { 'wheelhouse.txt': 'Flask_Login<1\nsix\ncharms.reactive>=1\n', 'reactive/a.py': '' },
      top: {
        'metadata.yaml': NAME,
        'layer.yaml': 'includes: [layer:a]\n',
        'wheelhouse.txt': 'flask-login==2  # why\n',
      },
    })
    build(dir)
    expect(read(dir, 'wheelhouse.txt')).toBe(`# layer:a
# Flask_Login<1  # an upper layer requires it otherwise
six
# charms.reactive>=1  # the toolkit's own

# app
flask-login==2  # why
`)
  })

  it('wheelhouse.txt is without what a local layer:basic pins for its bootstrap, in versions of old Pythons', () => {
    const pins =
      "pip<19\nJinja2<=2.10.1\nPyYAML==5.2;python_version <= '3.4'\ncharmhelpers<1\nnetaddr<=0.7.19\nmine\n"
    const dir = makeLayers({
      basic: { 'wheelhouse.txt': pins },
      top: {
        'metadata.yaml': NAME,
        'layer.yaml': "includes: ['layer:basic']\n",
        'wheelhouse.txt': 'jinja2>=3\n',
        'reactive/a.py': '',
      },
    })
    build(dir)
    const required = read(dir, 'wheelhouse.txt').match(/^[^#\n].*$/gm)
    expect(required).toEqual(['charmhelpers<1', 'mine', 'jinja2>=3'])
  })
})

describe('interfaces', () => {
  const files = {
    'interface-db': { 'requires.sh': '#!/bin/bash\n', 'interface.yaml': 'name: db\n' },
    'interface-web': {
      'provides.py': '',
      'interface.yaml': 'name: http\nexclude: [README.md]\n',
      'README.md': '',
    },
    'interface-none': { 'peers.sh': '' },
  }

  it('come below hooks/relations in any language, and one without an endpoint is named', () => {
    const dir = makeLayers({
      ...files,
      top: {
        'metadata.yaml': 'name: app\nrequires: {db: {interface: db}}\nprovides: {web: http}\n',
        'layer.yaml': 'includes: [interface:db, interface:web, interface:none]\n',
      },
    })
    const { notes, interfaces } = build(dir)
    expect(interfaces).toEqual(['interface:db', 'interface:web', 'interface:none'])
    expect(notes).toEqual(['interface:none is included, but no endpoint in metadata.yaml has this interface'])
    expect(filesOf(dir).filter((name) => name.startsWith('hooks/'))).toEqual([
      'hooks/relations/db/interface.yaml',
      'hooks/relations/db/requires.sh',
      'hooks/relations/http/__init__.py',
      'hooks/relations/http/interface.yaml',
      'hooks/relations/http/provides.py',
    ])
  })

  it('that lack the role of an endpoint are refused', () => {
    const metadata = 'name: app\npeers: {db: {interface: db}}\n'
    const dir = makeLayers({
      ...files,
      top: { 'metadata.yaml': metadata, 'layer.yaml': 'includes: [interface:db]\n' },
    })
    expect(() => build(dir)).toThrow('interface:db has no peers for the endpoint db')
  })
})

describe('a built charm', () => {
  const layers = {
    a: { 'reactive/a.sh': '#!/bin/bash\n', lib: 'x' },
    top: {
      'metadata.yaml': 'name: app\nrequires: {db: {interface: mysql}}\nstorage: {data: {type: filesystem}}\n',
      'layer.yaml': 'includes: [layer:a]\n',
      'hooks/start': '#!/bin/sh\necho own\n',
    },
  }

  it('has an entry for each hook, keeps hooks of its layers, and says where each file is from', () => {
    const dir = makeLayers(layers)
    build(dir)
    const hooks = fs.readdirSync(path.join(dir, 'charm/hooks'))
    expect(hooks).toEqual(expect.arrayContaining(['install', 'db-relation-joined', 'data-storage-attached']))
    expect(read(dir, 'hooks/start')).toBe('#!/bin/sh\necho own\n')
    const manifest = JSON.parse(read(dir, '.build.manifest'))
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    expect(manifest.layers).toEqual([
      { rev: '', url: 'layer:a' },
      { rev: '', url: 'app' },
    ])
    expect(manifest.signatures).toMatchObject({
      '.build.manifest': ['build', 'dynamic', 'unchecked'],
      'reactive/a.sh': ['layer:a', 'static', hash('#!/bin/bash\n')],
      'layer.yaml': ['app', 'dynamic', hash(read(dir, 'layer.yaml'))],
      'hooks/install': ['app', 'dynamic', hash(read(dir, 'hooks/install'))],
    })
  })

  it('is not written again but for what has changed, which the lock tells as well', () => {
    const dir = makeLayers(layers)
    fs.mkdirSync(path.join(dir, 'a/hooks'))
    fs.mkdirSync(path.join(dir, 'a/empty'))
    build(dir)
    expect(fs.existsSync(path.join(dir, 'charm/empty'))).toBe(true)
    const inodes = () =>
      new Map(filesAndEntries(dir).map((name) => [name, fs.statSync(path.join(dir, 'charm', name)).ino]))
    const before = inodes()
    expect(build(dir)).toMatchObject({ written: [], removed: [] })
    expect(inodes()).toEqual(before)
    fs.writeFileSync(path.join(dir, 'a/lib'), 'other')
    expect(build(dir)).toMatchObject({
      written: ['.build.manifest', 'lib'],
      removed: [],
      notes: ['layer:a has changed since the last build'],
    })
    const after = inodes()
    expect([...after].filter(([name, inode]) => before.get(name) !== inode).map(([name]) => name)).toEqual([
      '.build.manifest',
      'lib',
    ])
    fs.rmSync(path.join(dir, 'a/lib'))
    expect(build(dir)).toMatchObject({ removed: ['lib'] })
    expect(readLocks(path.join(dir, 'top')).get('layer:a')).toMatchObject({ url: null, commit: null })
    expect(fs.readdirSync(dir).sort()).toEqual(['a', 'charm', 'top'])
  })

  it('is not replaced where somebody has changed it, unless that is meant; what a run leaves behind counts for nothing', () => {
    const dir = makeLayers(layers)
    build(dir)
    fs.writeFileSync(path.join(dir, 'charm/.unit-state.db'), '')
    fs.writeFileSync(path.join(dir, 'charm/lib'), 'mine')
    fs.writeFileSync(path.join(dir, 'charm/new'), 'mine')
    expect(() => build(dir)).toThrow('the build was changed by hand; --force replaces it: lib, new')
    expect(build(dir, { force: true })).toMatchObject({ written: ['lib'], removed: ['new'] })
  })

  it('stays as it is when another one cannot be written', () => {
    const dir = makeLayers(layers)
    build(dir)
    fs.writeFileSync(path.join(dir, 'a/more'), 'more')
    const seen = fs.readdirSync(path.join(dir, 'charm'))
    const fail = () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    }
    expect(() => build(dir, { progress: (done) => done === 1 || fail() })).toThrow('ENOSPC')
    expect(fs.readdirSync(path.join(dir, 'charm'))).toEqual(seen)
    expect(fs.readdirSync(dir).sort()).toEqual(['a', 'charm', 'top'])
  })

  it('has the same bytes from copies in other places, with other modes and times', () => {
    const [one, other] = [makeLayers(layers), makeLayers(layers)]
    fs.chmodSync(path.join(other, 'a/lib'), 0o600)
    fs.utimesSync(path.join(other, 'a/lib'), 1, 1)
    const umask = process.umask(0o077)
    build(one)
    process.umask(umask)
    build(other)
    const all = (dir: string) =>
      filesAndEntries(dir).map((name) => {
        const { mode } = fs.statSync(path.join(dir, 'charm', name))
        return [name, mode & 0o777, read(dir, name)]
      })
    expect(all(one)).toEqual(all(other))
    expect(fs.readFileSync(path.join(one, 'top/build.lock'))).toEqual(
      fs.readFileSync(path.join(other, 'top/build.lock')),
    )
  })
})

function filesAndEntries(dir: string): string[] {
  const all = fs.readdirSync(path.join(dir, 'charm'), { recursive: true, encoding: 'utf8' })
  return all.filter((name) => fs.statSync(path.join(dir, 'charm', name)).isFile()).sort()
}
