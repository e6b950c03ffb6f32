// The files that a charm begins with: it installs a package, writes its configuration and keeps it running, and its
// tests show that. Nothing in it waits to be deleted.

import { licenseText } from './license.ts'
import { identifierOf } from './names.ts'

/** Texts by path; one that begins with `#!` is a program. */
export type Files = Record<string, string>

/** A charm in bash. */
export function charmFiles(name: string): Files {
  const id = identifierOf(name)
  return {
    'metadata.yaml': `name: ${name}
summary: Installs and configures ${name}.
description: |
  Installs the package ${name}, writes its configuration, and restarts it when the configuration changes.
tags: [misc]
`,
    'config.yaml': `options:
  port:
    type: int
    default: 8080
    description: Where ${name} listens.
`,
    'layer.yaml': `includes: ['layer:basic']
options:
  reactive:
    strict: true
`,
    [`reactive/${id}.sh`]: handlers(name, id),
    [`templates/${name}.conf.j2`]: 'port = {{ port }}\n',
    [`tests/${name}.bats`]: tests(name, id),
    'README.md': readme(name),
    LICENSE: licenseText(),
    '.gitignore': '/build/\n*.charm\n',
  }
}

const handlers = (name: string, id: string) => `#!/bin/bash
source charms.reactive.sh

@when_not '${name}.installed'
function install_${id}() {
  status_set maintenance 'Installing ${name}'
  apt-get install -y ${name}
  set_flag '${name}.installed'
}

@when '${name}.installed'
function configure_${id}() {
  local port
  port=$(config_get port)
  render_template '${name}.conf.j2' '/etc/${name}.conf'
  status_set active "Listening on port $port"
}

@when_file_changed '/etc/${name}.conf'
function restart_${id}() {
  systemctl restart ${name}
}

reactive_handler_main
`

const tests = (name: string, id: string) => `#!/usr/bin/env bats

setup() {
  bats_require_minimum_version 1.5.0
  load "\${REACTIVE_BATS:?set it to the directory shell/bats of charms.reactive}/load"
  charm_new "$BATS_TEST_DIRNAME/.."
  stub apt-get
  stub systemctl
}

@test "it installs ${name}, configures it and starts it" {
  run_event install
  assert_hook_success
  assert_called apt-get install -y ${name}
  assert_rendered /etc/${name}.conf - <<<'port = 8080'
  assert_called systemctl restart ${name}
  assert_status active 'Listening on port 8080'
}

@test "another port is another configuration, and a restart" {
  run_event install
  given_config port=9090
  run_event config-changed
  assert_rendered /etc/${name}.conf - <<<'port = 9090'
  assert_called systemctl restart ${name}
}

@test "a hook in which nothing is new restarts nothing" {
  run_event install
  run_event update-status
  refute_handler_ran restart_${id}
  refute_called systemctl
}
`

const readme = (name: string) => `# ${name}

A charm that installs ${name}, writes \`/etc/${name}.conf\`, and restarts ${name} when that changes.

| option | |
|---|---|
| \`port\` | where ${name} listens |

\`\`\`bash
bats tests                                    # REACTIVE_BATS is the directory shell/bats of charms.reactive
charms.reactive build                         # build/${name}
charms.reactive pack build/${name}
juju deploy ./${name}_amd64.charm
\`\`\`
`

/** An action, and a handler for it in a file of its own. */
export function ACTION(name: string): Files {
  return {
    'actions.yaml': `restart:
  description: Restart ${name}.
`,
    'reactive/actions.sh': `#!/bin/bash
source charms.reactive.sh

@action 'restart'
function restart_by_hand() {
  systemctl restart ${name}
  action_set restarted=${name}
}

reactive_handler_main
`,
    'tests/actions.bats': `#!/usr/bin/env bats

@test "the action restarts ${name}" {
  bats_require_minimum_version 1.5.0
  load "\${REACTIVE_BATS:?set it to the directory shell/bats of charms.reactive}/load"
  charm_new "$BATS_TEST_DIRNAME/.."
  stub systemctl
  given_flag ${name}.installed
  run_action restart
  assert_called systemctl restart ${name}
}
`,
  }
}

/** A workflow that tests, checks and packs. */
export function CI(name: string): Files {
  return {
    '.github/workflows/charm.yaml': `name: charm
on: [push, pull_request]
jobs:
  charm:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: {node-version: 24}
      - run: npm install --prefix ../toolkit charms.reactive bats@1
      - run: |
          echo "$PWD/../toolkit/node_modules/.bin" >> "$GITHUB_PATH"
          echo "REACTIVE_BATS=$PWD/../toolkit/node_modules/charms.reactive/shell/bats" >> "$GITHUB_ENV"
      - run: bats tests
      - run: charms.reactive lint
      - run: charms.reactive build
      - run: charms.reactive pack build/${name}
      - uses: actions/upload-artifact@v4
        with: {name: charm, path: '*.charm'}
`,
  }
}

/** A handler in Python beside those in bash. */
export function PYTHON(name: string): Files {
  const id = identifierOf(name)
  return {
    [`reactive/${id}_version.py`]: `"""Says which version of ${name} is installed."""

import subprocess

from charms.reactive import set_flag, when, when_not


@when('${name}.installed')
@when_not('${name}.version')
def report_version():
    version = subprocess.run(['dpkg-query', '-W', '-f=\${Version}', '${name}'], stdout=subprocess.PIPE, check=False)
    subprocess.run(['application-version-set', '--', version.stdout.decode() or 'unknown'], check=True)
    set_flag('${name}.version')
`,
  }
}
