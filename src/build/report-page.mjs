// `dist/report.html`: the page of a report with its script and its style in it, and the policy that allows these
// alone. Called by `build.mjs`; src/insight/report.ts puts a unit's data in.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

/** The page as text. */
export async function reportPage(root) {
  const dir = path.join(root, 'src/insight/report/page')
  const bundle = async (name, format) => {
    const entryPoints = [path.join(dir, name)]
    const target = ['chrome123', 'firefox120', 'safari17.5']
    const { outputFiles } = await build({
      entryPoints,
      bundle: true,
      minify: true,
      write: false,
      target,
      format,
    })
    return outputFiles[0].text.trim()
  }
  const [css, js] = [await bundle('page.css'), await bundle('main.ts', 'iife')]
  const parts = { css, js, style: hashOf(css), script: hashOf(js) }
  return fs
    .readFileSync(path.join(dir, 'page.html'), 'utf8')
    .replace(/\{(css|js|style|script)\}/g, (_, name) => parts[name])
}

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
