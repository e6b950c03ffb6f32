# shellcheck shell=bash
# The assertions of bats-support and bats-assert, without the process that each of their files starts to find itself.
for assertions in "$BATS_TEST_DIRNAME"/../node_modules/bats-{support,assert}/src/*.bash; do
  # shellcheck disable=SC1090
  source "$assertions"
done
