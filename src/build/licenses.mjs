// The licenses of the packages that bundles hold, for `dist/licenses.txt`: who publishes a bundle has to hand on
// their texts. Called by `build.mjs`.

import fs from 'node:fs'
import path from 'node:path'

/** What packages hold in compiled form, besides what they say themselves: who it is by, and the file with its license. */
const COMPILED = {
  '@hpcc-js/wasm-graphviz': [
    [
      'Graphviz, in this package as WebAssembly, license EPL-2.0. Its source is at https://gitlab.com/graphviz/graphviz',
      'EPL-2.0.txt',
    ],
    [
      'Expat, in this package as WebAssembly, license MIT. Copyright (c) 1998-2000 Thai Open Source Software Center Ltd and Clark Cooper; Copyright (c) 2001-2025 Expat maintainers',
      'MIT.txt',
    ],
  ],
}

/** The text for the packages whose files went into these builds, each once, by name. */
export function licensesOf(builds) {
  const inputs = builds.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  const dirs = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0])
  const texts = [...new Set(dirs.filter((dir) => dir !== undefined))].map(licenseIn)
  return [...new Set(texts)].sort().join(`\n${'-'.repeat(80)}\n\n`)
}

function licenseIn(dir) {
  const { name, version, license, author } = JSON.parse(
    fs.readFileSync(path.join(dir, 'package.json'), 'utf8'),
  )
  const files = fs.readdirSync(dir).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
  const texts = files.map((file) => fs.readFileSync(path.join(dir, file), 'utf8').trim())
  // Some packages say it in their package.json only.
  const own =
    texts.length > 0 ? texts.join('\n\n') : `Copyright ${author?.name ?? author ?? `the authors of ${name}`}`
  const compiled = (COMPILED[name] ?? []).map(([of, file]) => {
    const text = fs.readFileSync(new URL(`licenses/${file}`, import.meta.url), 'utf8')
    return `\n${of}\n\n${text.trim()}\n`
  })
  return [`${name} ${version}, license ${license}\n\n${own}\n`, ...compiled].join('')
}
