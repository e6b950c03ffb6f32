#!/bin/bash
source charms.reactive.sh

register_trigger --when_not 'endpoint.{endpoint_name}.joined' --clear_flag '{endpoint_name}.available'

@when 'endpoint.{endpoint_name}.changed'
function look_for_database() {
  # shellcheck disable=SC2154 # set by the engine
  if [[ -n $(endpoint_get "$endpoint_name" host) ]]; then
    set_flag "$endpoint_name.available"
  else
    clear_flag "$endpoint_name.available"
  fi
  clear_flag "endpoint.$endpoint_name.changed"
}

@method
function host() {
  endpoint_get "$endpoint_name" host
}

reactive_handler_main
