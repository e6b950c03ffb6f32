import { describe, expect, it } from 'vitest'
import { isHookTemplate } from '../../src/dispatch/hook-template.ts'

const PYTHON = '#!/usr/bin/env python3\n'
const START = "import sys\nsys.path.append('lib')\n"
const MAIN = 'from charms.reactive import main  # noqa\nmain()\n'

describe('a hook of the Python original', () => {
  it.each([
    ['of layer:basic', 'from charms.layer import basic  # noqa\nbasic.bootstrap_charm_deps()\n'],
    ['of its first versions', 'from charms.bootstrap import bootstrap_charm_deps\nbootstrap_charm_deps()\n'],
    [
      'that sets the flags of the configuration',
      'from charms.layer import basic\nbasic.bootstrap_charm_deps()\nbasic.init_config_states()\n',
    ],
    [
      'that sets them when charmhelpers starts',
      'from charms.layer import basic\nbasic.bootstrap_charm_deps()\n\nfrom charmhelpers.core import hookenv  # noqa\n' +
        'hookenv.atstart(basic.init_config_states)\nhookenv.atexit(basic.clear_config_states)\n',
    ],
    [
      'of layer:caas-base',
      'from charms.layer import basic\nbasic.init_config_states()\nbasic.import_layer_libs()\n',
    ],
  ])('%s is a stub', (_, bootstrap) => {
    expect(isHookTemplate(`${PYTHON}\n# comment\n${START}\n${bootstrap}\n\n# more\n${MAIN}`)).toBe(true)
  })

  const BOOTSTRAP = 'from charms.layer import basic\nbasic.bootstrap_charm_deps()\n'
  it.each([
    ['does more', `${PYTHON}${START}${BOOTSTRAP}import mycharm\nmycharm.prepare()\n${MAIN}`],
    [
      'only names these in comments',
      `${PYTHON}# basic.bootstrap_charm_deps()\n# from charms.reactive import main\n# main()\n`,
    ],
    ['names them in a text', `${PYTHON}print("""\n${BOOTSTRAP}${MAIN}""")\n`],
    ['is a shell script', `#!/bin/bash\n${BOOTSTRAP}${MAIN}`],
    ['has a main of its own', `${PYTHON}${BOOTSTRAP}def main():\n    pass\nmain()\n`],
    ['bootstraps only', `${PYTHON}${START}${BOOTSTRAP}`],
    ['imports main and never calls it', `${PYTHON}${START}${BOOTSTRAP}from charms.reactive import main\n`],
    ['calls a main of its own last', `${PYTHON}${START}${BOOTSTRAP}main()\n`],
    ['goes on behind it', `${PYTHON}${START}${BOOTSTRAP}${MAIN}sys.path.append('x')\n`],
    ['does not bootstrap', `${PYTHON}${START}${MAIN}`],
    ['is empty', ''],
  ])('that %s is the charm’s own', (_, text) => {
    expect(isHookTemplate(text)).toBe(false)
  })
})
