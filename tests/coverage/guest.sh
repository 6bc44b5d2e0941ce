#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# In the test VM: run a guest script, and leave the counts of the programs that it ran in
# /out/NAME.tar. They were written over the checkout, in the guest's memory.
#
# usage: tests/coverage/guest.sh NAME SCRIPT [ARG...]
name=$1
shift
checkout=$PWD
"$@"
status=$?
cd "$checkout" || exit 125
find "$HOSTTUNE_B" -name '*.gcda' >/run/vm/counts
tar -cf "/out/$name.tar.part" -T /run/vm/counts && mv "/out/$name.tar.part" "/out/$name.tar"
exit $status
