#!/bin/bash
source charms.reactive.sh

@when_not 'apt.installed'
function install_packages() {
  local packages
  mapfile -t packages < <(layer_option apt packages)
  status_set maintenance "Installing ${packages[*]}"
  apt-get install -y "${packages[@]}"
  set_flag 'apt.installed'
}

reactive_handler_main
