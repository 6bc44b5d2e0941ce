#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Test the stub itself: transport, routes, options and faults. tests/api-client
# compares its answers with those of the real server.
#
# usage: tests/api/selftest.sh [API-STUB]      (default: $B/api-stub, B=build)
#
# Needs curl and jq. Prints TAP.

set -u

stub=${1:-${B:-build}/api-stub}
dir=$(mktemp -d) || exit 1
here=$(dirname "$0")

# shellcheck source=tests/api/selftest_lib.sh
. "$here/selftest_lib.sh"
# shellcheck source=tests/api/selftest_model.sh
. "$here/selftest_model.sh"
# shellcheck source=tests/api/selftest_tx.sh
. "$here/selftest_tx.sh"
# shellcheck source=tests/api/selftest_host.sh
. "$here/selftest_host.sh"
# shellcheck source=tests/api/selftest_faults.sh
. "$here/selftest_faults.sh"

echo "1..$((passed + failed))"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
