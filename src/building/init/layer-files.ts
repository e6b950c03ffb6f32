// The files that a base layer and an interface layer begin with.

import type { Files } from './charm-files.ts'
import { licenseText } from './license.ts'
import { identifierOf } from './names.ts'

/** A layer for charms to include. */
export function layerFiles(name: string): Files {
  const id = identifierOf(name)
  return {
    'layer.yaml': `includes: ['layer:basic']
defines:
  package:
    type: string
    default: ${name}
    description: The Debian package that is installed.
`,
    [`reactive/${id}.sh`]: `#!/bin/bash
source charms.reactive.sh

@when_not 'layer.${name}.installed'
function install_${id}() {
  apt-get install -y "$(layer_option ${name} package)"
  set_flag 'layer.${name}.installed'
}

reactive_handler_main
`,
    'README.md': `# layer:${name}

Installs ${name} for a charm that includes it:

\`\`\`yaml
includes: ['layer:${name}']
options:
  ${name}:
    package: ${name}
\`\`\`

| flag | |
|---|---|
| \`layer.${name}.installed\` | the package is there |
`,
    LICENSE: licenseText(),
    '.gitignore': '/build/\n',
  }
}

/** An interface layer with both sides. */
export function interfaceFiles(name: string): Files {
  return {
    'interface.yaml': `name: ${name}
summary: A host and a port.
version: 1
`,
    'provides.sh': `#!/bin/bash
# The side that has something to offer.
source charms.reactive.sh

# Tell all who are related where it is.
@method
function publish() {
  local id
  for id in $(relation_ids "$endpoint_name"); do
    relation_set -r "$id" "host=$1" "port=$2"
  done
}

reactive_handler_main
`,
    'requires.sh': `#!/bin/bash
# The side that looks for it.
source charms.reactive.sh

register_trigger --when_not 'endpoint.{endpoint_name}.joined' --clear_flag '{endpoint_name}.available'

@when 'endpoint.{endpoint_name}.changed'
function look_for_address() {
  if [[ -n $(endpoint_get "$endpoint_name" host) ]]; then
    set_flag "$endpoint_name.available"
  else
    clear_flag "$endpoint_name.available"
  fi
  clear_flag "endpoint.$endpoint_name.changed"
}

@method
function address() {
  printf '%s:%s' "$(endpoint_get "$endpoint_name" host)" "$(endpoint_get "$endpoint_name" port)"
}

reactive_handler_main
`,
    'README.md': `# interface:${name}

A charm that includes \`interface:${name}\` gets for an endpoint with this interface:

| side | | |
|---|---|---|
| \`provides\` | \`relation_call --endpoint ENDPOINT publish HOST PORT\` | tell the other side the address |
| \`requires\` | flag \`ENDPOINT.available\` | the address is known |
| \`requires\` | \`relation_call --endpoint ENDPOINT address\` | \`HOST:PORT\` |
`,
    LICENSE: licenseText(),
  }
}
