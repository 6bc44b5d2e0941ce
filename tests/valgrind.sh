#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run golden cases under valgrind: it sees reads of uninitialised memory, also those inside of the
# libraries, and memory that is never released.
#
# usage: tests/valgrind.sh [CASE...]      (default: a dozen; HOSTTUNE_FULL: all that can run)
#
# Debian 12's valgrind has no openat2, by which hosttune opens all files of a host: with it, only
# cases without a host can run. HOSTTUNE_FULL fetches one that has it (tests/vm/valgrind.list).
set -u
cd "$(dirname "$0")/.." || exit 1
B=${B:-build}
newer=
if [ "${HOSTTUNE_FULL:-}" ] && ! newer=$(realpath "$(tests/vm/fetch-valgrind)"); then
	echo "ok - a valgrind that has openat2 # SKIP it cannot be fetched"
	newer=
fi
if [ "$newer" ]; then
	valgrind="/usr/bin/env VALGRIND_LIB='$newer/usr/libexec/valgrind' '$newer/usr/bin/valgrind.bin'"
elif ! valgrind=$(command -v valgrind); then
	echo "ok - valgrind # SKIP valgrind: command not found"
	exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# a finding changes the exit status, and the log shows it
cat >"$work/hosttune" <<EOF
#!/bin/sh
PATH='$(cd "$B" && pwd)/valgrind' exec $valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \\
	--errors-for-leak-kinds=definite,indirect --child-silent-after-fork=yes \\
	--log-file='$work'/log.%p hosttune "\$@"
EOF
chmod 755 "$work/hosttune"

# The cases that can run: those without a host, and those of the main commands with one. One of
# 10,000 reports takes too long.
able() {
	for dir in tests/cases/*/; do
		name=$(basename "$dir")
		case $name in *-ten-thousand*) continue ;; esac
		if [ -d "$dir/root" ] && [ "$newer" ] && ! grep -qsE -- '&|;|\|' "$dir/args"; then
			case $name in apply* | audit* | capture* | diagnose* | revert*) echo "$name" ;; esac
			continue
		fi
		if [ -d "$dir/root" ] || ! [ -f "$dir/args" ]; then continue; fi
		grep -qE -- '--root|--bundle|^(apply|watch|collect)|&|;' "$dir/args" || echo "$name"
	done
}

if [ $# -eq 0 ] && [ "${HOSTTUNE_FULL:-}" ]; then
	# shellcheck disable=SC2046 # names without blanks
	set -- $(able)
elif [ $# -eq 0 ]; then
	set -- baseline-compare baseline-bad-json diagnose-log explain-key import-bottlerocket-toml \
		import-tuned-sections report schema show-json userdata-native userdata-toml usage-no-command
fi
B=$work tests/cases/run.sh "$@"
status=$?
# what valgrind itself lacks is no finding
find "$work" -name 'log.*' -size +0 -exec grep -hvE 'WARNING: unhandled|write your own handler|README_MISSING|Nevertheless we|bugs.html|bug_reports' {} + | sed 's/^/# /'
exit $status
