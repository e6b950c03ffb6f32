#!/usr/bin/env bats
# Run on the built charm: bats build/my-app/tests

setup() {
  bats_require_minimum_version 1.5.0
  load "${REACTIVE_BATS:?set it to the directory shell/bats of charms.reactive}/load"
  charm_new "$BATS_TEST_DIRNAME/.."
  stub apt-get
  stub dpkg-query
  stub systemctl
  stub unzip
}

@test "all layers do their part: packages, Apache, the application" {
  run_event install
  assert_called apt-get install -y apache2
  assert_rendered /etc/apache2/sites-enabled/000-default.conf --partial 'DocumentRoot /var/www/html'
  assert_called systemctl reload apache2
  assert_status waiting 'Waiting for a database'

  given_relation db:1 --remote mysql host=10.0.0.1
  run_event db-relation-changed
  assert_hook_success
  assert_rendered /etc/my-app/database.ini - <<<'host = 10.0.0.1'
  assert_status active 'Serving with the database on 10.0.0.1'

  given_relation website:2 --remote haproxy
  run_event website-relation-joined
  assert_relation_data website:2 port 80
}
