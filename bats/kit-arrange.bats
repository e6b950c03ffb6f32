#!/usr/bin/env bats
# given_...: what holds before an event reaches the charm, and what makes no sense is refused by one line.

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
  new_unit
}

@test "given_flag sets flags, also such with spaces, and a handler sees them; given_no_flag clears what was set before" {
  given_flag kit.fail 'two words' -- --odd
  assert_flags_equal -- --odd kit.fail 'two words'
  run_event start
  assert_hook_failure 7
  run given_flag $'two\nlines'
  assert_refused 'given_flag: a flag name has no control characters: "two\nlines"'
  run given_flag
  assert_refused 'given_flag: too few words, the usage is: given_flag FLAG...'
  run given_flag --all x
  assert_refused 'given_flag: unknown option: --all'
  given_no_flag -- --odd 'two words'
  given_flag kit.fail kit.other
  given_no_flag kit.fail
  run_event start
  assert_hook_success
  assert_flags_equal kit.other
  run given_no_flag ''
  assert_refused 'given_no_flag: a flag needs a name'
}

@test "given_kv sets data of the charm, as JSON where it parses" {
  given_kv count=41 'text=a b' 'map={"a": [1]}'
  assert_kv count 41
  assert_kv text 'a b'
  assert_kv map '{"a":[1]}'
  given_flag kit.counting
  run_event config-changed
  assert_kv count 42
  run given_kv novalue
  assert_refused 'given_kv: expected KEY=VALUE: novalue'
}

@test "given_config sets options of their types, and back to their default" {
  given_config port=8080 'title=A title'
  run_event config-changed
  assert_log INFO 'port 8080'
  given_config --default port
  run_event config-changed
  assert_log INFO 'port 80'
  run given_config port=http
  assert_refused 'given_config: option port must be of type int: "http"'
  run given_config colour=red
  assert_refused 'given_config: the charm has no such option: colour'
}

# bats test_tags=full
@test "given_leader decides who leads" {
  run_event update-status
  assert_log INFO 'leader True'
  given_leader false
  run_event update-status
  assert_log INFO 'leader False'
  run given_leader yes
  assert_refused 'given_leader: expected true or false: yes'
}

@test "given_relation makes relations, with data of units and of the other application" {
  given_relation db:1 --remote mysql host=10.0.0.1 'user=a b'
  given_relation db:1 --unit mysql/3 host=10.0.0.3
  given_relation db:1 --app version=8
  run_event db-relation-changed --relation db:1 --unit mysql/3
  assert_log INFO -p 'unit mysql/3: host: 10.0.0.3'
  assert_log INFO -p 'app: version: "8"'
  run_event db-relation-changed
  assert_log INFO -p 'user: a b'
  run given_relation database:2 host=x
  assert_refused 'given_relation: the charm has no such endpoint: database'
  run given_relation db host=x
  assert_refused 'given_relation: a relation is written ENDPOINT:NUMBER: db'
  run given_relation db:1 --unit pgsql/0 host=x
  assert_refused 'given_relation: the unit is not of mysql, the other application of db:1: pgsql/0'
  run given_relation website:1
  assert_refused 'given_relation: the number is taken by db:1: website:1'
  run given_relation cluster:2
  assert_refused 'given_relation: use given_peer for a peer relation: cluster:2'
}

# bats test_tags=full
@test "given_peer makes other units of the application" {
  given_peer cluster:1 address=10.0.0.11
  given_peer cluster:1 --unit kit/5 address=10.0.0.15
  run_event cluster-relation-changed --unit kit/5
  assert_log INFO -p 'unit kit/5: address: 10.0.0.15'
  run_event cluster-relation-changed
  assert_log INFO -p 'unit kit/1: address: 10.0.0.11'
  run given_peer db:2
  assert_refused 'given_peer: use given_relation, this is not a peer relation: db:2'
}

# bats test_tags=full
@test "given_storage makes storage that a hook finds" {
  given_storage data/0 /srv/data
  [[ -d $unit_root/srv/data ]]
  run_event data-storage-attached --storage data/0
  assert_log INFO 'storage data/0 at /srv/data'
  given_storage disk/1 /dev/vdb --block
  [[ ! -e $unit_root/dev/vdb ]]
  run given_storage data /srv/data
  assert_refused 'given_storage: a storage is written NAME/NUMBER: data'
}

@test "given_secret makes a secret that the charm reads" {
  given_secret --id aaaaaaaaaaaaaaaaaaa0 --label password value=s3cret
  given_kv secret=aaaaaaaaaaaaaaaaaaa0
  given_flag kit.look.secret
  run_event update-status
  assert_log INFO -p 'secret value: s3cret'
  run given_secret --id short value=x
  assert_refused 'given_secret: the id of a secret is twenty letters (a to v) and digits: short'
}

@test "given_state takes over what a state file says, and keeps the rest" {
  given_config title=Kept
  cat >"$BATS_TEST_TMPDIR/state.yaml" <<'YAML'
leader: false
flags: [kit.installed]
config: {port: 8081, title: Kept}
relations: [{id: 'db:7', remote_units: {mysql/0: {host: h}}}]
YAML
  given_state "$BATS_TEST_TMPDIR/state.yaml"
  run_event db-relation-changed --relation db:7
  assert_flag_set kit.installed
  assert_log INFO -p 'unit mysql/0: host: h'
  assert_file /etc/kit/kit.conf 'title = Kept'
  given_state - <<<'{"leader": true}'
  run_event config-changed
  assert_log INFO 'port 8081'
  run given_state "$BATS_TEST_TMPDIR/none.yaml"
  assert_refused "given_state: the file does not exist, or is empty: $BATS_TEST_TMPDIR/none.yaml"
  run given_state - <<<'colour: red'
  assert_refused 'given_state: state has no such key: colour'
  run given_state - <<<'unit: kit/9'
  assert_refused 'given_state: the unit is kit/0: call charm_new with --unit kit/9'
}

# bats test_tags=full
@test "given_state takes what state export has written of another unit" {
  given_file --mode 755 reactive/export.sh - <<'BASH'
#!/bin/bash
source charms.reactive.sh
@hook stop
function export_state() {
  charms.reactive state export >"$CHARM_DIR/state.yaml"
}
reactive_handler_main
BASH
  given_relation db:4 --remote mysql host=h
  given_config title=Exported
  run_events install stop
  assert_hook_success
  cp "$charm_dir/state.yaml" "$BATS_TEST_TMPDIR/state.yaml"
  new_unit
  given_state "$BATS_TEST_TMPDIR/state.yaml"
  assert_flag_set kit.installed
  assert_kv answer 42
  assert_status active
  assert_port_open 80
  run_event db-relation-changed --relation db:4
  assert_log INFO -p 'unit mysql/0: host: h'
  refute_handler_ran configure
}

# bats test_tags=full
@test "given_resource hands a file to the charm" {
  echo contents >"$BATS_TEST_TMPDIR/software.tgz"
  given_resource software "$BATS_TEST_TMPDIR/software.tgz"
  given_flag kit.look.resource
  run_event update-status
  assert_log INFO 'resource contents'
  run given_resource software "$BATS_TEST_TMPDIR/none"
  assert_refused "given_resource: the file does not exist: $BATS_TEST_TMPDIR/none"
}

# bats test_tags=full
@test "given_file makes files of the unit and of the charm" {
  given_file /etc/old.conf 'one line'
  assert_equal "$(<"$unit_root/etc/old.conf")" 'one line'
  given_file --mode 600 /root/key - <<<$'two\nlines'
  assert_file /root/key --mode 600 $'two\nlines'
  given_file templates/kit.conf.j2 'other = {{ title }}'
  given_flag kit.installed
  run_event config-changed
  assert_file /etc/kit/kit.conf 'other = Kit'
  given_file /srv/data/
  assert [ -d "$unit_root/srv/data" ]
  given_file /srv/data --from "$kit_charm/templates"
  assert_file /srv/data/kit.conf.j2 'title = {{ title }}'
  run given_file /srv/data --from /nowhere
  assert_refused 'given_file: the file does not exist: /nowhere'
  run given_file /srv/data --from "$kit_charm" text
  assert_refused 'given_file: a copy or a directory has no text: /srv/data'
  run given_file ../../x text
  assert_refused 'given_file: the file is outside of the unit: ../../x'
  run given_file /x --mode rw
  assert_refused 'given_file: a mode is octal, like 644: rw'
}

# bats test_tags=full
@test "given_juju_version is another Juju, with other tools" {
  given_juju_version 2.9.42
  run_event update-status
  assert_log INFO 'version 2.9.42'
  given_flag kit.look.secret
  given_kv secret=x
  run_event update-status
  assert_log INFO -p 'secret-get: command not found'
  assert_hook_failure
  run given_juju_version latest
  assert_refused 'given_juju_version: not a version of Juju: latest'
}
