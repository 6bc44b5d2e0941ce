#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The version stands in the Makefile, and the programs and packages get it from there. Texts
# that name it too must name the same one.
#
# usage: tests/lint/version.sh [HOSTTUNE]        HOSTTUNE: its --version is compared, too
set -u
cd "$(dirname "$0")/../.." || exit 2
version=$(sed -n 's/^VERSION *:= *//p' Makefile)
failed=0

wrong() {
	echo "$1 (the Makefile has $version)"
	failed=1
}

[ -n "$version" ] || wrong "Makefile: no VERSION"
newest=$(sed -n 's/^## \([0-9][^ ]*\).*/\1/p' CHANGELOG.md | head -n 1)
[ "$newest" = "$version" ] || wrong "CHANGELOG.md: the newest version is \"$newest\""
page=$(sed -n 's/^\.TH .*"hosttune \([^"]*\)".*/\1/p' packaging/hosttune.8)
[ "$page" = "$version" ] || wrong "packaging/hosttune.8: is of version \"$page\""
if [ $# -gt 0 ]; then
	said=$("$1" --version)
	[ "$said" = "hosttune $version" ] || wrong "$1 --version prints \"$said\""
fi
# hosttune:0.1.0 and newTag: 0.1.0, in what users copy
for named in $(git ls-files README.md docs packaging cmd lib |
	xargs sed -n 's/.*hosttune:\([0-9][0-9.]*[0-9]\).*/\1/p; s/.*newTag: *\([0-9][0-9.]*[0-9]\).*/\1/p' | sort -u); do
	[ "$named" = "$version" ] || wrong "$(git grep -nE "(hosttune:|newTag: *)$named" README.md docs packaging cmd lib)"
done
exit $failed
