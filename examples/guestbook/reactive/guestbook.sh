#!/bin/bash
source charms.reactive.sh

@when_not 'guestbook.installed'
function install_guestbook() {
  status_set maintenance 'Installing guestbook'
  apt-get install -y guestbook
  application_version_set "$(guestbook --version)"
  set_flag 'guestbook.installed'
}

@hook 'upgrade-charm'
function install_again() {
  clear_flag 'guestbook.installed'
}

@hook 'db-relation-joined'
function ask_for_database() {
  relation_set database=guestbook
}

@hook 'db-relation-changed'
function take_database() {
  local host
  host=$(relation_get host)
  # The database answers when it has made ours.
  [[ -n $host ]] || return 0
  charms.reactive kv set db.host "$host"
  set_flag 'guestbook.database'
  clear_flag 'guestbook.configured'
}

@hook 'db-relation-broken'
function lose_database() {
  clear_flag 'guestbook.database'
  clear_flag 'guestbook.configured'
}

@when 'guestbook.database' 'guestbook.installed' 'leadership.is_leader'
@when_not 'guestbook.schema'
function make_schema() {
  guestbook migrate
  set_flag 'guestbook.schema'
}

@when 'config.changed'
function configure_again() {
  clear_flag 'guestbook.configured'
}

@when 'guestbook.database' 'guestbook.installed'
@when_not 'guestbook.configured'
function configure() {
  local port title host
  port=$(config_get port)
  title=$(config_get title)
  host=$(charms.reactive kv get db.host)
  render_template 'guestbook.conf.j2' '/etc/guestbook.conf'
  open_port "$port"
  set_flag 'guestbook.configured'
}

@when_file_changed '/etc/guestbook.conf'
function restart() {
  systemctl restart guestbook
}

@when_not 'guestbook.database'
function wait_for_database() {
  status_set waiting 'Waiting for the database'
}

@when 'guestbook.configured'
function report() {
  status_set active "Serving on port $(config_get port)"
}

@action 'backup'
function back_up() {
  local target
  target=$(action_get target)
  if ! is_flag_set 'guestbook.configured'; then
    action_fail 'There is no database yet'
    return 0
  fi
  mysqldump --result-file="$target" guestbook
  action_set file="$target"
}

reactive_handler_main
