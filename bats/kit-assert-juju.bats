#!/usr/bin/env bats
# Assertions on what Juju knows of the unit: statuses, relation data, ports, version.

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
  new_unit
}

@test "assertions on statuses show which were set, and which handlers ran" {
  assert_status unknown
  run_event install
  assert_status active
  assert_status active 'ready: all is well'
  assert_status active -p ready
  assert_status active -e '^ready: .*well$'
  assert_status --app unknown
  refute_status waiting
  refute_status active 'ready'
  run assert_status waiting
  assert_block <<'TEXT'
-- status differs --
expected : waiting
actual   : active: ready: all is well
--

statuses in install: maintenance: Installing, active: ready: all is well
install:
  ran reactive/kit.sh:install_kit
    set kit.installed
  ran reactive/kit.sh:configure
TEXT
  run assert_status blocked -p database
  assert_refused '-- status differs --' 'expected : blocked, partial database' 'actual   : active: ready: all is well'
  run assert_status waiting 'for a database'
  assert_refused '-- status differs --' 'expected : waiting: for a database'
  run assert_status active 'all done'
  assert_refused '-- message of the status differs --' 'expected : all done' 'actual   : ready: all is well'
  run refute_status active
  assert_refused '-- unit has the status --' 'status : active: ready: all is well'
  run refute_status active -p well
  assert_refused '-- message of the status contains substring --'

  assert_status_history maintenance active
  assert_status_history 'maintenance: Installing' 'active: ready: all is well'
  refute_status_history blocked 'maintenance: Installed'
  run assert_status_history active
  assert_block <<'TEXT'
-- status history differs --
expected (1 lines):
  active
actual (2 lines):
  maintenance: Installing
  active: ready: all is well
--

install:
  ran reactive/kit.sh:install_kit
    set kit.installed
  ran reactive/kit.sh:configure
TEXT
  run refute_status_history maintenance
  assert_refused '-- unit had the status --'
  run_event start
  run assert_status_history --app active
  assert_refused 'actual   : (none)'
}

@test "assert_relation_data and refute_relation_data, of the unit and the application" {
  given_relation db:1 --remote mysql host=h
  refute_relation_data db:1 seen
  run_event db-relation-changed
  assert_relation_data db:1 seen
  assert_relation_data db:1 --unit seen mysql/0
  assert_relation_data db seen -p mysql
  assert_relation_data db:1 --app leader me
  refute_relation_data db:1 --app seen
  refute_relation_data db:1 seen mysql/1
  run assert_relation_data db:1 --app seen
  assert_refused '-- relation data is missing --' 'of       : application kit' 'data     : {"leader":"me"}'
  run assert_relation_data db:1 seen mysql/1
  assert_block <<'TEXT'
-- relation data differs --
relation : db:1
of       : unit kit/0
key      : seen
expected : mysql/1
actual   : mysql/0
--
TEXT
  run refute_relation_data db:1 seen
  assert_refused '-- relation data exists --' 'value    : mysql/0'
  run refute_relation_data db:1 seen -e '^mysql'
  assert_refused '-- relation data matches regular expression --'
  run assert_relation_data website:3 seen
  assert_refused 'assert_relation_data: there is no relation: website:3 (there are: db:1)'
}

@test "assertions on open ports and the version of the application" {
  run_event install
  assert_port_open 80
  assert_port_open 80/tcp
  refute_port_open 80/udp 443
  run assert_port_open 80 443
  assert_block <<'TEXT'
-- port is not open --
port : 443/tcp
open : 80/tcp
--
TEXT
  run refute_port_open 80
  assert_refused '-- port is open --' 'port : 80/tcp'
  run assert_port_open http
  assert_refused 'assert_port_open: invalid port "http"'

  assert_app_version 1.2
  refute_app_version 1.3
  run assert_app_version -p 1.3
  assert_refused '-- application version does not contain substring --' 'substring : 1.3' 'actual    : 1.2'
  run refute_app_version 1.2
  assert_refused '-- application version is equal, but it was expected to differ --' 'value : 1.2'
}
