#!/bin/bash
source charms.reactive.sh

@when 'apt.installed'
function configure_apache() {
  local port root
  port=$(config_get port)
  root=$(layer_option apache root)
  render_template 'site.conf.j2' '/etc/apache2/sites-enabled/000-default.conf'
  set_flag 'apache.available'
}

@when_file_changed '/etc/apache2/sites-enabled/000-default.conf'
function reload_apache() {
  systemctl reload apache2
}

@when 'endpoint.website.joined' 'apache.available'
function tell_website() {
  relation_call --endpoint website configure "$(config_get port)"
}

reactive_handler_main
