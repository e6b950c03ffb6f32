# shellcheck shell=bash
# The charm on which the functions of the test kit are tried, and how their failures are looked at. Test files
# call make_kit_charm in setup_file and new_unit in setup.

bats_require_minimum_version 1.5.0
load assertions
load ../shell/bats/load

# Make the charm that all tests of a file use: install sets flags, data, statuses, ports, a file and calls
# commands; each later hook does nothing unless a flag or the configuration wants it.
make_kit_charm() {
  kit_charm=$BATS_FILE_TMPDIR/charm
  export kit_charm
  mkdir -p "$kit_charm/reactive" "$kit_charm/templates"
  cat >"$kit_charm/metadata.yaml" <<'YAML'
name: kit
requires: {db: {interface: mysql}}
provides: {website: {interface: http}}
peers: {cluster: {interface: kit-peer}}
storage: {data: {type: filesystem, multiple: {range: 0-}}, disk: {type: block}}
resources: {software: {type: file, filename: software.tgz}}
YAML
  cat >"$kit_charm/config.yaml" <<'YAML'
options:
  port: {type: int, default: 80, description: x}
  title: {type: string, default: Kit, description: x}
YAML
  cat >"$kit_charm/actions.yaml" <<'YAML'
backup:
  params: {target: {type: string}, count: {type: integer}, tags: {type: array}}
stop: {}
YAML
  printf 'title = {{ title }}\n' >"$kit_charm/templates/kit.conf.j2"
  kit_handlers >"$kit_charm/reactive/kit.sh"
  chmod +x "$kit_charm/reactive/kit.sh"
}

kit_handlers() {
  cat <<'BASH'
#!/bin/bash
set -e
source charms.reactive.sh

@hook install
function install_kit() {
  status_set maintenance 'Installing'
  set_flag kit.installed
  charms.reactive kv set answer 42
  systemctl restart kit 'two words'
  open_port 80
  application_version_set 1.2
  juju_log -l WARNING 'something odd'
  echo 'on stdout'
  echo 'on stderr' >&2
  status_set active 'ready: all is well'
}

@when kit.installed config.changed.title
function configure() {
  title=$(config_get title)
  render_template kit.conf.j2 /etc/kit/kit.conf
}

@when kit.fail
function break_it() {
  exit 7
}

@when kit.never kit.installed
function never() {
  :
}

function undecorated() {
  :
}

@hook 'db-relation-{changed,departed}' 'cluster-relation-changed'
function look_at_data() {
  juju_log "unit ${JUJU_REMOTE_UNIT:-none}: $(relation_get -)"
  juju_log "app: $(relation-get --app -r "$JUJU_RELATION_ID" - "$JUJU_REMOTE_APP")"
  relation_set seen="${JUJU_REMOTE_UNIT:-none}"
  if is_flag_set leadership.is_leader; then relation-set --app leader=me; fi
}

@hook update-status
function look() {
  juju_log "leader $(is-leader)"
  juju_log "version $JUJU_VERSION"
  juju_log "extra ${EXTRA-}"
  if is_flag_set kit.look.resource; then juju_log "resource $(cat "$(resource_get software)")"; fi
  if is_flag_set kit.look.secret; then juju_log "secret $(secret-get secret:"$(charms.reactive kv get secret)" 2>&1)"; fi
  if is_flag_set kit.look.service; then systemctl is-active kit || juju_log "service $?"; fi
}

@hook data-storage-attached
function take_storage() {
  juju_log "storage $JUJU_STORAGE_ID at $(storage_get location)"
}

@hook config-changed
function count_changes() {
  juju_log "port $(config_get port)"
  if is_flag_set kit.counting; then
    charms.reactive kv set count "$(($(charms.reactive kv get count || echo 0) + 1))"
    systemctl reload kit
  fi
}

@action backup
function back_up() {
  action_set file="$(action_get target)" nested.count="$(action-get --format=json count)"
  action_set tags="$(action-get --format=json tags)"
}

@action stop
function stop() {
  action_fail 'not now'
}

reactive_handler_main
BASH
}

# A unit of the charm, and a file for what it must find in resources.
new_unit() {
  charm_new "$kit_charm"
  stub systemctl
}

# Usage: assert_refused TEXT...
# What `run` has run failed with status 1 and said all of this on stderr and nothing on stdout.
assert_refused() {
  local text
  assert_equal "$status" 1
  for text; do assert_output --partial "$text"; done
}

# Usage: assert_block <TEXT
# The same, and it said exactly this, with blank lines around.
assert_block() {
  local expected
  expected=$(cat)
  assert_equal "$status" 1
  assert_equal "$output" $'\n'"$expected"
}

# Usage: bats_file <TESTS
# Run a test file of its own in real bats. Sets $status and $output, as `run` does.
bats_file() {
  {
    printf 'setup() { load %q; charm_new %q; }\n' "$BATS_TEST_DIRNAME/../shell/bats/load" "$kit_charm"
    cat
  } >"$BATS_TEST_TMPDIR/inner.bats"
  run env -u BATS_TEST_TMPDIR -u BATS_RUN_TMPDIR TMPDIR="$BATS_TEST_TMPDIR" \
    "$BATS_TEST_DIRNAME/../node_modules/bats/bin/bats" "$@" "$BATS_TEST_TMPDIR/inner.bats" 3>&- 4>&-
}
