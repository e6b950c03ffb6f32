#!/bin/bash
source charms.reactive.sh

@when 'apache.available'
@when_not 'my-app.unpacked'
function unpack() {
  unzip -o files/my-app.zip -d "$(layer_option apache root)"
  set_flag 'my-app.unpacked'
}

@when 'db.available' 'my-app.unpacked'
function connect() {
  local host
  host=$(relation_call --endpoint db host)
  render_template 'database.ini.j2' '/etc/my-app/database.ini'
  status_set active "Serving with the database on $host"
}

@when_not 'db.available'
function wait_for_database() {
  status_set waiting 'Waiting for a database'
}

reactive_handler_main
