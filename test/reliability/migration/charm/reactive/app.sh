#!/bin/bash
# Each handler says that it ran; what it does else is the least that lets the unit settle. The original finds
# functions that have lines of their own only.
source charms.reactive.sh

function ran() { echo "$1" >>"$CHARM_DIR/ran"; }

@hook install
function on_install() {
  ran on_install
  set_flag app.installed
}

@hook 'config-changed'
function on_config_changed() {
  ran on_config_changed
}

@hook 'upgrade-charm'
function on_upgrade() {
  ran on_upgrade
}

@only_once
function bare_once() {
  ran bare_once
}

@only_once
@when 'app.installed'
function once_installed() {
  ran once_installed
}

@only_once
@when 'db.available'
function once_db() {
  ran once_db
}

@only_once
@when 'app.never'
function once_never() {
  ran once_never
}

@when_file_changed app.conf
function file_changed() {
  ran file_changed
}

@when 'app.installed'
@when_file_changed other.conf
function files_changed() {
  ran files_changed
}

@when_file_changed missing.conf
function missing_changed() {
  ran missing_changed
}

@when 'config.changed'
function config_changed() {
  ran config_changed
}

@when 'config.changed.port'
function port_changed() {
  ran port_changed
}

@when_any 'config.changed.name' 'config.changed.ratio' 'config.changed.unset'
function others_changed() {
  ran others_changed
}

@when 'config.set.port'
@when_not 'config.default.port'
function port_chosen() {
  ran port_chosen
}

@when 'config.default.debug' 'app.installed'
function debug_default() {
  ran debug_default
}

@when 'leadership.changed'
function leadership_changed() {
  ran leadership_changed
}

@when 'db.connected'
@when_not 'db.available'
function db_waits() {
  ran db_waits
}

@when 'db.available' 'config.changed'
function db_configures() {
  ran db_configures
}

@when_not 'db.available'
function no_db() {
  ran no_db
}

@when 'cache.connected'
function cache_connected() {
  ran cache_connected
}

@when 'queue.connected' 'app.installed'
function queue_connected() {
  ran queue_connected
}

@when 'endpoint.web.joined'
@when_not 'web.known'
function web_unknown() {
  ran web_unknown
  set_flag web.known
}

@when 'endpoint.web.changed'
function web_changed() {
  ran web_changed
  clear_flag endpoint.web.changed
}

@when 'endpoint.web.changed.port'
function web_port_changed() {
  ran web_port_changed
  clear_flag endpoint.web.changed.port
}

@when_any 'endpoint.web.changed.tls' 'endpoint.web.changed.weights' 'endpoint.web.changed.text'
function web_others_changed() {
  ran web_others_changed
  clear_flag endpoint.web.changed.tls
  clear_flag endpoint.web.changed.weights
  clear_flag endpoint.web.changed.text
}

@when 'endpoint.web.departed'
function web_departed() {
  ran web_departed
}

@when_not_all 'app.installed' 'app.never'
function not_all() {
  ran not_all
}

reactive_handler_main
