#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Print docs/demo.svg: the steps of `make demo` as a terminal shows them, one after the other,
# from its recorded output docs/demo.txt. `make docs` runs it.
#
# usage: docs/demo.sh >docs/demo.svg
set -eu
here=$(cd "$(dirname "$0")" && pwd)
awk -f "$here/terminal.awk" -f "$here/demo.awk" "$here/demo.txt"
