# shellcheck shell=bash
# What holds before the next event. Each function may be called again, also between two events.

# Usage: given_flag FLAG...
# Flags that are set.
given_flag() { _reactive_kit given_flag "$@"; }

# Usage: given_no_flag FLAG...
# Flags that are not set: what an earlier event or given_flag has set is cleared.
given_no_flag() { _reactive_kit given_no_flag "$@"; }

# Usage: given_kv KEY=VALUE...
# Key/value data of the charm; a value is JSON if it parses, else text.
given_kv() { _reactive_kit given_kv "$@"; }

# Usage: given_config OPTION=VALUE... | --default OPTION
# Options as the operator sets them, or takes them back to their default.
given_config() { _reactive_kit given_config "$@"; }

# Usage: given_leader [true|false]
# Whether the unit leads its application. It does unless the test says otherwise.
given_leader() { _reactive_kit given_leader "$@"; }

# Usage: given_relation ID [--remote APP] [--unit UNIT] [--app] [KEY=VALUE...]
# A relation, and the data of a unit of the other application (the first one), or of that itself with --app.
# Example: given_relation db:1 --remote mysql host=10.0.0.1 user=app
given_relation() { _reactive_kit given_relation "$@"; }

# Usage: given_peer ID [--unit UNIT] [--app] [KEY=VALUE...]
# A peer relation, and the data of another unit of the application (the next one), or of the application.
given_peer() { _reactive_kit given_peer "$@"; }

# Usage: given_storage ID LOCATION [--block]
# An instance of a storage, data/0 for example. The directory of a filesystem is made below the unit's root.
given_storage() { _reactive_kit given_storage "$@"; }

# Usage: given_secret [--id ID] [--label LABEL] [--owner unit|application|APP] KEY=VALUE...
# A secret. It belongs to the application unless the test says otherwise.
given_secret() { _reactive_kit given_secret "$@"; }

# Usage: given_state FILE | -
# Whatever the state file says, in YAML or JSON; what it does not say stays.
given_state() { _reactive_kit given_state "$@"; }

# Usage: given_resource NAME FILE
# A resource, with the file that resource-get names.
given_resource() { _reactive_kit given_resource "$@"; }

# Usage: given_file FILE [--mode MODE] [--from SOURCE | TEXT | -]
# A file with that text, or a copy of a file or directory; a name that ends with / is a directory. Absolute names
# are below the unit's root, others in its copy of the charm.
given_file() { _reactive_kit given_file "$@"; }

# Usage: given_juju_version VERSION
# The Juju that runs the unit: it decides about hook tools and environment.
given_juju_version() { _reactive_kit given_juju_version "$@"; }

# Usage: stub [--exit STATUS] [--output TEXT] [--stderr TEXT] [--run SCRIPT] [--times N] [--strict]
#        [--glob|--regexp] [--partial] COMMAND [WORD...]
# Put a stand-in for a command of the machine on the PATH of the charm's processes. It notes its calls and
# succeeds, unless the options say otherwise for calls with these words. The last stub whose words fit answers,
# with --times only so often. --glob and --regexp compare each word; --partial lets more words follow. Stubs
# with --strict expect their calls, and no others: the end of the test verifies that.
# Example: stub --exit 3 systemctl is-active app
stub() { _reactive_kit stub "$@"; }

# Usage: allow_command COMMAND...
# Let the charm run the machine's own command, although it changes a machine (apt-get, systemctl, mount, ...).
allow_command() { _reactive_kit allow_command "$@"; }
