// wheelhouse.txt of all layers together, by the names of packages: what an upper layer requires takes the place of
// what a lower one does. What the toolkit brings, or does itself, is no requirement.

import type { Layer } from '../layers/layer.ts'

/** The framework is the toolkit's own. */
const BROUGHT = ['charms-reactive']

/** What layer:basic makes an environment with, and what it pins for old Pythons, since charmhelpers requires it anyway. */
const OF_BOOTSTRAP = [
  ...['pip', 'setuptools', 'setuptools-scm', 'wheel', 'flit-core', 'flit-scm', 'cython'],
  ...['jinja2', 'markupsafe', 'pyyaml', 'pyaml', 'netaddr', 'anyio', 'sniffio', 'immutables'],
]

/** The name of the package that a line requires, as pip compares names; undefined for any other line. */
export function requiredName(line: string): string | undefined {
  const text = line.replace(/(^|\s)#(?!egg=).*$/, '').trim()
  const egg = /#egg=([A-Za-z0-9._-]+)/.exec(line)?.[1]
  const name = egg ?? /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:$|[[<>=!~;@(,])/.exec(text)?.[1]
  return name?.toLowerCase().replace(/[-_.]+/g, '-')
}

/** Merge the texts, the lowest layer first. */
export function mergeWheelhouses(parts: readonly { layer: Layer; text: string }[]): string {
  const lines = parts.flatMap(({ layer, text }, index) => {
    const above = new Set(parts.slice(index + 1).flatMap((part) => namesIn(part.text)))
    const own = text.replace(/\n+$/, '').split('\n')
    return [`# ${layer.url}`, ...own.map((line) => kept(line, layer, above)), '']
  })
  return lines.join('\n')
}

function kept(line: string, layer: Layer, above: ReadonlySet<string>): string {
  const name = requiredName(line)
  if (name === undefined) return line
  if (above.has(name)) return `# ${line}  # an upper layer requires it otherwise`
  if (BROUGHT.includes(name)) return `# ${line}  # the toolkit's own`
  // Only layer:basic requires them, for its bootstrap.
  if (OF_BOOTSTRAP.includes(name) && layer.name === 'basic') return `# ${line}  # for a bootstrap in Python`
  return line
}

function namesIn(text: string): string[] {
  return text.split('\n').flatMap((line) => requiredName(line) ?? [])
}
