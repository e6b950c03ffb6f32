#!/bin/bash
# The interface layer pgsql, in the role of the charm that requires a database: its flags, and its method.
source charms.reactive.sh

register_trigger --when_not 'endpoint.{endpoint_name}.joined' --clear_flag '{endpoint_name}.database.available'

@when 'endpoint.{endpoint_name}.changed'
function look_for_database() {
    if [[ -n $(endpoint_get "$endpoint_name" host) ]]; then
        set_flag "$endpoint_name.database.available"
    else
        clear_flag "$endpoint_name.database.available"
    fi
    clear_flag "endpoint.$endpoint_name.changed"
}

@method
function connection_string() {
    printf 'host=%s user=%s' "$(endpoint_get "$endpoint_name" host)" "$(endpoint_get "$endpoint_name" user)"
}

reactive_handler_main
