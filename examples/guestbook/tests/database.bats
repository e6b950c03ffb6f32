#!/usr/bin/env bats
# The relation to the database, and what follows from it.

setup() {
  load helpers
}

@test "it asks the database for a database of its own" {
  new_guestbook
  given_flag guestbook.installed
  given_relation db:1 --remote mysql
  run_event db-relation-joined
  assert_hook_success
  assert_relation_data db:1 database guestbook
  assert_status waiting
  refute_flag_set guestbook.database
}

@test "with a database it writes the configuration, restarts, and is active" {
  serving_guestbook
  assert_handlers_ran take_database configure restart report
  assert_rendered /etc/guestbook.conf - <<'TEXT'
[web]
port = 8080
title = Guestbook

[database]
host = 10.0.0.1
name = guestbook
TEXT
  assert_called systemctl restart guestbook --times 1
  assert_port_open 8080
  assert_status active 'Serving on port 8080'
  assert_no_warning
}

@test "while the database has no answer it goes on waiting" {
  new_guestbook
  given_flag guestbook.installed
  given_relation db:1 --remote mysql
  run_event db-relation-changed
  assert_hook_success
  assert_status waiting
  refute_handler_ran configure
  refute_called systemctl
}

@test "another host is another configuration" {
  serving_guestbook
  given_relation db:1 host=10.0.0.2
  run_event db-relation-changed
  assert_rendered /etc/guestbook.conf --partial 'host = 10.0.0.2'
  assert_called systemctl restart guestbook
}

@test "without its database it waits again" {
  serving_guestbook
  run_event db-relation-broken
  assert_hook_success
  refute_flag_set guestbook.database guestbook.configured
  assert_status waiting
}

@test "only the leader makes the schema, and only once" {
  serving_guestbook
  assert_called guestbook migrate
  run_event update-status
  refute_called guestbook
}

@test "another unit leaves the schema to the leader" {
  new_guestbook
  given_leader false
  given_flag guestbook.installed
  given_relation db:1 --remote mysql host=10.0.0.1
  run_event db-relation-changed
  assert_status active
  refute_called guestbook migrate
  refute_handler_ran make_schema
}
