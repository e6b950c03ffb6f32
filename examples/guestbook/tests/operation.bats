#!/usr/bin/env bats
# What the operator does with a unit that serves.

setup() {
  load helpers
  serving_guestbook
}

@test "another port is another configuration, and a restart" {
  given_config port=80
  run_event config-changed
  assert_hook_success
  assert_rendered /etc/guestbook.conf --partial $'port = 80\n'
  assert_called systemctl restart guestbook --times 1
  assert_port_open 80
  assert_status active --partial 'port 80'
}

@test "a hook in which nothing is new changes nothing and restarts nothing" {
  run_event update-status
  assert_hook_success
  refute_handler_ran configure restart
  assert_idempotent
}

@test "a restart that fails fails the hook, and is tried again" {
  stub --times 1 --exit 1 systemctl restart guestbook
  given_config title=Visitors
  run_event config-changed
  assert_hook_failure 1
  assert_log ERROR --partial 'reactive/guestbook.sh:restart'

  run_event config-changed
  assert_hook_success
  assert_called systemctl restart guestbook --times 1
  assert_file /etc/guestbook.conf --partial 'title = Visitors'
}

@test "a machine that dies behind the new configuration restarts with it" {
  given_config title=Visitors
  kill_during configure
  run_event config-changed
  assert_hook_failure 137
  assert_state_unchanged flags kv

  run_event config-changed
  assert_hook_success
  assert_called systemctl restart guestbook --times 1
}

@test "a backup is a file, whose name the operator reads" {
  run_action backup target=/srv/guestbook.sql
  refute_action_failed
  assert_called mysqldump --result-file=/srv/guestbook.sql guestbook
  assert_action_result file /srv/guestbook.sql
}

@test "a backup that fails is a failed action, and the unit goes on" {
  stub --exit 2 --stderr 'mysqldump: Got error: 2003' mysqldump
  run_action backup
  assert_action_failed
  refute_action_result file
  run_event update-status
  assert_status active
}

@test "without a database there is nothing to back up" {
  run_event db-relation-broken
  run_action backup
  assert_action_failed 'There is no database yet'
  refute_called mysqldump
}
