// The stub of the Python original: hooks/NAME as written from `hook.template` of layer:basic, which installs the
// charm's Python packages and calls `main()` of charms.reactive (documentation 2.3.2). Here both happen without
// it: it counts as a stub, and `hooks install` replaces it.

/** All that a version of the template has ever done; a hook that does anything else is the charm's own. */
const STATEMENTS = [
  /^import sys$/,
  /^sys\.path\.(append|insert)\([^()]*\)$/,
  /^from charms\.layer import basic$/,
  /^basic\.\w+\(\)$/,
  /^from charms\.bootstrap import bootstrap_charm_deps$/,
  /^bootstrap_charm_deps\(\)$/,
  /^from charmhelpers\.core import hookenv$/,
  /^hookenv\.at(start|exit)\(basic\.\w+\)$/,
  /^from charms\.reactive import main$/,
  /^main\(\)$/,
]

/** Whether the text of a hook is such a stub, and not a script that merely names the same things. */
export function isHookTemplate(text: string): boolean {
  const [first = '', ...lines] = text.split('\n')
  if (!/^#!.*\bpython/.test(first)) return false
  const statements = lines.map((line) => line.replace(/\s*#.*$/, '')).filter((line) => line !== '')
  return (
    statements.at(-1) === 'main()' &&
    statements.includes('from charms.reactive import main') &&
    statements.some((line) => /^(basic|bootstrap_charm_deps)\b.*\(\)$/.test(line)) &&
    statements.every((line) => STATEMENTS.some((statement) => statement.test(line)))
  )
}
