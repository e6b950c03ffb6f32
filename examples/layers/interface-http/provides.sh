#!/bin/bash
source charms.reactive.sh

# Tell all who are related the port.
@method
function configure() {
  local id
  # shellcheck disable=SC2154 # set by the engine
  for id in $(relation_ids "$endpoint_name"); do
    relation_set -r "$id" "hostname=$(unit_get private-address)" "port=$1"
  done
}

reactive_handler_main
