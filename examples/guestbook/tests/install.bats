#!/usr/bin/env bats
# From the deployment until the unit waits for its database.

setup() {
  load helpers
  new_guestbook
}

@test "it installs the package and then waits for the database" {
  run_event install
  assert_hook_success
  assert_called apt-get install -y guestbook --times 1
  assert_app_version 1.4.2
  assert_flag_set guestbook.installed
  assert_status_history maintenance 'waiting: Waiting for the database'
  refute_file /etc/guestbook.conf
  refute_called systemctl
}

@test "an installation that fails is tried again" {
  stub --times 1 --exit 100 --stderr 'E: Unable to locate package guestbook' apt-get
  run_event install
  assert_hook_failure 100
  assert_log ERROR -p 'apt-get install -y guestbook'
  [[ $stderr == *"Unable to locate package guestbook"* ]]
  assert_state_unchanged flags kv

  run_event install
  assert_hook_success
  assert_flag_set guestbook.installed
}

@test "a machine that dies in the middle of the installation does it again" {
  kill_during apt-get
  run_event install
  assert_hook_failure 137
  refute_flag_set guestbook.installed

  run_event install
  assert_hook_success
  assert_called apt-get install -y guestbook
  assert_flag_set guestbook.installed
}

@test "an upgrade of the charm installs again, and keeps on serving" {
  given_flag guestbook.installed guestbook.schema
  given_relation db:1 --remote mysql host=10.0.0.1
  run_events db-relation-changed upgrade-charm
  assert_hook_success
  assert_handler_order take_database restart install_again install_guestbook
  assert_called systemctl restart guestbook --times 1
  assert_status active
}

@test "lint finds no mistake in it" {
  assert_lint_clean --strict
}
