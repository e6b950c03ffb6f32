# shellcheck shell=bash
# Sourced by `charms.reactive` before the first hook of a charm that carries the toolkit, and before the next one when
# a file of it has changed: compares all files with their checksums, and writes /usr/local/sbin/charm-env.

# Usage: _reactive_compare TOOLKIT
# Refuse a toolkit with a file that is not as it was packed.
_reactive_compare() {
  local file failures
  failures=$(cd "$1" && sha256sum --check --quiet --strict checksums 2>/dev/null) || {
    failures=${failures%%:*}
    _reactive_give_up 'a file of the toolkit is damaged' "$1/${failures:-checksums}"
  }
  for file in "$1"/shell/*; do
    [[ $file == *.sh || -d $file || -x $file ]] || _reactive_give_up 'a file of the toolkit is not executable' "$file"
  done
}

# Usage: _reactive_write_charm_env SOURCE
# Many scripts name /usr/local/sbin/charm-env as their interpreter, since layer:basic writes one. It goes on for the
# charms of layer:basic on this machine; whatever else stands there is kept.
_reactive_write_charm_env() {
  local target=/usr/local/sbin/charm-env basic=/usr/local/lib/charms.reactive/layer-basic old='' name
  [[ ! -f $target ]] || old=$(<"$target")
  case $old in
  "$(<"$1")") return ;;
  '') [[ ! -e $target && ! -L $target ]] || return 0 ;;
  *'# charms.reactive charm-env, form 1'*) ;;
  *find_charm_dirs*try_activate_venv*)
    mkdir -p "$basic" && cp "$target" "$basic/charm-env" && chmod 0755 "$basic/charm-env" || return
    for name in charms.reactive charms.reactive.sh chlp layer_option; do
      ln -sfn charm-env "$basic/$name"
    done
    ;;
  *) return 0 ;;
  esac
  mkdir -p "${target%/*}" && cp "$1" "$target.$$" && chmod 0755 "$target.$$" && mv -f "$target.$$" "$target" || return
  [[ -e ${target%/*}/charms.reactive || -L ${target%/*}/charms.reactive ]] || ln -s charm-env "${target%/*}/charms.reactive"
}

_reactive_compare "${_reactive_home%/*}"
# charmcraft leaves hidden files of the charm dir out of the charm, so its plugin has the toolkit and this one below hooks/.
case ${_reactive_home%/*} in
*/hooks/.reactive)
  [[ ! -e ${_reactive_home%/*/*}/.build.manifest ]] ||
    cp "${_reactive_home%/*/*}/.build.manifest" "${_reactive_home%/hooks/.reactive/*}/.build.manifest"
  ;;
esac
# Nothing of a simulated unit gets onto the machine.
if [[ -z ${CHARMS_REACTIVE_ROOT-} ]]; then
  _reactive_write_charm_env "$_reactive_home/machine/charm-env" ||
    printf 'charms.reactive: the file cannot be written: %s\n' /usr/local/sbin/charm-env >&2
fi
: >"${_reactive_home%/*}/checked"
