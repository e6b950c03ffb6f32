#!/bin/bash
# The endpoint `plain` has no interface layer: the charm itself reacts to its flags.

source charms.reactive.sh
# shellcheck source=/dev/null
source lib/plan.sh

@when_not 'never'
function every() {
  follow bash.every
}

@when 'endpoint.plain.joined'
function plain_joined() {
  follow plain.joined plain
}

@when 'endpoint.plain.changed'
function plain_changed() {
  follow plain.changed plain
}

@when 'endpoint.plain.departed'
function plain_departed() {
  follow plain.departed plain
}

reactive_handler_main
