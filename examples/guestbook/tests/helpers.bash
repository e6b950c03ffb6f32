# shellcheck shell=bash
# What every test file of the charm begins with.

# A unit that was just deployed, on a machine whose commands are stubs.
new_guestbook() {
  bats_require_minimum_version 1.5.0
  load "${REACTIVE_BATS:-$BATS_TEST_DIRNAME/../../../shell/bats}/load"
  charm_new "$BATS_TEST_DIRNAME/.."
  stub apt-get
  stub systemctl
  stub guestbook
  stub --output 1.4.2 guestbook --version
  stub mysqldump
}

# One that is installed, and serves with a database on 10.0.0.1.
serving_guestbook() {
  new_guestbook
  given_flag guestbook.installed
  given_relation db:1 --remote mysql host=10.0.0.1
  run_event db-relation-changed
  assert_hook_success
}
