// The licenses of the packages that bundles hold, for `dist/licenses.txt`: who publishes a bundle has to hand on
// their texts. Called by `build.mjs`.

import fs from 'node:fs'
import path from 'node:path'

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
  return `${name} ${version}, license ${license}\n\n${own}\n`
}
