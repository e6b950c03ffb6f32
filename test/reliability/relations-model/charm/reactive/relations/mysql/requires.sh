#!/bin/bash
# An interface layer in bash, for several endpoints.

source charms.reactive.sh
# shellcheck source=/dev/null
source lib/plan.sh

@hook '{requires:mysql}-relation-{joined,changed}'
function hooked() {
  follow "$endpoint_name.hooked" "$endpoint_name"
}

@when 'endpoint.{endpoint_name}.joined'
function joined() {
  follow "$endpoint_name.joined" "$endpoint_name"
}

@when 'endpoint.{endpoint_name}.changed'
function changed() {
  follow "$endpoint_name.changed" "$endpoint_name"
}

@when 'endpoint.{endpoint_name}.changed.host'
function host_changed() {
  follow "$endpoint_name.host_changed" "$endpoint_name"
}

@when 'endpoint.{endpoint_name}.departed'
function departed() {
  follow "$endpoint_name.departed" "$endpoint_name"
}

reactive_handler_main
