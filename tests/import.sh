#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check the imports among the golden cases: what is printed is a valid profile, as text
# and as JSON; each comment of the file is in it; and on a host whose sysctls have the
# values of the file, an audit finds nothing to do.
set -u
LC_ALL=C
export LC_ALL
B=$(cd "${B:-build}" && pwd) || exit 2
H=$B/hosttune
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-import-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT

. tests/tap.sh

# Import the file of the case that is the working directory, with the options $@.
import() {
	input=/dev/null
	[ ! -f in ] || input=in
	# shellcheck disable=SC2046 # the command line of the case
	"$H" $(cat args) "$@" <"$input" 2>/dev/null
}

# The profile, or its part of the JSON output, is valid.
is_valid() { import | "$H" validate -; }
json_is_valid() { import -o json | jq -e .profile | "$H" validate -; }

# Each comment of the file is in the output, whatever marks it there.
has_comments() {
	import >"$work/out"
	tr -d '\r' <"$1" | sed -n 's/^[[:space:]]*[#;][#; ]*//p' | grep . >"$work/comments"
	while read -r comment; do
		grep -qF -e "$comment" "$work/out" || {
			echo "no comment: $comment"
			return 1
		}
	done <"$work/comments"
}

# Make $work/root, a host with the values that sysctl.conf(5) gives: of each key the last
# one. Lines that the import lists are not in it, by their numbers in $work/omitted.
make_host() {
	rm -rf "$work/root"
	mkdir -p "$work/root/proc/sys/kernel"
	echo 6.1.102 >"$work/root/proc/sys/kernel/osrelease"
	tr -d '\r' <"$1" | sed '1s/^\xef\xbb\xbf//' | awk -v root="$work/root/proc/sys/" '
	FILENAME != "-" { omitted[$1]; next }
	FNR in omitted || /^[ \t]*([#;]|$)/ || !/=/ { next }
	{
		key = $0
		sub(/[ \t]*=.*/, "", key)
		sub(/^[ \t]*-?[ \t]*/, "", key)
		value = $0
		sub(/^[^=]*=[ \t]*/, "", value)
		sub(/[ \t]+[#;].*|[ \t]+$/, "", value)
		if (match(key, /[.\/]/) && substr(key, RSTART, 1) == ".") {
			gsub(/\//, "\001", key)
			gsub(/\./, "/", key)
			gsub(/\001/, ".", key)
		}
		gsub(/\*/, "eth0", key)
		file[key] = value
	}
	END {
		for (key in file) {
			folder = root key
			sub(/\/[^\/]*$/, "", folder)
			system("mkdir -p \"" folder "\"")
			print file[key] >(root key)
		}
	}' "$work/omitted" -
}

is_in_sync() {
	import -o json | jq -r '.omitted[].line' >"$work/omitted"
	make_host "$1"
	import >"$work/profile.yaml"
	"$H" audit --no-api --root "$work/root" "$work/profile.yaml" || return
	# and it would find a difference
	find "$work/root/proc/sys/vm" -type f -exec sh -c 'echo 7 >"$1"' sh {} \; 2>/dev/null
	[ ! -d "$work/root/proc/sys/vm" ] ||
		! "$H" audit --no-api --root "$work/root" "$work/profile.yaml"
}

n=0
for case in tests/cases/import-*/; do
	what=$(basename "$case")
	# its output is JSON
	[ "$what" != import-json ] || continue
	case $(cat "$case/exit" 2>/dev/null) in '' | 1) ;; *) continue ;; esac
	cp -R "$case" "$work/case"
	cd "$work/case" || exit
	[ ! -f make.sh ] || sh ./make.sh
	check "$what is valid" is_valid
	check "$what as JSON is valid" json_is_valid
	for file in *.conf *.toml; do
		[ ! -f "$file" ] || check "$what has the comments of $file" has_comments "$file"
	done
	case $what in
	import-sysctl-*)
		for file in *.conf in; do
			[ ! -f "$file" ] || check "$what has the values of $file" is_in_sync "$file"
		done
		;;
	esac
	cd - >/dev/null || exit
	rm -rf "$work/case"
	n=$((n + 1))
done
check "there are 20 imports" test "$n" -ge 20
