// A charm with one instance of every rule of lint. `!! RULE` at the end of a line says what is found there; where a
// comment would change the line, EXPECTED says it.

export const FAULTY: Record<string, string> = {
  'metadata.yaml': `name: faulty # !! no-summary
description: A charm with one instance of every rule
provides:
  juju-web: {interface: http} # !! bad-name
requires:
  db:
    interface: pgsql
    scop: container # !! bad-endpoint
  feed: {interface: feed}
`,
  'config.yaml': `options:
  port: {type: int, default: 80}
  title: {type: string} # !! option-unused
  size: {type: int, default: big} # !! bad-config-default
`,
  'actions.yaml': `backup: {description: Back up}
restore: {description: Restore} # !! action-without-handler
`,
  'layer.yaml': `options:
  app: {mode: fast}
  reactive: {strict: false}
`,
  'templates/app.j2': '{{ port }} {{ size }}\n',
  'lib/common.sh': '',
  'reactive/app.sh': `#!/bin/bash
source charms.reactive.sh
[[ -n \${JUJU_VERSION-} ]] || source lib/helpers.sh # !! missing-source
source lib/common.sh

@hook 'database-relation-joined' # !! unknown-endpoint
joined() { set_flag app.joined; }

@when app.joined
@when_not app.ready
configure() {
  config_get port
  config_get prt # !! unknown-option
  layer_option app mode
  layer_option app mood # !! unknown-layer-option
  render_template app.j2 /etc/app
  render_template ap.j2 /etc/app # !! unknown-template
  relation_call feed publish
  relation_call feed publsh # !! unknown-method
  resource_get image # !! unknown-resource
  set_flag app.ready
  set_flag app.noticed # !! flag-unused
}

@action backup
back_up() { :; }

@action remove # !! unknown-action
remove() { :; }

@hook data-storage-attached # !! unknown-storage
attach() { :; }

@when app.raedy # !! flag-never-set
misspelt() { :; }

@when app.ready
@when_not app.ready # !! never-runs
contradictory() { set_flag app.never; }

@when app.never # !! never-runs
unreachable() { :; }

@when endpoint.db.changed # !! never-cleared
take_data() { :; }

@when_not app.installed # !! always-runs
wait_for_it() { :; }

@when config.changed.port
lead() {
  if is-leader; then # !! is-leader-status
    status_set active
  fi
}

@when endpoint.feed.joined
share() {
  leader_set shared=true # !! leader-set-unguarded
}

twice() { :; }
twice() { :; } # !! same-function

# reactive: ignore flag-never-set
@when app.known
known() { :; }

reactive_handler_main
`,
  'reactive/relations/feed/requires.sh': `#!/bin/bash
source charms.reactive.sh
@method
publish() { :; }
reactive_handler_main
`,
  'hooks/relations/feed/requires.sh': '#!/bin/bash\n# !! two-layer-files\n',
  'reactive/main-less.sh': `#!/bin/bash
source charms.reactive.sh
@when app.ready # !! no-handler-main
never() { :; }
`,
  'reactive/plain.sh': '# !! not-a-handler-file\n',
  'reactive/broken.mjs': "import { when } from 'charms.reactive'\nwhen) // !! cannot-register\n",
}

/** Rules that speak of a file as a whole stand at its first line. */
const AT_TOP = new Set(['two-layer-files', 'not-a-handler-file'])

/** `FILE:LINE RULE` of all that is to be found, in order. */
export function expectedFindings(): string[] {
  return Object.entries(FAULTY)
    .flatMap(([file, text]) =>
      text.split('\n').flatMap((line, index) => {
        const rule = /!! ([\w-]+)$/.exec(line)?.[1]
        return rule === undefined ? [] : [`${file}:${AT_TOP.has(rule) ? 1 : index + 1} ${rule}`]
      }),
    )
    .sort()
}
